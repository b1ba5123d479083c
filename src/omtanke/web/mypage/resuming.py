"""On with a cart: to the shop's own page of it, else to what lies in it. That a link was opened is noted, and no more."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from omtanke.runtime.carts_seen import CartSeen, carts_of
from omtanke.runtime.customer_links import RESUME
from omtanke.vocabulary.page import LinkOpened
from omtanke.vocabulary.time import DAY
from omtanke.web.mypage.carts import CartPart, cart_part, shop_address
from omtanke.web.mypage.entering import Guest, enter
from omtanke.web.mypage.saving import Wish, put
from omtanke.web.mypage.showing import closed, not_let_in, shop_name, show
from omtanke.web.shop import Shop, shop, voice


@dataclass(frozen=True)
class CartPage:
    """A cart by itself. shop: what the shop is called. language: the customer's. sentence: how it stands. cart: what lies in it, None for nothing."""

    shop: str
    language: str
    sentence: str
    cart: CartPart | None


@require_safe
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """To the cart, if it is this customer's and has not been bought."""
    guest = enter(RESUME, token)
    if isinstance(guest, str):
        return not_let_in(request, guest)
    with translation.override(guest.language):
        here = shop()
        cart = carts_of(here.pages, guest.person, here.currency).get(guest.about)
        if cart is not None and request.method == "GET":
            note(here, guest, cart)
        address = shop_address(here, cart) if cart is not None and not cart.is_bought else ""
        return closed(HttpResponseRedirect(address)) if address else show(request, "cart", page_of(here, guest, cart))


def note(here: Shop, guest: Guest, cart: CartSeen) -> None:
    """Once a day for a cart, however often it is opened. Who cannot be noted goes on all the same."""
    put(here, guest.customer, [Wish(LinkOpened, {"link": "resume", "cart": cart.cart}, f"resume:{cart.cart}:{here.clock.now() // DAY}")], wait_seconds=0)


def page_of(here: Shop, guest: Guest, cart: CartSeen | None) -> CartPage:
    if cart is not None and cart.lines and not cart.is_bought:
        return CartPage(shop_name(here), guest.language, _("This is in your cart."), cart_part(cart, voice()))
    bought = cart is not None and cart.is_bought
    return CartPage(shop_name(here), guest.language, _("You have bought what was in this cart.") if bought else _("There is nothing left in this cart."), None)
