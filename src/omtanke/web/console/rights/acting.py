"""The page of a deed about somebody's rights: a small form; saved, one is back where one was."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from omtanke.web.accounts.access import May, may, staff_of
from omtanke.web.accounts.looking import met
from omtanke.web.accounts.models import Seen
from omtanke.web.console.acting.forms import ActForm, new_key
from omtanke.web.console.acting.saving import may_save, save
from omtanke.web.console.acting.views import with_word
from omtanke.web.console.rights.deeds import FORMS, Concerned, RightsDeed, button, concerned, event_of, heading, initial_of, lines
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words.voice import Voice


@dataclass(frozen=True)
class RightsActPage:
    """A deed. title: what is done, and for whom. lines: what one has to know. fault: why it was not saved, or empty. form: as it was filled in, None when
    nothing can be done. action: its address. button: what it says. back: where one came from."""

    title: str
    lines: tuple[str, ...]
    fault: str
    form: ActForm | None
    action: str
    button: str
    back: str


@may(May.ANSWER_REQUESTS, May.SEE_CUSTOMERS)
@require_http_methods(["GET", "POST"])
def rights_act(request: HttpRequest, deed: str, number: int) -> HttpResponseBase:
    """Ask, or do. What cannot be saved is said, and the form stays as it was filled in, with its key."""
    here, say = shop(), voice()
    about = concerned(here, RightsDeed(deed), number) if deed in list(RightsDeed) else None
    if about is None:
        raise Http404
    met(about.known.person, Seen.ACT if request.method == "POST" else Seen.DATA)
    back = back_of(request, about)
    if not may_save(here):
        fault = _("These data have ended: they can be looked at, and nothing can be done in them.")
        return show(request, RightsDeed(deed), about, None, back, say, fault, 409)
    sent = request.POST if request.method == "POST" else None
    form = FORMS[RightsDeed(deed)](sent, initial=initial_of(RightsDeed(deed), about, say) | {"key": new_key(), "next": back})
    return show(request, RightsDeed(deed), about, form, back, say) if sent is None else done(request, here, say, RightsDeed(deed), about, form, back)


def done(request: HttpRequest, here: Shop, say: Voice, deed: RightsDeed, about: Concerned, form: ActForm, back: str) -> HttpResponse:
    if not form.is_valid():
        if "key" in form.errors:
            form.data = {**request.POST.dict(), "key": new_key()}
        return show(request, deed, about, form, back, say, status=422)
    staff = staff_of(request).pk
    key = f"rights-{deed.value}:{about.request.promise if about.request else about.customer}:{staff}:{form.cleaned_data['key']}"
    saved = save(here, about.customer, key, [event_of(deed, about, staff, form)])
    if saved.fault:
        return show(request, deed, about, form, back, say, _("It was not saved: %(why)s Try again; nothing is done twice.") % {"why": saved.fault}, 503)
    return redirect(with_word(back, "now" if saved.is_shown else "soon"))


def show(
    request: HttpRequest, deed: RightsDeed, about: Concerned, form: ActForm | None, back: str, say: Voice, fault: str = "", status: int = 200
) -> HttpResponse:
    page = RightsActPage(heading(deed, about), tuple(lines(deed, about, say)), fault, form, request.path, button(deed), back)
    return render(request, "rights/act.html", {"page": page}, status=status)


def back_of(request: HttpRequest, about: Concerned) -> str:
    """The page one came from, else that of the person's requests."""
    back = request.POST.get("next") or request.GET.get("next", "")
    return back if url_has_allowed_host_and_scheme(back, None) else reverse("rights_of", args=[about.known.person])
