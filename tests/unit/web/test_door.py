"""Signing in: links that work once, passwords, limits, languages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from omtanke.web import app
from omtanke.web.shop import Shop

if TYPE_CHECKING:
    from django.test import Client

    from omtanke.web.accounts.models import Role, Staff

PASSWORD = "hav strand tak lampa"


def make_staff(email: str, role: Role | None = None) -> Staff:
    from omtanke.web.accounts import models

    models.FailedSignIn.objects.all().delete()
    models.Act.objects.filter(who__email=email).delete()
    models.Look.objects.filter(who__email=email).delete()
    models.Act.objects.filter(whom__email=email).delete()
    models.Staff.objects.filter(email=email).delete()
    return models.Staff.objects.create_staff(email, "Astrid", role or models.Role.LEAD, PASSWORD)


def nobody() -> None:
    from omtanke.web.accounts.models import Act, Look, Staff

    Act.objects.all().delete()
    Look.objects.all().delete()
    Staff.objects.all().delete()


def sign_in(client: Client, email: str, password: str) -> int:
    return client.post("/sign-in/", {"email": email, "password": password}).status_code


def test_the_first_link_makes_an_account_and_works_once(here: Shop, data: Path, visitor: Client) -> None:
    nobody()
    link = app.first_link(data)
    assert visitor.get(link).status_code == 200
    made = visitor.post(link, {"name": "Astrid", "email": "Astrid@example.com", "password": PASSWORD})
    assert (made.status_code, visitor.get("/").status_code) == (302, 200)
    visitor.post("/sign-out/")
    assert visitor.get(link).status_code == 410
    assert sign_in(visitor, "astrid@EXAMPLE.com", PASSWORD) == 302


def test_there_is_no_first_link_once_somebody_has_an_account(here: Shop, data: Path) -> None:
    make_staff("astrid@example.com")
    assert app.first_link(data) == ""


def test_a_weak_password_is_refused_and_the_link_still_works(here: Shop, data: Path, visitor: Client) -> None:
    nobody()
    link = app.first_link(data)
    refused = visitor.post(link, {"name": "Astrid", "email": "astrid@example.com", "password": "1234567890"})
    assert (refused.status_code, visitor.get(link).status_code) == (200, 200)


def test_the_demo_link_signs_in_once(here: Shop, data: Path, visitor: Client) -> None:
    from django.test import Client

    link = app.demo_link(data)
    assert visitor.get(link, headers={"sec-purpose": "prefetch"}).status_code == 503
    assert visitor.get(link).status_code == 302
    assert visitor.get("/").status_code == 200
    assert Client(SERVER_NAME="127.0.0.1").get(link).status_code == 410


def test_a_newer_link_ends_the_older_one(here: Shop, data: Path, visitor: Client) -> None:
    older = app.demo_link(data)
    app.demo_link(data)
    assert visitor.get(older).status_code == 410


def test_a_link_grows_old(here: Shop, data: Path, visitor: Client) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from omtanke.web.accounts.models import StartLink

    link = app.demo_link(data)
    StartLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert visitor.get(link).status_code == 410


def test_the_lead_of_the_demo_has_no_password(here: Shop, data: Path, visitor: Client) -> None:
    from omtanke.web.accounts.demo_staff import LEAD_EMAIL, demo_lead

    assert not demo_lead().has_usable_password()
    assert [sign_in(visitor, LEAD_EMAIL, password) for password in ("demo", "omtanke")] == [403, 403]


def test_after_five_failures_even_the_right_password_waits(here: Shop, visitor: Client) -> None:
    make_staff("astrid@example.com")
    assert [sign_in(visitor, "astrid@example.com", "fel") for _ in range(6)] == [403] * 5 + [429]
    assert sign_in(visitor, "astrid@example.com", PASSWORD) == 429


def test_sign_in_leads_on_only_to_our_own_pages(here: Shop, visitor: Client) -> None:
    make_staff("astrid@example.com")
    form = {"email": "astrid@example.com", "password": PASSWORD, "next": "https://evil.example/"}
    assert visitor.post("/sign-in/", form).headers["Location"] == "/"


def test_sessions_are_closed_to_scripts(here: Shop, visitor: Client) -> None:
    from django.conf import settings

    make_staff("astrid@example.com")
    sign_in(visitor, "astrid@example.com", PASSWORD)
    cookie = visitor.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_forms_need_their_token(here: Shop) -> None:
    from django.test import Client

    strict = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    assert strict.post("/sign-in/", {"email": "a@example.com", "password": "x"}).status_code == 403


@pytest.mark.parametrize(("asked", "said"), [("sv-SE,sv;q=0.9", "Välkommen in."), ("en-GB", "Welcome."), ("nb,da;q=0.5", "Välkommen in.")])
def test_the_browser_chooses_the_language(here: Shop, visitor: Client, asked: str, said: str) -> None:
    assert said in visitor.get("/sign-in/", headers={"accept-language": asked}).content.decode()


def test_a_chosen_language_stays_with_the_account(here: Shop, visitor: Client) -> None:
    from django.test import Client

    make_staff("astrid@example.com")
    sign_in(visitor, "astrid@example.com", PASSWORD)
    visitor.post("/language/", {"language": "sv", "next": "/"})
    assert 'lang="sv"' in visitor.get("/").content.decode()
    other = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "en"})
    sign_in(other, "astrid@example.com", PASSWORD)
    assert 'lang="sv"' in other.get("/").content.decode()


def test_the_models_are_those_of_the_migrations(here: Shop) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
