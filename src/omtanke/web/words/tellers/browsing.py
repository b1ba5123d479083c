"""Looking around: searches, lists, offers, guides, wishes, the steps of the checkout, and forms."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.time import SECOND
from omtanke.web.words import common, names
from omtanke.web.words.names import quoted
from omtanke.web.words.tellers.told import BAD, Teller, Told, amount, coded, plain, simple, things
from omtanke.web.words.voice import Voice

MILLISECONDS = 1000


def searched(body: Any, fact: FactSeen, voice: Voice) -> Told:
    query = quoted(plain(fact, "query"))
    found = ngettext("%(n)s hit", "%(n)s hits", body.results) % {"n": voice.number(body.results)}
    return Told(_("Searched for %(query)s") % {"query": query} if query else _("Searched"), "", (found,) if body.results else ())


def list_viewed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    name = names.readable(body.category or body.list_id)
    return Told(_("Looked through %(list)s") % {"list": name} if name else _("Looked through a list of products"))


def list_filtered(body: Any, fact: FactSeen, voice: Voice) -> Told:
    name = names.readable(body.category or body.list_id)
    return Told(_("Narrowed down %(list)s") % {"list": name} if name else _("Narrowed down a list of products"))


def clicked(body: Any, fact: FactSeen, voice: Voice) -> Told:
    thing = things(fact)
    return Told(_("Opened %(thing)s") % {"thing": thing} if thing else _("Opened a product"), "", amount(body, voice, "price"))


def offer(what: str) -> Teller:
    return lambda body, fact, voice: Told(_(what), "", (names.readable(body.promotion),) if body.promotion else ())


def content(body: Any, fact: FactSeen, voice: Voice) -> Told:
    title, subject = quoted(plain(fact, "title")), names.readable(body.subject)
    if title:
        return Told(_("Read %(title)s") % {"title": title}, "", (subject,) if subject else ())
    return Told(_("Read about %(subject)s") % {"subject": subject or names.readable(body.content)})


def wished(body: Any, fact: FactSeen, voice: Voice) -> Told:
    thing = things(fact)
    return Told(_("Put %(thing)s on the wish list") % {"thing": thing} if thing else _("Put something on the wish list"))


def wished_no_more(body: Any, fact: FactSeen, voice: Voice) -> Told:
    thing = things(fact)
    return Told(_("Took %(thing)s off the wish list") % {"thing": thing} if thing else _("Took something off the wish list"))


def coupon_applied(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("The discount was taken off"), "", amount(body, voice, "discount"))


def coupon_denied(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("The discount code did not count"), "", coded(body.why), BAD)


def step_viewed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("Came to step %(step)s of the checkout") % {"step": body.step} if body.step else _("Came further in the checkout"))


def step_completed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("Finished step %(step)s of the checkout") % {"step": body.step} if body.step else _("Finished a step of the checkout"))


def took(body: Any, voice: Voice) -> tuple[str, ...]:
    """How long it took, where it was told."""
    return (voice.span(body.milliseconds * SECOND // MILLISECONDS),) if body.milliseconds else ()


def form_started(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("Began to fill in the form: %(form)s") % {"form": names.place_word(names.readable(body.form))})


def field_completed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    changes = ngettext("changed %(n)s time", "changed %(n)s times", body.changes) % {"n": voice.number(body.changes)}
    return Told(_("Filled in %(field)s") % {"field": common.field(body.field)}, "", (*took(body, voice), *((changes,) if body.changes else ())))


def field_failed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("We did not accept %(field)s") % {"field": common.field(body.field)}, "", coded(body.why), BAD)


def form_submitted(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("Sent the form: %(form)s") % {"form": names.place_word(names.readable(body.form))}, "", took(body, voice))


def form_abandoned(body: Any, fact: FactSeen, voice: Voice) -> Told:
    at_field = (_("at %(field)s") % {"field": common.field(body.field)},) if body.field else ()
    return Told(_("Gave up the form: %(form)s") % {"form": names.place_word(names.readable(body.form))}, "", at_field, BAD)


TELLERS: dict[str, Teller] = {
    "products_searched": searched,
    "product_list_viewed": list_viewed,
    "product_list_filtered": list_filtered,
    "product_clicked": clicked,
    "promotion_viewed": offer(names.say("Saw an offer")),
    "promotion_clicked": offer(names.say("Followed an offer")),
    "content_viewed": content,
    "product_added_to_wishlist": wished,
    "product_removed_from_wishlist": wished_no_more,
    "coupon_entered": simple(lambda: _("Entered a discount code"), "order"),
    "coupon_applied": coupon_applied,
    "coupon_denied": coupon_denied,
    "checkout_step_viewed": step_viewed,
    "checkout_step_completed": step_completed,
    "form_started": form_started,
    "form_field_completed": field_completed,
    "form_field_failed": field_failed,
    "form_submitted": form_submitted,
    "form_abandoned": form_abandoned,
}
