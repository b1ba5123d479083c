"""The page of a deed: a small form; saved, one is back where one was."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from omtanke.web.accounts.access import May, may, staff_of
from omtanke.web.accounts.looking import met
from omtanke.web.accounts.models import Seen
from omtanke.web.console.acting.about import About
from omtanke.web.console.acting.deeds import about_of, button, events_of, form_of, heading, sentence_case
from omtanke.web.console.acting.forms import ActForm, NewDateForm, new_key, read_window
from omtanke.web.console.acting.offers import Deed
from omtanke.web.console.acting.saving import may_save, save
from omtanke.web.console.acting.words import spoken
from omtanke.web.console.given import given_words
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words import names
from omtanke.web.words.promise_line import became_in_words
from omtanke.web.words.telling import tell
from omtanke.web.words.voice import Voice


@dataclass(frozen=True)
class Preview:
    """What the customer will be told. window: what we promise. words: as they read them. language: of the words."""

    window: str
    words: str
    language: str


@dataclass(frozen=True)
class ActPage:
    """A deed.

    title: what is done, and for whom. lines: what it is about. fault: why it was not saved, or empty. deed: its code.
    form: as it was filled in, None when nothing can be done. action: its address. button: what it says. back: where one came from.
    preview: what the customer will read, or None.
    """

    title: str
    lines: tuple[str, ...]
    fault: str
    deed: str
    form: ActForm | None
    action: str
    button: str
    back: str
    preview: Preview | None


@may(May.ACT)
def act(request: HttpRequest, deed: str, number: int) -> HttpResponseBase:
    """Ask, or do. What cannot be saved is said, and the form stays as it was filled in, with its key."""
    here, say = shop(), voice()
    if deed not in list(Deed):
        raise Http404
    about = about_of(here, Deed(deed), number)
    if about is None:
        raise Http404
    if not about.is_store:
        met(about.person, Seen.ACT)
    back = back_of(request, about)
    if not may_save(here):
        fault = _("These data have ended: they can be looked at, and nothing can be done in them.")
        return render(request, "acting/act.html", {"page": page_of(Deed(deed), about, None, back, say, request.path, fault)}, status=409)
    sent = request.POST if request.method == "POST" else None
    form = form_of(Deed(deed), about, here, say, sent, {"key": new_key(), "next": back})
    if sent is None:
        return show(request, Deed(deed), about, form, back, say)
    if "preview" in request.POST:
        if form.is_valid() and isinstance(form, NewDateForm):
            form.follow()
        return show(request, Deed(deed), about, form, back, say)
    return done(request, here, say, Deed(deed), about, form, back)


def done(request: HttpRequest, here: Shop, say: Voice, deed: Deed, about: About, form: ActForm, back: str) -> HttpResponse:
    if not form.is_valid():
        if "key" in form.errors:
            form.data = {**request.POST.dict(), "key": new_key()}
        return show(request, deed, about, form, back, say, status=422)
    staff = staff_of(request).pk
    key = f"{deed.value}:{about.number or about.customer}:{staff}:{form.cleaned_data['key']}"
    saved = save(here, about.customer, key, events_of(deed, about, staff, form))
    if saved.is_refused:
        form.data = {**request.POST.dict(), "key": new_key()}
    if saved.fault:
        return show(request, deed, about, form, back, say, saved.words, saved.status)
    return redirect(with_word(back, "now" if saved.is_shown else "soon"))


def show(request: HttpRequest, deed: Deed, about: About, form: ActForm, back: str, say: Voice, fault: str = "", status: int = 200) -> HttpResponse:
    return render(request, "acting/act.html", {"page": page_of(deed, about, form, back, say, request.path, fault)}, status=status)


def page_of(deed: Deed, about: About, form: ActForm | None, back: str, say: Voice, address: str, fault: str) -> ActPage:
    return ActPage(
        title=heading(deed, about),
        lines=tuple(lines(about, say)),
        fault=fault,
        deed=deed.value,
        form=form,
        action=address,
        button=button(deed),
        back=back,
        preview=preview(form, about, say) if isinstance(form, NewDateForm) else None,
    )


def preview(form: NewDateForm, about: About, say: Voice) -> Preview | None:
    """As it will stand, once the window makes sense."""
    one = about.promise
    window = form.window if form.is_bound else read_window(str(form.initial["when"]))
    if one is None or window is None or (form.is_bound and form.errors):
        return None
    words = form.cleaned_data["words"] if form.is_bound else form.initial["words"]
    local = say.of(about.shown.zone)
    said = sentence_case(local.window(window.from_at, window.until_at))
    return Preview(said, str(words), spoken(one.locale, str(settings.LANGUAGE_CODE)))


def lines(about: About, say: Voice) -> list[str]:
    """What the deed is about, in a few lines."""
    if about.promise is not None:
        one, local = about.promise, say.of(about.shown.zone)
        what = about.shown.what or names.kind(one.kind)
        promised = _("promised %(window)s") % {"window": local.window(one.from_at, one.until_at)}
        return [f"{what} · {promised}", became_in_words(one, local)]
    if about.answer is not None:
        said = tell(about.answer, say)
        quote = said.quote or (tell(about.comment, say).quote if about.comment else "")
        return [" · ".join((said.what, *dict.fromkeys(said.details))), *([quote] if quote else [])]
    if about.kind in ("play", "message"):
        return [given_words(about.task, about.entered)]
    return []


def back_of(request: HttpRequest, about: About) -> str:
    """The page one came from, when it is one of ours; else the promise, or the customer."""
    asked = (request.POST.get("next") if request.method == "POST" else request.GET.get("next")) or ""
    if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return "/" if about.number else reverse("customer", args=[about.person])


def with_word(address: str, word: str) -> str:
    """The address with a word on what came of it."""
    parts = urlsplit(address)
    query = urlencode([*((name, value) for name, value in parse_qsl(parts.query) if name != "saved"), ("saved", word)])
    return parts._replace(query=query).geturl()
