"""Staff for tests: made anew, signed in by password."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

    from omtanke.web.accounts.models import Staff

PASSWORD = "hav strand tak lampa"


def nobody() -> None:
    """The shop without anybody who works there."""
    from omtanke.web.accounts.models import Act, FailedSignIn, Look, Staff
    from omtanke.web.accounts.units import units_file

    Act.objects.all().delete()
    Look.objects.all().delete()
    FailedSignIn.objects.all().delete()
    Staff.objects.all().delete()
    units_file().unlink(missing_ok=True)


def somebody(email: str = "astrid@example.com", role: str = "lead", name: str = "Astrid", units: tuple[str, ...] = ()) -> Staff:
    """Somebody who has come and has a password."""
    from omtanke.web.accounts.models import Role, Staff

    return Staff.objects.create_staff(email, name, Role(role), PASSWORD, units)


def client() -> Client:
    """Another browser, in English."""
    from django.test import Client

    return Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "en"})


def sign_in(browser: Client, email: str = "astrid@example.com", password: str = PASSWORD) -> int:
    return browser.post("/sign-in/", {"email": email, "password": password}).status_code


def signed_in(role: str = "lead", email: str = "astrid@example.com", name: str = "Astrid") -> Client:
    """The browser of somebody who has just been made and has signed in."""
    somebody(email, role, name)
    browser = client()
    assert sign_in(browser, email) == 302
    return browser


def said(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]
