"""The second step of signing in: codes that count once, recovery codes, limits, turning it on and off."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings

from unit.web.accounts.people import PASSWORD, client, said, sign_in, signed_in, somebody

if TYPE_CHECKING:
    from django.test import Client

    from omtanke.web.accounts.models import Staff

RFC_SECRET = b"12345678901234567890"
# RFC 6238, appendix B, SHA-1, cut to six figures.
RFC_CODES = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")]


def with_code(email: str = "astrid@example.com", role: str = "lead") -> tuple[Staff, bytes, list[str]]:
    """Somebody with a phone: their account, the secret, the recovery codes. The code of the step before now has been used."""
    from omtanke.web.accounts import codes

    staff, secret = somebody(email, role), codes.new_secret()
    return staff, secret, codes.turn_on(staff, secret, codes.code_at(secret, time.time() - codes.STEP_SECONDS))


def shown(secret: bytes, steps: int = 0) -> str:
    """What the phone shows now, or some steps from now."""
    from omtanke.web.accounts import codes

    return codes.code_at(secret, time.time() + steps * codes.STEP_SECONDS)


def other_than(code: str) -> str:
    return f"{(int(code) + 500_000) % 1_000_000:06d}"


def give(browser: Client, code: str) -> int:
    return browser.post("/sign-in/code/", {"code": code}).status_code


@pytest.mark.parametrize(("moment", "code"), RFC_CODES)
def test_codes_are_those_of_the_standard(moment: int, code: str) -> None:
    from omtanke.web.accounts.codes import code_at

    assert code_at(RFC_SECRET, moment) == code


def test_a_code_counts_one_step_before_and_after_its_own() -> None:
    from omtanke.web.accounts.codes import step_of

    moment, code = RFC_CODES[2]
    steps = [step_of(RFC_SECRET, code, moment + away) for away in (-61, -30, 0, 30, 61)]
    assert steps == [0, moment // 30, moment // 30, moment // 30, 0]


def test_the_password_alone_does_not_let_in() -> None:
    with_code()
    browser = client()
    assert browser.post("/sign-in/", {"email": "astrid@example.com", "password": PASSWORD, "next": "/promises/"}).headers["Location"] == "/sign-in/code/"
    assert browser.get("/account/").status_code == 302


def test_password_and_code_let_in_to_where_one_was_going() -> None:
    _staff, secret, _ = with_code()
    browser = client()
    browser.post("/sign-in/", {"email": "astrid@example.com", "password": PASSWORD, "next": "/promises/"})
    code = shown(secret)
    came = browser.post("/sign-in/code/", {"code": f"{code[:3]} {code[3:]}"})
    assert (came.status_code, came.headers["Location"], browser.get("/account/").status_code) == (302, "/promises/", 200)


def test_a_code_that_was_used_does_not_count_again() -> None:
    _staff, secret, _ = with_code()
    first, second, code = client(), client(), shown(secret)
    sign_in(first), sign_in(second)
    assert (give(first, code), give(second, code)) == (302, 403)


def test_the_code_that_turned_it_on_does_not_let_in() -> None:
    from omtanke.web.accounts import codes

    staff, secret = somebody(), codes.new_secret()
    code = shown(secret)
    assert len(codes.turn_on(staff, secret, code)) == 10
    browser = client()
    sign_in(browser)
    assert give(browser, code) == 403


def test_after_five_wrong_codes_even_the_right_one_waits() -> None:
    _staff, secret, _ = with_code()
    browser = client()
    sign_in(browser)
    assert [give(browser, other_than(shown(secret))) for _ in range(5)] == [403] * 5
    assert give(browser, shown(secret)) == 429


def test_starting_over_with_the_password_does_not_give_more_tries() -> None:
    _staff, secret, _ = with_code()
    for _ in range(5):
        browser = client()
        sign_in(browser)
        give(browser, other_than(shown(secret)))
    last = client()
    sign_in(last)
    assert give(last, shown(secret)) == 429


def test_a_recovery_code_lets_in_once_however_it_is_typed() -> None:
    from omtanke.web.accounts.models import Act, Deed

    _staff, _secret, recovery = with_code()
    first, second = client(), client()
    sign_in(first), sign_in(second)
    assert (give(first, recovery[3].replace("-", "").upper()), give(second, recovery[3])) == (302, 403)
    assert [act.deed for act in Act.objects.order_by("pk")] == [Deed.RECOVERY_USED, Deed.SIGNED_IN]


def test_recovery_codes_are_not_kept_as_they_are() -> None:
    from omtanke.web.accounts.models import Factor, RecoveryCode

    _staff, secret, recovery = with_code()
    assert len({*recovery}) == 10
    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert [code for code in recovery if code in kept or code.replace("-", "") in kept] == []
    assert secret not in bytes(Factor.objects.get().sealed)


def test_the_key_of_the_codes_is_for_the_owner_alone(data: object) -> None:
    from django.conf import settings

    with_code()
    assert (settings.OMTANKE_DATA / "keys" / "codes.key").stat().st_mode & 0o777 == 0o600


def test_waiting_for_the_code_ends_after_ten_minutes() -> None:
    _staff, secret, _ = with_code()
    browser = client()
    sign_in(browser)
    session = browser.session
    session["waiting_for_code"] = {**session["waiting_for_code"], "until": int(time.time()) - 1}
    session.save()
    assert browser.post("/sign-in/code/", {"code": shown(secret)}).headers["Location"] == "/sign-in/"
    assert browser.get("/account/").status_code == 302


def test_a_new_password_ends_the_waiting() -> None:
    staff, secret, _ = with_code()
    browser = client()
    sign_in(browser)
    staff.set_password("en helt annan fras")
    staff.save()
    assert browser.post("/sign-in/code/", {"code": shown(secret)}).headers["Location"] == "/sign-in/"


def test_nobody_waits_for_a_code_without_having_signed_in() -> None:
    assert client().get("/sign-in/code/").headers["Location"] == "/sign-in/"


def test_a_new_password_by_link_does_not_go_round_the_code() -> None:
    from omtanke.web.accounts.links import own_link

    staff, _secret, _ = with_code()
    browser = client()
    came = browser.post(own_link(staff), {"password": "en helt annan fras"})
    assert (came.headers["Location"], browser.get("/account/").status_code) == ("/sign-in/code/", 302)


def secret_on(browser: Client) -> bytes:
    """The secret that the page shows in letters."""
    import base64

    (letters,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", said(browser.get("/account/code/")))
    return base64.b32decode(letters.replace(" ", ""))


def test_codes_are_turned_on_by_the_first_code() -> None:
    from omtanke.web.accounts.models import Act, Deed, Factor

    browser = signed_in("service")
    secret = secret_on(browser)
    assert browser.post("/account/code/", {"code": other_than(shown(secret))}).status_code == 403
    assert Factor.objects.count() == 0
    html = said(browser.post("/account/code/", {"code": shown(secret)}))
    assert len(re.findall(r"<li><code>[a-z2-9]{5}-[a-z2-9]{5}</code>", html)) == 10
    assert Act.objects.filter(deed=Deed.CODE_ON).count() == 1
    assert browser.get("/account/code.svg").status_code == 404


def test_the_picture_is_the_secret_for_an_app() -> None:
    browser = signed_in("service")
    secret_on(browser)
    picture = browser.get("/account/code.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert (said(picture).startswith("<svg"), "script" in said(picture), "style=" in said(picture)) == (True, False, False)
    assert picture.headers["Cache-Control"] == "private, no-store"


def test_codes_are_turned_off_only_by_password_and_code() -> None:
    from omtanke.web.accounts.models import Act, Deed, Factor

    _staff, secret, recovery = with_code()
    browser = client()
    sign_in(browser)
    give(browser, shown(secret))
    wrong = [{"again-old": "fel", "again-code": recovery[0]}, {"again-old": PASSWORD, "again-code": "fel"}]
    assert [browser.post("/account/", {"do": "turn_off", **form}).status_code for form in wrong] == [403, 403]
    assert Factor.objects.count() == 1
    assert browser.post("/account/", {"do": "turn_off", "again-old": PASSWORD, "again-code": recovery[0]}).status_code == 302
    assert (Factor.objects.count(), Act.objects.filter(deed=Deed.CODE_OFF).count()) == (0, 1)


def test_new_recovery_codes_end_the_old_ones() -> None:
    staff, secret, recovery = with_code()
    browser = client()
    sign_in(browser)
    give(browser, shown(secret))
    html = said(browser.post("/account/", {"do": "renew", "again-old": PASSWORD, "again-code": recovery[0]}))
    from omtanke.web.accounts import codes

    made = re.findall(r"<li><code>([a-z2-9-]{11})</code>", html)
    assert (len(made), codes.take(staff, recovery[1]), codes.take(staff, made[1])) == (10, "", "recovery")


@override_settings(OMTANKE_LEADS_NEED_CODE=True)
def test_a_lead_without_codes_turns_them_on_first_where_the_shop_wants_it() -> None:
    lead, service = signed_in("lead"), signed_in("service", "bo@example.com")
    assert lead.get("/").headers["Location"] == "/account/code/"
    assert lead.get("/staff/").headers["Location"] == "/account/code/"
    assert service.get("/").status_code == 200
    secret = secret_on(lead)
    lead.post("/account/code/", {"code": shown(secret)})
    assert lead.get("/staff/").status_code == 200


def test_a_lead_removes_the_codes_of_somebody_who_has_lost_the_phone() -> None:
    from omtanke.web.accounts.models import Act, Deed

    other, _secret, _ = with_code("bo@example.com", "service")
    lead = signed_in("lead")
    lead.post(f"/staff/{other.pk}/", {"do": "code_reset"})
    assert [(act.who.email, act.whom.email) for act in Act.objects.filter(deed=Deed.CODE_RESET)] == [("astrid@example.com", "bo@example.com")]
    browser = client()
    sign_in(browser, "bo@example.com")
    assert browser.get("/account/").status_code == 200


def test_a_lead_cannot_remove_their_own_codes_without_a_code() -> None:
    from omtanke.web.accounts.models import Factor

    staff, secret, _ = with_code()
    browser = client()
    sign_in(browser)
    give(browser, shown(secret))
    assert browser.post(f"/staff/{staff.pk}/", {"do": "code_reset"}).headers["Location"] == "/account/"
    assert Factor.objects.count() == 1


def test_whoever_has_the_folder_in_hand_lets_the_last_lead_in(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from omtanke.cli import main

    with_code()
    assert main(["let-in", "Astrid@example.com", "--data", str(data)]) == 0
    link = capsys.readouterr().out.strip()
    browser = client()
    came = browser.post(link.removeprefix("http://127.0.0.1:8400"), {"password": "en helt annan fras"})
    assert (came.headers["Location"], browser.get("/account/").status_code) == ("/", 200)
    assert "was let in by a command" in said(browser.get("/staff/"))


def test_nobody_is_let_in_who_does_not_work_here(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from omtanke.cli import main

    assert [main(["let-in", "eva@example.com", "--data", str(folder)]) for folder in (data, tmp_path)] == [2, 2]
    said = capsys.readouterr().err
    assert ("nobody with an open account here has that address" in said, "has no staff.db" in said) == (True, True)


def test_the_door_is_never_kept_in_a_cache() -> None:
    from omtanke.web.accounts.links import own_link

    staff, _secret, _ = with_code()
    browser = client()
    sign_in(browser)
    assert ["no-store" in browser.get(path).headers["Cache-Control"] for path in ("/sign-in/", "/sign-in/code/", "/sign-in/forgot/", own_link(staff))] == [
        True
    ] * 4
