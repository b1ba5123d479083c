"""Roles, units and acts in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from omtanke.web.accounts.models import Act, Deed, Role
from omtanke.web.words import names


def role(code: str) -> str:
    words = {
        Role.LEAD: _("Lead"),
        Role.SERVICE: _("Customer service"),
        Role.STORE: _("Store"),
        Role.ANALYST: _("Analyst"),
        Role.DEVELOPER: _("Developer"),
    }
    return words[Role(code)]


def unit(code: str) -> str:
    """Logistics; the word for a unit, with a capital."""
    said = names.owner(code)
    return said[:1].upper() + said[1:]


def units(codes: Iterable[str]) -> str:
    return ", ".join(names.owner(code) for code in codes)


def way(code: str) -> str:
    """How somebody came in."""
    words = {
        "password": _("with a password"),
        "link": _("by a link"),
        "elsewhere": _("by the provider"),
        "password, code": _("with a password and a code"),
        "link, code": _("by a link and a code"),
        "elsewhere, code": _("by the provider and a code"),
        "password, recovery": _("with a password and a recovery code"),
        "link, recovery": _("by a link and a recovery code"),
        "elsewhere, recovery": _("by the provider and a recovery code"),
    }
    return words.get(code, "")


def deed(act: Act) -> str:
    """What was done, in a sentence without its subject: signed in with a password; gave Sara the role Store."""
    whom, detail = act.whom.called, act.detail
    was, _arrow, became = detail.partition(" → ")
    match act.deed:
        case Deed.SIGNED_IN:
            return f"{_('signed in')} {way(detail)}".strip()
        case Deed.INVITED:
            return _("invited %(whom)s as %(role)s") % {"whom": whom, "role": role(detail)}
        case Deed.ACCEPTED:
            return _("accepted the invitation")
        case Deed.LINK_MADE if detail == "command":
            return _("was let in by a command")
        case Deed.LINK_MADE:
            return _("made a link for %(whom)s") % {"whom": whom}
        case Deed.PASSWORD_SET:
            return _("chose a new password")
        case Deed.ROLE_CHANGED:
            return _("changed the role of %(whom)s from %(was)s to %(became)s") % {"whom": whom, "was": role(was), "became": role(became)}
        case Deed.UNITS_CHANGED:
            return _("said what %(whom)s answers for: %(units)s") % {"whom": whom, "units": units(filter(None, detail.split(", "))) or _("nothing")}
        case Deed.CLOSED:
            return _("closed the account of %(whom)s") % {"whom": whom}
        case Deed.OPENED:
            return _("opened the account of %(whom)s again") % {"whom": whom}
        case Deed.CODE_ON:
            return _("turned on codes at sign-in")
        case Deed.CODE_OFF:
            return _("turned off codes at sign-in")
        case Deed.CODE_RESET:
            return _("removed the codes of %(whom)s") % {"whom": whom}
        case Deed.RECOVERY_USED:
            return _("used a recovery code")
        case Deed.RECOVERY_RENEWED:
            return _("made new recovery codes")
    return act.deed
