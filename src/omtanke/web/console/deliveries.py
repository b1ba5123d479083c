"""Deliveries: what has left the house, what waits, and what did not arrive."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from omtanke.channels.webhook.payload import PING, Payloads, webhook_type
from omtanke.folder_clock import wall_clock
from omtanke.runtime.survey_links import survey_path
from omtanke.storage.outbox_deliveries import Attempt, Count, Delivery
from omtanke.storage.outbox_facts import Facts
from omtanke.vocabulary.time import day_starts_at
from omtanke.web.accounts.access import May, is_allowed, may
from omtanke.web.accounts.looking import met
from omtanke.web.accounts.models import Seen
from omtanke.web.console.filters import Choice
from omtanke.web.outgoing import outbox, written
from omtanke.web.shop import shop, voice
from omtanke.web.words.names import count_word
from omtanke.web.words.voice import Voice

PAGE_SIZE = 50
MAIL_WAY, SMS_WAY = CUSTOMER_WAYS = ("customer_mail", "customer_sms")
LARGEST = 2**63 - 1
STATES = ("waiting", "delivered", "failed", "dropped")
LOOKS = {"waiting": "", "delivered": "kept", "failed": "broken", "dropped": "still"}
SINCE_DAYS = (1, 3, 7, 30)


@dataclass(frozen=True)
class DeliveryRow:
    """A delivery in the list.

    what: type of fact, letter … address: its page. to: whom. state, look: how it stands. when: it was made.
    tries: how many, and the last answer. following: the next try, or empty.
    """

    what: str
    address: str
    to: str
    state: str
    look: str
    when: str
    tries: str
    following: str


@dataclass(frozen=True)
class DeliveriesPage:
    """Deliveries.

    sentence: how it stands. warning: what keeps mail from leaving, or empty. said: what was just done, or empty. receivers, states: filters. rows: the list.
    again: spans from which everything failed can be sent again, empty when nothing failed or no receiver is chosen. receiver: its number, 0 for all.
    earlier: the address of more, or empty.
    """

    sentence: str
    warning: str
    said: str
    receivers: tuple[Choice, ...]
    states: tuple[Choice, ...]
    rows: tuple[DeliveryRow, ...]
    again: tuple[Choice, ...]
    receiver: int
    earlier: str


@dataclass(frozen=True)
class TryLine:
    """A try. when: it was made. answer: status, or that there was none. said: the beginning of the answer, or empty. took: how long."""

    when: str
    answer: str
    said: str
    took: str


@dataclass(frozen=True)
class DeliveryPage:
    """One delivery.

    title: what it is. to: whom, to_address: their page or empty. state, look: how it stands. about: when it was made and what comes next.
    id: webhook-id, or empty. tries: all of them. payload: as it would be sent now, empty when there is none or it is not to be seen.
    fact: the address of what it tells, or empty. may_send: whether it can be sent again.
    """

    title: str
    to: str
    to_address: str
    state: str
    look: str
    about: str
    id: str
    tries: tuple[TryLine, ...]
    payload: str
    fact: str
    may_send: bool


@may(May.MANAGE_RECEIVERS)
@require_http_methods(["GET", "POST"])
def deliveries(request: HttpRequest) -> HttpResponseBase:
    """All of them, or those of one receiver; what failed can be sent again."""
    if request.method == "POST":
        return send_again(request)
    return render(request, "console/deliveries.html", {"page": deliveries_page(request.GET.dict(), voice(wall_clock()))})


def send_again(request: HttpRequest) -> HttpResponseBase:
    """Everything that did not reach a receiver since so many days ago."""
    receiver, days = whole(request.POST.get("receiver")), whole(request.POST.get("days"))
    if days not in SINCE_DAYS or outbox().receivers.get(receiver) is None:
        raise Http404
    say = voice(wall_clock())
    since = day_starts_at(say.today - timedelta(days=days), say.zone)
    count = outbox().deliveries.resend_failed(receiver, since, wall_clock())
    return redirect(f"{reverse('deliveries')}?{urlencode({'receiver': receiver, 'again': count})}")


def whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


def deliveries_page(query: Mapping[str, str], say: Voice) -> DeliveriesPage:
    box = outbox()
    receiver, state = whole(query.get("receiver")), query.get("state", "") if query.get("state") in STATES else ""
    before = whole(query.get("before")) or LARGEST
    found = box.deliveries.listed(before, PAGE_SIZE + 1, receiver, state=state)
    attempts = box.deliveries.attempts([one.delivery for one in found])
    named = {one.receiver: one.description for one in box.receivers.all()}
    counts = [count for count in box.deliveries.counts() if not receiver or count.receiver == receiver]
    has_failed = any(count.state == "failed" for count in counts)
    again = whole(query.get("again")) if "again" in query else -1
    return DeliveriesPage(
        sentence=sentence(counts, say),
        warning=warning(counts, say),
        said=ngettext("%(n)s is sent again.", "%(n)s are sent again.", again) % {"n": say.number(again)} if again >= 0 else "",
        receivers=(Choice("", _("everybody"), not receiver), *(Choice(str(number), name, number == receiver) for number, name in named.items())),
        states=(Choice("", _("all"), not state), *(Choice(one, state_word(one), one == state) for one in STATES)),
        rows=tuple(delivery_row(one, attempts.get(one.delivery, ()), named, say) for one in found[:PAGE_SIZE]),
        again=tuple(Choice(str(days), since_words(days), False) for days in SINCE_DAYS) if receiver and has_failed else (),
        receiver=receiver,
        earlier="?" + urlencode({"receiver": receiver, "state": state, "before": found[PAGE_SIZE - 1].delivery}) if len(found) > PAGE_SIZE else "",
    )


def since_words(days: int) -> str:
    return _("since yesterday") if days == 1 else _("of the last %(n)s days") % {"n": days}


def sentence(counts: Sequence[Count], say: Voice) -> str:
    """Allt har kommit fram."""
    by_state = {state: sum(count.count for count in counts if count.state == state) for state in STATES}
    failed, waiting = by_state["failed"], by_state["waiting"]
    if failed:
        return ngettext("%(n)s delivery did not arrive.", "%(n)s deliveries did not arrive.", failed) % {"n": count_word(failed, say.number)}
    if waiting:
        return ngettext("%(n)s delivery is on its way.", "%(n)s deliveries are on their way.", waiting) % {"n": count_word(waiting, say.number)}
    return _("Everything has arrived.") if any(by_state.values()) else _("Nothing has been sent yet.")


def warning(counts: Sequence[Count], say: Voice) -> str:
    """Mail waits as long as there is nobody to hand it to."""
    waiting = sum(count.count for count in counts if count.way == "mail" and count.state == "waiting")
    if not waiting or written().mail:
        return ""
    said = ngettext("%(n)s letter waits", "%(n)s letters wait", waiting) % {"n": say.number(waiting)}
    return _("%(letters)s: no mail server is named in the settings.") % {"letters": said}


def state_word(state: str) -> str:
    return {"waiting": _("on its way"), "delivered": _("arrived"), "failed": _("did not arrive"), "dropped": _("dropped")}[state]


def delivery_row(one: Delivery, attempts: Sequence[Attempt], named: Mapping[int, str], say: Voice) -> DeliveryRow:
    last = answer_words(attempts[-1]) if attempts else ""
    count = ngettext("%(n)s try", "%(n)s tries", one.attempts) % {"n": say.number(one.attempts)} if one.attempts else ""
    return DeliveryRow(
        what=what(one),
        address=reverse("delivery", args=[one.delivery]),
        to=named.get(one.receiver, _("removed")) if one.way == "webhook" else recipient(one),
        state=state_word(one.state),
        look=LOOKS[one.state],
        when=say.moment(one.made_at),
        tries=" · ".join(part for part in (count, last) if part),
        following=say.moment(one.due_at) if one.state == "waiting" and one.attempts else "",
    )


def what(one: Delivery) -> str:
    """promise.broken; a message to a customer, a letter, an alert, a mail about an account."""
    if one.way == "webhook":
        return _("A try") if one.type == PING else webhook_type(one.type)
    if one.way in CUSTOMER_WAYS:
        return _("Message to a customer")
    return {"letter": _("Morning letter"), "alert": _("Alert")}.get(one.type, _("Mail about an account"))


def recipient(one: Delivery) -> str:
    """To whom of the staff a message goes; a chat's address is theirs alone, and a customer's is read from the log when it is sent."""
    if one.way in CUSTOMER_WAYS:
        return _("a customer, by text message") if one.way == SMS_WAY else _("a customer, by e-mail")
    message = outbox().deliveries.message(one.delivery)
    if one.way == "chat":
        return _("chat")
    return message.recipient if message else _("e-mail")


def answer_words(attempt: Attempt) -> str:
    return str(attempt.status) if attempt.status else _("no answer")


@may(May.MANAGE_RECEIVERS)
@require_http_methods(["GET", "POST"])
def delivery(request: HttpRequest, number: int) -> HttpResponseBase:
    """One of them, with every try; it can be sent again."""
    one = outbox().deliveries.get(number)
    if one is None:
        raise Http404
    if request.method == "POST":
        outbox().deliveries.resend(number, wall_clock())
        return redirect("delivery", number)
    page = delivery_page(one, voice(wall_clock()), sees_wire=is_allowed(request, May.SEE_WIRE))
    return render(request, "console/delivery.html", {"page": page})


def delivery_page(one: Delivery, say: Voice, *, sees_wire: bool) -> DeliveryPage:
    receiver = outbox().receivers.get(one.receiver) if one.receiver else None
    is_there = receiver is not None and receiver.state not in ("off", "removed")
    has_text = outbox().deliveries.message(one.delivery) is not None
    return DeliveryPage(
        title=what(one),
        to=receiver.description if receiver else recipient(one),
        to_address=reverse("receiver", args=[one.receiver]) if receiver and receiver.state != "removed" else "",
        state=state_word(one.state),
        look=LOOKS[one.state],
        about=about(one, say),
        id=one.key if one.way == "webhook" else "",
        tries=tuple(try_lines(outbox().deliveries.attempts([one.delivery]).get(one.delivery, ()), say)),
        payload=payload(one) if sees_wire and one.way == "webhook" else "",
        fact=fact_address(one) if sees_wire else "",
        may_send=is_there if one.way == "webhook" else has_text,
    )


def about(one: Delivery, say: Voice) -> str:
    made = _("Made %(moment)s.") % {"moment": say.moment(one.made_at)}
    if one.state == "waiting":
        after = _("The next try is due %(moment)s.") % {"moment": say.moment(max(one.due_at, say.now))} if one.attempts else _("It leaves as soon as it can.")
    else:
        after = _("Ended %(moment)s.") % {"moment": say.moment(one.ended_at)}
    return f"{made} {after}"


def try_lines(attempts: Sequence[Attempt], say: Voice) -> Iterator[TryLine]:
    for one in attempts:
        yield TryLine(say.exact(one.at), answer_words(one), one.answer, _("%(n)s ms") % {"n": say.number(one.took / 1000)})


def payload(one: Delivery) -> str:
    """As it would be sent now: what has been erased since is not in it."""
    facts, here = Facts(shop().data), shop()
    try:
        if found := facts.at(one.position):
            met(found[0], Seen.WIRE)
        base = written().pages_address
        made = Payloads(facts, base, lambda fact: survey_path(here.keys, fact.position))
        raw = made.ping(one.made_at) if one.type == PING else made.of_fact(one.position)
    finally:
        facts.close()
    return json.dumps(json.loads(raw), indent=2, ensure_ascii=False) if raw else ""


def fact_address(one: Delivery) -> str:
    """The promise that it tells of, where it tells of one."""
    found = shop().pages.facts_at([one.position]) if one.position else []
    number = getattr(found[0][1].body, "promise", 0) if found and found[0][1].is_decided else 0
    return reverse("promise", args=[number]) if number else ""
