"""What comes back for a mail is read in the forms of those who send it back, and anything else is said to be nothing of the kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.returns import FORMS, bounce, complaint
from omtanke.channels.email.returned import Bounce, Complaint, NotReturned, read_returned

TO = "returns+abc@butiken.example"
SHORT = b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n%s\n%s\n--b--\n"


def report(fields: str, more: str = "") -> bytes:
    return SHORT % (more.encode(), fields.encode())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("status", "code", "action", "is_address"),
    [
        ("5.1.1", "550", "failed", True),
        ("5.1.10", "550", "failed", True),
        ("5.2.1", "550", "failed", True),
        ("5.2.2", "552", "failed", False),
        ("5.1.8", "550", "failed", False),
        ("5.7.1", "550", "failed", False),
        ("4.4.7", "450", "failed", False),
        ("4.2.2", "452", "delayed", False),
    ],
)
def test_report_is_read_in_the_form_of_each(form: str, status: str, code: str, action: str, is_address: bool) -> None:
    assert read_returned(bounce(form, TO, status, code, action)) == Bounce(action, status, is_address)


@pytest.mark.parametrize(
    ("said", "is_address"),
    [
        ("smtp; 550 5.1.1 No such user", True),
        ("smtp; 550 5.7.1 Relaying denied", False),
        ("smtp; 550 No such user here", True),
        ("", False),
        ("x; 550 5.1.1", False),
    ],
)
def test_status_that_says_no_more_than_for_good_is_read_by_what_the_other_server_answered(said: str, is_address: bool) -> None:
    assert read_returned(report(f"\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: {said}\n")) == Bounce("failed", "5.0.0", is_address)


def test_of_several_recipients_the_one_that_failed_counts() -> None:
    fields = "\nReporting-MTA: dns; a\n\nAction: relayed\nStatus: 2.0.0\n\nAction: FAILED (user unknown)\nStatus: 5.1.1 (no such user)\n"
    assert read_returned(report(fields)) == Bounce("failed", "5.1.1", True)


def test_report_in_base64_and_one_of_an_international_address_are_read() -> None:
    packed = "QWN0aW9uOiBmYWlsZWQKU3RhdHVzOiA1LjEuMQo="
    assert read_returned(report(f"\n{packed}\n", "Content-Transfer-Encoding: base64")) == Bounce("failed", "5.1.1", True)
    assert read_returned(bounce("postfix", TO).replace(b"message/delivery-status", b"message/global-delivery-status")) == Bounce("failed", "5.1.1", True)


def test_report_within_the_mail_that_came_back_is_not_one() -> None:
    inner = bounce("postfix", TO).decode().replace("\r\n", "\n")
    forwarded = f"Content-Type: multipart/mixed; boundary=outer\n\n--outer\nContent-Type: message/rfc822\n\n{inner}\n--outer--\n"
    with pytest.raises(NotReturned):
        read_returned(forwarded.encode())


@pytest.mark.parametrize(("kind", "is_one"), [("abuse", True), ("fraud", True), ("not-spam", False), ("virus", False)])
def test_complaint_is_one_by_its_type(kind: str, is_one: bool) -> None:
    found = read_returned(complaint(TO, kind))
    assert isinstance(found, Complaint) and (found.kind, found.is_one) == (kind, is_one)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "it is neither a delivery report (RFC 3464) nor a complaint (RFC 5965)"),
        (b"Subject: Tack\n\nHej, jag \xc3\xa4r ledig till fredag.\n", "it is neither a delivery report (RFC 3464) nor a complaint (RFC 5965)"),
        (report("\nReporting-MTA: dns; a\n"), "its delivery report names no recipient"),
        (bounce("gmail", TO)[:500], "it is neither a delivery report (RFC 3464) nor a complaint (RFC 5965)"),
        (bounce("gmail", TO)[:900], "its delivery report names no recipient"),
    ],
)
def test_anything_else_is_said_to_be_none(raw: bytes, said: str) -> None:
    with pytest.raises(NotReturned) as found:
        read_returned(raw)
    assert str(found.value) == said


def read_or_refused(raw: bytes) -> None:
    try:
        found = read_returned(raw)
    except NotReturned:
        return
    assert isinstance(found, Bounce | Complaint)


@given(st.binary(max_size=2_000))
def test_no_bytes_raise_anything_else(raw: bytes) -> None:
    read_or_refused(raw)


@given(
    st.sampled_from([*(bounce(form, TO) for form in FORMS), complaint(TO), report("\nAction: failed\nStatus: 5.1.1\n")]),
    st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 40), st.binary(max_size=30)), max_size=6),
)
def test_no_report_that_was_damaged_raises_anything_else(raw: bytes, damages: list[tuple[int, int, bytes]]) -> None:
    for at, length, put in damages:
        raw = raw[:at] + put + raw[at + length :]
    read_or_refused(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: multipart/report; boundary=b\n\n--b\n" * 3_000,
        b"Content-Type: multipart/report; boundary=b\n\n" + b"--b\n\n\n" * 20_000,
        report("\n" + "A: b\n\n" * 20_000),
    ],
)
def test_what_would_take_long_to_read_is_not_read(raw: bytes) -> None:
    with pytest.raises(NotReturned, match="more parts than a report has"):
        read_returned(raw)


def test_report_before_a_large_mail_is_read() -> None:
    raw = bounce("exchange", TO)
    assert read_returned(raw.replace(b"Hej Maja!", b"Hej Maja!\r\n" * 100_000)) == Bounce("failed", "5.1.1", True)
