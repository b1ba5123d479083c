"""The WSGI application of the pages, and what is done before it starts."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from omtanke.folder import Folder
from omtanke.insight.board import Board
from omtanke.runtime.own_sources import ANSWERS, CONSOLE, OwnSource
from omtanke.runtime.working import wall_clock
from omtanke.settings import read_settings
from omtanke.storage.databases import has_database, make_room
from omtanke.storage.pages import Pages
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.vocabulary.refusal import CannotDo
from omtanke.web.clock import Clock
from omtanke.web.own_secret import own_secret
from omtanke.web.settings import LOOPBACK, settings_for
from omtanke.web.shop import Keys, Shop, open_shop

SECRET_BYTES = 48
PATIENCE_SECONDS = 3.0
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
    """Bring `staff.db` to the newest schema, and see that the engine knows who answers for what."""
    configure(data)
    make_room(data, "staff")
    call_command("migrate", verbosity=0, interactive=False)
    from omtanke.web.accounts.units import ensure_units

    ensure_units()


def application(
    data: Path,
    *,
    keys: Keys,
    board: Board,
    clock: Callable[[], int] = wall_clock,
    as_of: int | None = None,
    zone: str = "Europe/Stockholm",
    currency: str = "SEK",
    locale: str = "sv",
    hosts: Sequence[str] = (),
    is_https: bool = False,
) -> Application:
    """The pages over a data folder whose databases exist.

    `clock` says what time it is in the folder. `keys` finds people by identifier and number; `board` answers questions about many customers;
    `as_of` (UTC microseconds) holds the clock still. `locale`: sv or en, for browsers that ask for neither.
    `hosts`: names under which the pages are reached beside the loopback ones. `is_https`: they stand behind TLS.
    """
    configure(data)
    stand_behind(hosts, locale, is_https=is_https)
    pages = Pages(data)
    written = read_settings(data / "omtanke.toml")
    settings.OMTANKE_LEADS_NEED_CODE, settings.OMTANKE_OIDC = written.leads_need_code, written.oidc
    shop_clock = Clock(pages, as_of, clock)
    folder = Folder(data)
    open_shop(
        Shop(
            data=data,
            pages=pages,
            clock=shop_clock,
            keys=keys,
            zone=ZoneInfo(zone),
            currency=currency,
            board=board,
            # Each has an inbox of its own: a connection holds one transaction at a time.
            acts=OwnSource(impatient(folder.inbox()), CONSOLE, zone, currency, clock),
            answers=OwnSource(impatient(folder.inbox()), ANSWERS, zone, currency, clock),
            country=written.country,
        )
    )
    return get_wsgi_application()


def impatient(inbox: SqlInbox) -> SqlInbox:
    """An inbox that says after a few seconds that it cannot write, instead of letting somebody wait for half a minute."""
    inbox.wait_at_most(PATIENCE_SECONDS)
    return inbox


def open_page_secret(folder: Path) -> str:
    """The secret that signs sessions and forms, made at first use; only the owner may read it."""
    return own_secret(folder / "pages.key", lambda: secrets.token_urlsafe(SECRET_BYTES))


def first_link(data: Path) -> str:
    """The path of a link by which the first person makes an account; empty when somebody has one already."""
    migrate(data)
    from omtanke.web.accounts import links
    from omtanke.web.accounts.models import Purpose

    return "" if links.has_staff() else links.make_link(Purpose.FIRST, links.FIRST_LASTS)


def demo_link(data: Path) -> str:
    """The path of a link that signs the lead of the demo in, among colleagues."""
    migrate(data)
    from omtanke.web.accounts import demo_staff, links
    from omtanke.web.accounts.models import Purpose

    demo_staff.make_staff()
    return links.make_link(Purpose.DEMO, links.DEMO_LASTS)


def folder_of_staff(data: Path) -> Folder:
    """The data folder, where somebody works already. Raises CannotDo."""
    if not has_database(data, "staff"):
        raise CannotDo(f"{data} has no staff.db: nobody works there yet. Name a folder with --data; `omtanke serve` prints the first person's link.")
    return Folder(data)


def own_link(data: Path, email: str) -> str:
    """The path of a link to somebody's account, for whoever has the folder in hand; their codes are removed. Raises CannotDo."""
    migrate(data)
    from omtanke.web.accounts import codes, links, record
    from omtanke.web.accounts.models import Deed, Staff

    staff = Staff.objects.filter(email=email.strip().lower(), is_active=True).first()
    if staff is None:
        raise CannotDo(f"{email}: nobody with an open account here has that address.")
    if codes.turn_off(staff):
        record.note(staff, Deed.CODE_RESET, detail="command")
    record.note(staff, Deed.LINK_MADE, detail="command")
    return links.own_link(staff)
