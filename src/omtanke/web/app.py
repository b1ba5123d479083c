"""The WSGI application of the pages, and what is done before it starts."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from omtanke.insight.board import Board
from omtanke.settings import read_settings
from omtanke.storage.pages import Pages
from omtanke.web.clock import Clock
from omtanke.web.settings import LOOPBACK, settings_for
from omtanke.web.shop import Keys, Shop, open_shop

SECRET_BYTES = 48
Application = Callable[..., Any]


def configure(data: Path) -> None:
    """Set Django up over a data folder, once in a process. Raises RuntimeError when it is set up over another one."""
    if settings.configured:
        if data.resolve() != settings.OMTANKE_DATA:
            raise RuntimeError(f"the pages of this process are set up over {settings.OMTANKE_DATA}, not {data}; start another process")
        return
    data.mkdir(parents=True, exist_ok=True)
    settings.configure(**settings_for(data, open_page_secret(data / "keys")))
    django.setup()


def stand_behind(hosts: Sequence[str], locale: str, *, is_https: bool) -> None:
    """How the pages are reached, and the language for browsers that ask for neither Swedish nor English."""
    settings.ALLOWED_HOSTS = [*LOOPBACK, *hosts]
    settings.LANGUAGE_CODE = locale
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = is_https


def migrate(data: Path) -> None:
    """Bring `staff.db` to the newest schema."""
    configure(data)
    call_command("migrate", verbosity=0, interactive=False)


def application(
    data: Path,
    *,
    keys: Keys,
    board: Board,
    as_of: int | None = None,
    zone: str = "Europe/Stockholm",
    currency: str = "SEK",
    locale: str = "sv",
    hosts: Sequence[str] = (),
    is_https: bool = False,
) -> Application:
    """The pages over a data folder whose databases exist.

    `keys` finds people by identifier and number; `board` answers questions about many customers;
    `as_of` (UTC microseconds) holds the clock still. `locale`: sv or en, for browsers that ask for neither.
    `hosts`: names under which the pages are reached beside the loopback ones. `is_https`: they stand behind TLS.
    """
    configure(data)
    stand_behind(hosts, locale, is_https=is_https)
    pages = Pages(data)
    country = read_settings(data / "omtanke.toml").country
    clock = Clock(pages, as_of)
    open_shop(Shop(data=data, pages=pages, clock=clock, keys=keys, zone=ZoneInfo(zone), currency=currency, board=board, country=country))
    return get_wsgi_application()


def open_page_secret(folder: Path) -> str:
    """The secret that signs sessions and forms, made at first use; only the owner may read it."""
    path = folder / "pages.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(SECRET_BYTES))
        new.rename(path)
    return path.read_text(encoding="ascii")


def first_link(data: Path) -> str:
    """The path of a link by which the first person makes an account; empty when somebody has one already."""
    migrate(data)
    from omtanke.web.accounts import links
    from omtanke.web.accounts.models import Purpose

    return "" if links.has_staff() else links.make_link(Purpose.FIRST, links.FIRST_LASTS)


def demo_link(data: Path) -> str:
    """The path of a link that signs the lead of the demo in."""
    migrate(data)
    from omtanke.web.accounts import links
    from omtanke.web.accounts.models import Purpose

    links.demo_lead()
    return links.make_link(Purpose.DEMO, links.DEMO_LASTS)
