"""What each role may do, and the guards that hold a page to it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from omtanke.web.accounts.codes import has_code
from omtanke.web.accounts.looking import on_record
from omtanke.web.accounts.models import Role, Staff
from omtanke.web.shop import show_customers

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class May(Enum):
    """Something that a role may or may not do."""

    SEE_PROMISES = "see promises, and what became of them"
    SEE_CUSTOMERS = "see who customers are: names, addresses, their own words, everything else that is personal"
    ACT = "act for a customer: take a row, give a new date, tell, close"
    LINK_CUSTOMERS = "say that two customers are one person, or that one is two"
    SEE_FIGURES = "see figures: rates, answers, costs"
    SEE_HEALTH = "see how Omtanke itself is doing"
    SEE_WIRE = "see what came in and went out, word for word: the door, deliveries, quarantined values"
    MANAGE_RECEIVERS = "say who is told by webhook"
    MANAGE_POLICY = "change what the shop has decided"
    ERASE = "erase a customer, and read the receipts"
    ANSWER_REQUESTS = "answer what customers ask about their own data: copy, correct, leave alone; see who has looked at whom"
    MANAGE_STAFF = "invite colleagues, change roles, read what staff have done"


MEETS_CUSTOMERS = frozenset({May.SEE_PROMISES, May.SEE_CUSTOMERS, May.ACT, May.SEE_FIGURES})
ABILITIES: dict[Role, frozenset[May]] = {
    Role.LEAD: frozenset(May),
    Role.SERVICE: MEETS_CUSTOMERS | {May.LINK_CUSTOMERS},
    Role.STORE: MEETS_CUSTOMERS,
    Role.ANALYST: frozenset({May.SEE_PROMISES, May.SEE_FIGURES}),
    Role.DEVELOPER: frozenset({May.SEE_PROMISES, May.SEE_HEALTH, May.SEE_WIRE, May.MANAGE_RECEIVERS}),
}


def abilities_of(staff: Staff) -> frozenset[May]:
    """What somebody may do; nothing, once their account is closed."""
    return ABILITIES.get(Role(staff.role), frozenset()) if staff.is_active else frozenset()


def is_allowed(request: HttpRequest, ability: May) -> bool:
    """Whether the one who asks may do it; nobody may who has not signed in."""
    return isinstance(request.user, Staff) and ability in abilities_of(request.user)


def signed_in(view: View[P]) -> View[P]:
    """The view for those who are signed in; others are shown the door that leads back here. Never kept in a cache."""
    return _guarded(view, frozenset())


def may(*abilities: May) -> Callable[[View[P]], View[P]]:
    """The view for those who may do all of this; others who are signed in are told that it is not for their role."""

    def guard(view: View[P]) -> View[P]:
        return _guarded(view, frozenset(abilities))

    return guard


def own_account(view: View[P]) -> View[P]:
    """The view for whoever is signed in, about their own account: open also to those who have yet to turn codes on."""
    return _guarded(view, frozenset(), is_own=True)


def must_turn_codes_on(staff: Staff) -> bool:
    """Whether the shop wants a code of them at sign-in and they have none yet."""
    return bool(settings.OMTANKE_LEADS_NEED_CODE) and staff.role == Role.LEAD and not has_code(staff)


def _guarded(view: View[P], needed: frozenset[May], *, is_own: bool = False) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        staff = request.user
        if not isinstance(staff, Staff):
            return redirect_to_login(request.get_full_path())
        abilities = abilities_of(staff)
        if not needed <= abilities:
            raise PermissionDenied
        if not is_own and must_turn_codes_on(staff):
            return redirect("turn_codes_on")
        show_customers(May.SEE_CUSTOMERS in abilities)
        with on_record(staff):
            response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponse) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    guarded.needs = needed  # type: ignore[attr-defined]
    return guarded


def opens(address: str, abilities: frozenset[May]) -> bool:
    """Whether an address of ours opens for those who may do that much."""
    try:
        return getattr(resolve(address).func, "needs", frozenset()) <= abilities
    except Resolver404:
        return False


def staff_of(request: HttpRequest) -> Staff:
    """Who is signed in; only behind `signed_in` or `may`."""
    assert isinstance(request.user, Staff)
    return request.user
