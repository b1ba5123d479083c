"""My page: what is on its way, a cart to go on with, what we may send, and how we may turn to the customer."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from omtanke.runtime.carts_seen import cart_to_go_on_with, carts_of
from omtanke.runtime.consents import consents_of, policy_in_force
from omtanke.runtime.customer_links import MY_PAGE, RESUME, path_of
from omtanke.runtime.to_customers.filling import first_name
from omtanke.web.console.acting.forms import KEY, new_key
from omtanke.web.mypage.allowing import Said, Switch, said_so_far, switches, wish_of
from omtanke.web.mypage.carts import CartPart, cart_part, shop_address
from omtanke.web.mypage.choosing import PreferencesForm, wishes_of
from omtanke.web.mypage.entering import Guest, enter
from omtanke.web.mypage.owed import Promises, promises_to
from omtanke.web.mypage.saving import NOT_SAVED, NOW, SOON, Wish, put
from omtanke.web.mypage.showing import closed, not_let_in, not_saved, shop_name, show
from omtanke.web.shop import Shop, shop, voice


@dataclass(frozen=True)
class MyPage:
    """A customer's own page.

    shop: what the shop is called. language: the customer's. greeting: to them by name, or empty. promises: what we have promised. cart: one to go on with,
    None for none. switches: what we may send without being asked. said: what they have said of it so far. form: how we may turn to them.
    key: makes a form that is sent twice act once. saved: what came of what they have just said, or empty. fault: why it did not come to anything, or empty.
    """

    shop: str
    language: str
    greeting: str
    promises: Promises
    cart: CartPart | None
    switches: tuple[Switch, ...]
    said: tuple[Said, ...]
    form: PreferencesForm
    key: str
    saved: str = ""
    fault: str = ""


@csrf_exempt  # the link itself is what lets in; it signs nobody in
@require_http_methods(["GET", "HEAD", "POST"])
def my_page(request: HttpRequest, token: str) -> HttpResponse:
    """What is theirs, and what they choose. Only a POST changes anything."""
    guest = enter(MY_PAGE, token)
    if isinstance(guest, str):
        return not_let_in(request, guest)
    with translation.override(guest.language):
        here = shop()
        if request.method == "POST":
            return changed(request, here, guest)
        return show(request, "my_page", page_of(here, guest, saved=saved_words(request.GET.get("saved", ""))))


def changed(request: HttpRequest, here: Shop, guest: Guest) -> HttpResponse:
    """What the customer has said becomes durable; what could not be saved stays in the form."""
    key, form = request.POST.get("key", ""), None
    wishes: list[Wish] | None = None
    if KEY.fullmatch(key) and "wish" in request.POST:
        policy = policy_in_force(here.pages)
        wish = wish_of(request.POST["wish"], consents_of(here.pages, guest.person), policy, key) if policy else None
        wishes = [wish] if wish else None
    elif KEY.fullmatch(key):
        form = form_of(here, guest, request)
        wishes = wishes_of(form, key, voice().today) if form.is_valid() else None
    if wishes is None:
        return show(request, "my_page", page_of(here, guest, form, fault=_("That could not be understood. Nothing has been changed.")), 400)
    saved = put(here, guest.customer, wishes)
    if saved == NOT_SAVED:
        return show(request, "my_page", page_of(here, guest, form, fault=not_saved(), key=key), 503)
    return closed(HttpResponseRedirect(f"{request.path}?saved={saved}"))


def form_of(here: Shop, guest: Guest, request: HttpRequest | None = None) -> PreferencesForm:
    return PreferencesForm(request.POST if request else None, guest, policy_in_force(here.pages), voice())


def page_of(here: Shop, guest: Guest, form: PreferencesForm | None = None, saved: str = "", fault: str = "", key: str = "") -> MyPage:
    say, pages, policy = voice(), here.pages, policy_in_force(here.pages)
    name = first_name(guest.known.name)
    return MyPage(
        shop=shop_name(here),
        language=guest.language,
        greeting=_("Hello %(name)s.") % {"name": name} if name else "",
        promises=promises_to(pages, guest.person, say),
        cart=cart_of(here, guest),
        switches=switches(consents_of(pages, guest.person), policy, say) if policy else (),
        said=said_so_far(pages.consent_facts(guest.person), say),
        form=form or form_of(here, guest),
        key=key or new_key(),
        saved=saved,
        fault=fault,
    )


def cart_of(here: Shop, guest: Guest) -> CartPart | None:
    """The last cart that they left, with the link that goes on with it where the shop has said where."""
    cart = cart_to_go_on_with(carts_of(here.pages, guest.person, here.currency))
    if cart is None:
        return None
    leads_on = cart.cart and shop_address(here, cart)
    return cart_part(cart, voice(), path_of(here.keys, RESUME, guest.customer, here.clock.now(), cart.cart) if leads_on else "")


def saved_words(word: str) -> str:
    return {NOW: _("Saved."), SOON: _("Saved. It will show in a moment.")}.get(word, "")
