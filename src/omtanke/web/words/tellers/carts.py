"""Carts, products and pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.storage.seen import FactSeen
from omtanke.web.words.names import quoted
from omtanke.web.words.tellers.told import GOOD, Teller, Told, amount, simple, things
from omtanke.web.words.voice import Voice


def added(body: Any, fact: FactSeen, voice: Voice) -> Told:
    thing = things(fact)
    what = _("Put %(thing)s in the cart") % {"thing": thing} if thing else _("Put something in the cart")
    return Told(what, "", amount(body, voice, "price"))


def removed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    thing = things(fact)
    return Told(_("Took %(thing)s out of the cart") % {"thing": thing} if thing else _("Took something out of the cart"))


def viewed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    thing = things(fact)
    return Told(_("Looked at %(thing)s") % {"thing": thing} if thing else _("Looked at a product"), "", amount(body, voice, "price"))


def page_viewed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    said = fact.personal.get("properties") or {}
    title = str(said.get("title") or said.get("url") or "")
    return Told(_("Looked at the page %(title)s") % {"title": quoted(title)} if title else _("Looked at a page"))


def cart_left(body: Any, fact: FactSeen, voice: Voice) -> Told:
    pieces = ngettext("%(n)s thing in it", "%(n)s things in it", body.pieces) % {"n": voice.number(body.pieces)}
    return Told(_("Left the cart"), "", (pieces, *amount(body, voice, "worth")))


TELLERS: dict[str, Teller] = {
    "product_added": added,
    "product_removed": removed,
    "cart_viewed": simple(lambda: _("Looked at the cart")),
    "checkout_started": simple(lambda: _("Went to the checkout")),
    "cart_left": cart_left,
    "cart_taken_up": simple(lambda: _("Took the cart up again")),
    "cart_closed": simple(lambda: _("The cart became an order")),
    "product_viewed": viewed,
    "product_restocked": simple(lambda: _("The product is back"), "product", mood=GOOD),
    "page_viewed": page_viewed,
    "screen_viewed": page_viewed,
    "link_opened": simple(lambda: _("The link to the cart was opened")),
}
