"""Mail to staff about their own accounts, by the outbox."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from omtanke.settings import Settings, read_settings
from omtanke.storage.outbox import Outbox
from omtanke.web.accounts.models import Staff


def sends_mail() -> bool:
    """Whether the shop has a mail server."""
    return bool(_written().mail.host)


def address_of(request: HttpRequest, path: str) -> str:
    """A path of ours as an address that works from outside: as the settings say, else as this browser came here."""
    base = _written().pages_address
    return base.rstrip("/") + path if base else request.build_absolute_uri(path)


def _written() -> Settings:
    return read_settings(settings.OMTANKE_DATA / "omtanke.toml")


def send_invitation(staff: Staff, by: Staff, address: str) -> None:
    """The way in for somebody who is new."""
    with translation.override(staff.language or translation.get_language()):
        text = _("%(name)s has invited you to Omtanke, where we keep what we promise our customers.") % {"name": by.called}
        _put(staff, _("Welcome to Omtanke"), [text, _("Choose your name and password here. The link works once, for seven days:"), address])


def send_reset(staff: Staff, address: str) -> None:
    """The way back in for somebody who has lost the password."""
    with translation.override(staff.language or translation.get_language()):
        asked = _("Somebody, probably you, has asked for a new password to Omtanke. Choose one here. The link works once, for two hours:")
        _put(staff, _("A new password to Omtanke"), [asked, address, _("If it was not you, do nothing; your password is as it was.")])


def _put(staff: Staff, subject: str, paragraphs: list[str]) -> None:
    outbox = Outbox(settings.OMTANKE_DATA)
    try:
        outbox.put_mail(f"account:{secrets.token_hex(16)}", staff.email, subject, "\n\n".join(paragraphs) + "\n", language=translation.get_language() or "sv")
    finally:
        outbox.close()
