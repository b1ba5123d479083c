"""Signing in with a provider of OpenID Connect: a real one, in a process of its own on loopback, over real HTTP."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import override_settings

from omtanke.settings import SettingsFaults, SignInElsewhere, read_settings
from unit.web.accounts.people import client, said, signed_in, somebody

if TYPE_CHECKING:
    from django.test import Client

READY_SECONDS = 20
BACK = "http://127.0.0.1/sign-in/elsewhere/back/"
SERVER = """
import sys, oidc_provider_mock
from werkzeug.serving import run_simple
run_simple("127.0.0.1", int(sys.argv[1]), oidc_provider_mock.app(require_nonce=True, require_client_registration=True), threaded=True)
"""


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider that runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen([sys.executable, "-W", "ignore", "-c", SERVER, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/.well-known/openid-configuration")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def wait_for(address: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the provider did not answer at {address}")


@pytest.fixture(scope="module")
def registered(issuer: str) -> tuple[str, str]:
    """What the provider calls us, and our secret with it."""
    answer = send(f"{issuer}/oauth2/clients", {"redirect_uris": [BACK]}, "POST")
    return answer["client_id"], answer["client_secret"]


@pytest.fixture
def provider(issuer: str, registered: tuple[str, str], data: Path) -> Iterator[str]:
    """The pages know the provider, and it knows them."""
    client_id, secret = registered
    (data / "keys" / "oidc.secret").write_text(secret + "\n", encoding="utf-8")
    with override_settings(OMTANKE_OIDC=SignInElsewhere(issuer, client_id, "Butikens inloggning")):
        yield issuer
    (data / "keys" / "oidc.secret").unlink()


def send(address: str, body: dict[str, object], method: str) -> dict[str, str]:
    asked = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        text = answer.read()
    return json.loads(text) if text else {}


def make_person(issuer: str, subject: str, **claims: object) -> None:
    """Somebody whom the provider knows."""
    send(f"{issuer}/users/{subject}", claims, "PUT")


class Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are looked at, not followed."""

    def redirect_request(self, *about: object) -> None:
        return None


def sign_in_there(address: str, subject: str) -> str:
    """Sign in at the provider, as its form does; where it sends the browser back to."""
    opener = urllib.request.build_opener(Stay)
    try:
        opener.open(address, urlencode({"sub": subject}).encode(), timeout=10)
    except urllib.error.HTTPError as answer:
        with answer:
            return str(answer.headers["Location"])
    pytest.fail("the provider did not send the browser back")


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def lead_out(browser: Client, where: str = "/promises/") -> str:
    out = browser.get("/sign-in/elsewhere/", {"next": where})
    assert out.status_code == 302
    return str(out.headers["Location"])


def come_in(browser: Client, subject: str, where: str = "/promises/") -> object:
    """Out to the provider, in there, and back."""
    return browser.get(path_of(sign_in_there(lead_out(browser, where), subject)))


def test_one_is_led_out_with_state_nonce_and_a_challenge(provider: str) -> None:
    asked = parse_qs(urlsplit(lead_out(client())).query)
    assert (asked["response_type"], asked["scope"], asked["code_challenge_method"]) == (["code"], ["openid email profile"], ["S256"])
    assert asked["redirect_uri"] == [BACK]
    assert (len(asked["state"][0]) >= 20, len(asked["nonce"][0]) >= 20, len(asked["code_challenge"][0])) == (True, True, 43)


def test_somebody_with_an_account_comes_in_to_where_they_were_going(provider: str) -> None:
    make_person(provider, "astrid-1", email="Astrid@Example.com", email_verified=True, name="Astrid Ek")
    somebody()
    browser = client()
    came = come_in(browser, "astrid-1")
    assert (came.status_code, came.headers["Location"], browser.get("/account/").status_code) == (302, "/promises/", 200)  # type: ignore[attr-defined]


def test_an_invitation_is_accepted_by_coming_in(provider: str) -> None:
    from omtanke.web.accounts.models import Act, Staff

    make_person(provider, "bo-1", email="bo@example.com", email_verified=True, name="Bo Ek")
    signed_in().post("/staff/invite/", {"email": "bo@example.com", "role": "store"})
    browser = client()
    come_in(browser, "bo-1")
    bo = Staff.objects.get(email="bo@example.com")
    assert (bo.name, bo.is_here, browser.get("/customers/").status_code) == ("Bo Ek", True, 200)
    assert [act.deed for act in Act.objects.filter(who=bo)] == ["accepted", "signed_in"]


def test_somebody_who_was_not_invited_is_told_so(provider: str) -> None:
    from omtanke.web.accounts.models import Staff

    make_person(provider, "eva-1", email="eva@example.com", email_verified=True)
    browser = client()
    came = come_in(browser, "eva-1")
    assert came.status_code == 403  # type: ignore[attr-defined]
    assert ("You have not been invited here yet." in said(came), "eva@example.com" in said(came)) == (True, True)
    assert (Staff.objects.count(), browser.get("/account/").status_code) == (0, 302)


@pytest.mark.parametrize("claims", [{"email_verified": False}, {}, {"email_verified": "false"}])
def test_an_address_that_was_not_verified_lets_nobody_in(provider: str, claims: dict[str, object]) -> None:
    make_person(provider, "astrid-2", email="astrid@example.com", **claims)
    somebody()
    browser = client()
    came = come_in(browser, "astrid-2")
    assert (came.status_code, "has verified your e-mail" in said(came), browser.get("/account/").status_code) == (403, True, 302)  # type: ignore[attr-defined]


def test_a_successor_with_the_same_address_is_not_their_predecessor(provider: str) -> None:
    make_person(provider, "astrid-3", email="astrid@example.com", email_verified=True)
    make_person(provider, "another-3", email="astrid@example.com", email_verified=True)
    somebody()
    assert [come_in(client(), subject).status_code for subject in ("astrid-3", "another-3", "astrid-3")] == [302, 403, 302]  # type: ignore[attr-defined]


def test_somebody_whose_address_changed_is_still_the_same(provider: str) -> None:
    make_person(provider, "astrid-4", email="astrid@example.com", email_verified=True)
    somebody()
    come_in(client(), "astrid-4")
    make_person(provider, "astrid-4", email="astrid.gift@example.com", email_verified=True)
    browser = client()
    come_in(browser, "astrid-4")
    assert browser.get("/account/").status_code == 200


def test_a_closed_account_stays_closed(provider: str) -> None:
    from omtanke.web.accounts.models import Staff

    make_person(provider, "astrid-5", email="astrid@example.com", email_verified=True)
    somebody()
    come_in(client(), "astrid-5")
    Staff.objects.update(is_active=False)
    assert come_in(client(), "astrid-5").status_code == 403  # type: ignore[attr-defined]


def test_a_code_is_asked_for_here_too(provider: str) -> None:
    from omtanke.web.accounts import codes

    make_person(provider, "astrid-6", email="astrid@example.com", email_verified=True)
    staff, secret = somebody(), codes.new_secret()
    codes.turn_on(staff, secret, codes.code_at(secret, time.time()))
    browser = client()
    assert come_in(browser, "astrid-6").headers["Location"] == "/sign-in/code/"  # type: ignore[attr-defined]
    assert browser.get("/account/").status_code == 302


def test_what_another_browser_brought_back_does_not_count(provider: str) -> None:
    make_person(provider, "astrid-7", email="astrid@example.com", email_verified=True)
    somebody()
    back = path_of(sign_in_there(lead_out(client()), "astrid-7"))
    victim = client()
    lead_out(victim)
    assert (victim.get(back).status_code, victim.get("/account/").status_code) == (502, 302)


def test_coming_back_twice_does_not_count(provider: str) -> None:
    make_person(provider, "astrid-8", email="astrid@example.com", email_verified=True)
    somebody()
    browser = client()
    back = path_of(sign_in_there(lead_out(browser), "astrid-8"))
    assert browser.get(back).status_code == 302
    browser.post("/sign-out/")
    assert (browser.get(back).status_code, browser.get("/account/").status_code) == (502, 302)


def test_an_exchange_without_the_nonce_that_was_sent_does_not_count(provider: str) -> None:
    make_person(provider, "astrid-9", email="astrid@example.com", email_verified=True)
    somebody()
    browser = client()
    address = lead_out(browser)
    other = address.replace(parse_qs(urlsplit(address).query)["nonce"][0], "a-nonce-of-somebody-else")
    assert browser.get(path_of(sign_in_there(other, "astrid-9"))).status_code == 502


def test_a_provider_that_calls_itself_something_else_does_not_count(provider: str, registered: tuple[str, str]) -> None:
    make_person(provider, "astrid-10", email="astrid@example.com", email_verified=True)
    somebody()
    with override_settings(OMTANKE_OIDC=SignInElsewhere(f"{provider}/", registered[0], "Butikens inloggning")):
        assert come_in(client(), "astrid-10").status_code == 502  # type: ignore[attr-defined]


def test_without_the_secret_that_we_share_the_provider_tells_us_nothing(provider: str, registered: tuple[str, str], data: Path) -> None:
    make_person(provider, "astrid-11", email="astrid@example.com", email_verified=True)
    somebody()
    (data / "keys" / "oidc.secret").write_text("somebody else's", encoding="utf-8")
    with override_settings(OMTANKE_OIDC=SignInElsewhere(provider, registered[0], "By another name")):
        assert come_in(client(), "astrid-11").status_code == 502  # type: ignore[attr-defined]


def test_a_provider_that_does_not_answer_is_said() -> None:
    with override_settings(OMTANKE_OIDC=SignInElsewhere("http://127.0.0.1:9", "omtanke", "Butikens inloggning")):
        answer = client().get("/sign-in/elsewhere/")
        assert (answer.status_code, "Butikens inloggning did not tell us who you are." in said(answer)) == (502, True)


def test_without_a_provider_there_is_no_such_way_in() -> None:
    assert [client().get(path).headers["Location"] for path in ("/sign-in/elsewhere/", "/sign-in/elsewhere/back/")] == ["/sign-in/", "/sign-in/"]
    assert "/sign-in/elsewhere/" not in said(client().get("/sign-in/"))


def test_the_button_leads_there_with_the_place_one_was_going_to(provider: str) -> None:
    html = said(client().get("/sign-in/?next=/promises/%3Fperiod%3D7"))
    assert '<a class="button first" href="/sign-in/elsewhere/?next=/promises/%3Fperiod%3D7">Sign in with Butikens inloggning</a>' in html


def test_a_provider_is_reached_safely_and_is_whole(tmp_path: Path) -> None:
    written = tmp_path / "omtanke.toml"
    written.write_text('[oidc]\nissuer = "http://login.shop.example"\nclient_id = "omtanke"\n', encoding="utf-8")
    with pytest.raises(SettingsFaults) as faults:
        read_settings(written)
    assert faults.value.faults == ["oidc.issuer: 'http://login.shop.example' is not an https address", "oidc.name: is missing"]


def test_settings_of_the_how_to_can_be_read(tmp_path: Path) -> None:
    from docs.documents import blocks, text_of

    written = tmp_path / "omtanke.toml"
    written.write_text("".join(block for block in blocks("toml", text_of("docs/how-to/staff.md")) if "[units]" not in block), encoding="utf-8")
    settings = read_settings(written)
    assert (settings.leads_need_code, settings.oidc.client_id, settings.pages_address) == (True, "omtanke", "https://omtanke.shop.example")
