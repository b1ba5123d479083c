"""A new link to a customer's own page, for a colleague who has the customer on the telephone. Who made it is on record; the link is not."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from omtanke.runtime.customer_links import LASTS, MY_PAGE, path_of
from omtanke.vocabulary.task import OwnPageLinkMade
from omtanke.vocabulary.time import local_date
from omtanke.web.accounts.access import May, may, staff_of
from omtanke.web.accounts.looking import met
from omtanke.web.accounts.models import Seen
from omtanke.web.console.acting.forms import TakeForm, new_key
from omtanke.web.console.acting.saving import Event, may_save, save
from omtanke.web.console.rows import who
from omtanke.web.outgoing import written
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words.voice import Voice


@dataclass(frozen=True)
class OwnLinkPage:
    """A link to a customer's own page, before it is made and after.

    title: whose. fault: why it was not made, or empty. link: the whole address, empty before. until: for how long it can be used, in words. form: the key that
    makes it act once, None where nothing can be done. back: the customer's number.
    """

    title: str
    fault: str
    link: str
    until: str
    form: TakeForm | None
    back: int


@may(May.SEE_CUSTOMERS, May.ACT)
def own_link(request: HttpRequest, person: int) -> HttpResponseBase:
    """Ask, or make one. It is shown once, when it is on record who has made it."""
    here, say = shop(), voice()
    leads = here.pages.person_of(person)
    if leads is None or leads[1] == "subject" or here.pages.erasure(person) is not None:
        raise Http404
    if leads[0] != person:
        return redirect("own_link", leads[0])
    met(person, Seen.ACT)
    if not may_save(here):
        fault = _("These data have ended: they can be looked at, and nothing can be done in them.")
        return shown(request, page_of(here, person, say, None, fault), 409)
    form = TakeForm(request.POST if request.method == "POST" else None, initial={"key": new_key()})
    if not form.is_bound:
        return shown(request, page_of(here, person, say, form))
    if not form.is_valid():
        return shown(request, page_of(here, person, say, TakeForm(initial={"key": new_key()}), str(form.errors["key"][0])), 422)
    staff = staff_of(request).pk
    saved = save(here, person, f"own-link:{person}:{staff}:{form.cleaned_data['key']}", [Event(OwnPageLinkMade, {"staff": staff})])
    if saved.fault:
        return shown(request, page_of(here, person, say, form, saved.words), saved.status)
    base = (written().pages_address or request.build_absolute_uri("/")).rstrip("/")
    return shown(request, page_of(here, person, say, None, link=base + path_of(here.keys, MY_PAGE, person, here.clock.now())))


def shown(request: HttpRequest, page: OwnLinkPage, status: int = 200) -> HttpResponseBase:
    """What lets in is kept by no browser."""
    response = render(request, "console/own_link.html", {"page": page}, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def page_of(here: Shop, person: int, say: Voice, form: TakeForm | None, fault: str = "", link: str = "") -> OwnLinkPage:
    (one,) = here.pages.known([person])
    return OwnLinkPage(
        title=_("A link for %(name)s to their own page") % {"name": who(one.name, one.city, person)},
        fault=fault,
        link=link,
        until=_("It can be used until %(day)s.") % {"day": say.day(local_date(here.clock.now() + LASTS[MY_PAGE], say.zone))},
        form=form,
        back=person,
    )
