"""What customers ask about their own data, and what we do about it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.rights import OBJECTION
from omtanke.web.words import rights as words
from omtanke.web.words.names import and_list, name_in
from omtanke.web.words.tellers.staff import by
from omtanke.web.words.tellers.told import GOOD, Teller, Told, written
from omtanke.web.words.voice import Voice


def requested(body: Any, fact: FactSeen, voice: Voice) -> Told:
    details = (words.marketing_stops(),) if body.right == OBJECTION else ()
    return Told(_("Asked for %(right)s") % {"right": words.right(body.right)}, written(fact, "text"), details)


def extended(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("%(name)s took more time for the answer") % {"name": by(body.staff, voice)}, written(fact, "words"), (name_in(words.WHY_LONGER, body.why),))


def answered(body: Any, fact: FactSeen, voice: Voice) -> Told:
    if body.outcome == "erased":
        return Told(_("The request ended: everything personal is erased"))
    said = {"name": by(body.staff, voice), "outcome": name_in(words.ANSWERS, body.outcome)}
    return Told(_("%(name)s answered the request: %(outcome)s") % said, written(fact, "words"), (), GOOD if body.outcome == "done" else "")


def corrected(body: Any, fact: FactSeen, voice: Voice) -> Told:
    details = and_list([words.detail(code).lower() for code in body.corrected], most=len(words.DETAILS))
    return Told(_("%(name)s put right: %(details)s") % {"name": by(body.staff, voice), "details": details}, "", (), GOOD)


def restricted(body: Any, fact: FactSeen, voice: Voice) -> Told:
    what = _("%(name)s decided that these data are to be left alone") % {"name": by(body.staff, voice)}
    return Told(what, written(fact, "note"), (name_in(words.WHY_RESTRICTED, body.why),))


def lifted(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("%(name)s decided that these data may be used again") % {"name": by(body.staff, voice)}, written(fact, "note"))


def exported(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("%(name)s made a copy of everything we know") % {"name": by(body.staff, voice)} if body.staff else _("A copy of everything we know was made"))


TELLERS: dict[str, Teller] = {
    "rights_requested": requested,
    "rights_extended": extended,
    "rights_answered": answered,
    "details_corrected": corrected,
    "processing_restricted": restricted,
    "restriction_lifted": lifted,
    "data_exported": exported,
}
