"""Alerts in words: what, how often, and the way there. No name and no address of a customer is in them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.storage.outbox_choices import Alert
from omtanke.web.accounts.access import May
from omtanke.web.console.calibration import drift_words
from omtanke.web.shop import Shop
from omtanke.web.words.voice import Voice

# Who may be told of what.
KIND_NEEDS = {
    "low_answer": May.SEE_PROMISES,
    "promise_broken": May.SEE_PROMISES,
    "at_risk_burst": May.SEE_PROMISES,
    "promises_drift": May.SEE_FIGURES,
    "receiver_off": May.MANAGE_RECEIVERS,
    "worker_behind": May.SEE_HEALTH,
    "customer_set_aside": May.SEE_HEALTH,
}


@dataclass(frozen=True)
class AlertText:
    """An alert.

    language: its own. said: in a sentence. since: from when it counts, or empty. action: what the link opens. address: absolute.
    choices: where alerts are chosen.
    """

    language: str
    said: str
    since: str
    action: str
    address: str
    choices: str


def alert_text(here: Shop, say: Voice, alert: Alert, base: str) -> AlertText:
    """The alert in the language of `say`."""
    path, action = way(here, alert)
    since = _("Since %(moment)s.") % {"moment": say.moment(alert.first_at)} if alert.times > 1 and alert.first_at else ""
    return AlertText(say.language, sentence(alert, say), since, action, base + path, base + reverse("letters"))


def sentence(alert: Alert, say: Voice) -> str:
    count, n = alert.times, say.number(alert.times)
    match alert.kind:
        case "low_answer":
            return ngettext("A customer is not content.", "%(n)s customers are not content.", count) % {"n": n}
        case "promise_broken":
            return ngettext("We broke a promise to a customer.", "We broke %(n)s promises to customers.", count) % {"n": n}
        case "at_risk_burst":
            return _("%(n)s promises came to be at risk within ten minutes.") % {"n": n}
        case "promises_drift":
            promised, held, promises = alert.detail.split()
            return drift_words(float(promised), int(held), int(promises), say)
        case "receiver_off":
            said = _("The receiver “%(name)s” answered that it is no longer there, and has been switched off.") % {"name": alert.detail}
            others = ngettext("So has one other.", "So have %(n)s others.", count - 1) % {"n": say.number(count - 1)} if count > 1 else ""
            return f"{said} {others}".strip()
        case "customer_set_aside":
            said = ngettext(
                "We have failed at a customer. What is told of them waits.", "We have failed at %(n)s customers. What is told of them waits.", count
            )
            return said % {"n": n}
    return _("We are behind: messages have waited for more than two minutes to be read.")


def way(here: Shop, alert: Alert) -> tuple[str, str]:
    """The very thing when there is one; else the page that lists them."""
    one = one_fact(here, alert) if alert.times == 1 else None
    match alert.kind:
        case "low_answer":
            return (reverse("customer", args=[one[0]]), _("Open the customer")) if one else (reverse("today"), _("Open Today"))
        case "promise_broken":
            return (reverse("promise", args=[one[1]]), _("Open the promise")) if one else (f"{reverse('promises')}?state=waiting#people", _("Open them"))
        case "at_risk_burst":
            return f"{reverse('promises')}?state=at_risk#people", _("Open them")
        case "promises_drift":
            return f"{reverse('promises')}?by=month#sure", _("Open how sure we were")
        case "receiver_off":
            return reverse("receivers"), _("Open the receivers")
    return reverse("health"), _("Open Health")


def one_fact(here: Shop, alert: Alert) -> tuple[int, int] | None:
    """(person, promise) of the fact behind the alert; None when there is none any more."""
    found = here.pages.facts_at([alert.position]) if alert.position else []
    return (found[0][0], getattr(found[0][1].body, "promise", 0)) if found else None
