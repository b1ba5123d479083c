"""Words for plays and messages: what became of one, what sort it is, and what a play does step by step."""

from __future__ import annotations

from django.utils.translation import gettext as _

from omtanke.storage.message_pages import MessageSeen
from omtanke.web.words import names
from omtanke.web.words.names import name_in, say
from omtanke.web.words.voice import Voice

BECAME = {
    "sent": say("sent"),
    "due": say("let go"),
    "released": say("let go"),
    "deferred": say("waits"),
    "suppressed": say("not sent"),
    "failed": say("not arrived"),
    "returned": say("asked anew"),
    "in_doubt": say("in doubt"),
}
LOOKS = {"sent": "kept", "deferred": "risk", "suppressed": "still", "failed": "broken", "in_doubt": "risk"}
CLASSES = {
    "service": say("service"),
    "transactional": say("answer to what they did"),
    "promotional": say("offer"),
    "survey": say("question"),
}


def became(code: str) -> str:
    """What became of a message, in a word."""
    return name_in(BECAME, code)


def asked_for(code: str) -> str:
    """What may have become of messages, as one asks for it."""
    return _("once not handed over in time") if code == "returned" else became(code)


def class_(code: str) -> str:
    """What sort of message it is."""
    return name_in(CLASSES, code)


def outcome(one: MessageSeen, voice: Voice) -> str:
    """What became of a message, in a sentence."""
    reason = names.reason(one.reason)
    match one.became:
        case "sent":
            return _("Has gone out.")
        case "deferred":
            return _("Waits until %(when)s, or until what it waits for is over: %(why)s.") % {"when": voice.moment(one.until_at), "why": reason}
        case "suppressed":
            return _("Was not sent: %(why)s.") % {"why": reason}
        case "failed":
            return _("Did not reach the customer: %(why)s.") % {"why": names.failure(one.reason)}
        case "in_doubt":
            return _("Was handed over, and nobody knows whether it was taken. It is not sent again.")
        case "returned":
            return _("Was not handed over in time, and is decided anew.")
    return _("Was let go, and waits to be handed over.")


def title(one: MessageSeen) -> str:
    """What the message is called: by its template, else by its play."""
    name = one.template or one.play
    return names.play(name) if name else _("a message")
