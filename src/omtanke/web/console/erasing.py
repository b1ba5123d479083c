"""Erasing a customer: what goes, what stays and until when; then the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omtanke.runtime.erase import erasure_key
from omtanke.storage.backup_list import read_backups
from omtanke.storage.erasing import Backup, Erasure
from omtanke.vocabulary.erasure import ErasureRequested
from omtanke.web.accounts.access import May, may, staff_of
from omtanke.web.accounts.looking import met
from omtanke.web.accounts.models import Seen
from omtanke.web.console.acting.saving import Event, may_save, save
from omtanke.web.console.live import live
from omtanke.web.console.rows import who
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words.voice import Voice

POLL_MS, BEAT_SECONDS = 1_000, 3_600
# What went, in the order in which it is told; each is a number of the receipt.
WENT = {
    "parts": gettext_lazy("events that no longer say anything personal"),
    "identifiers": gettext_lazy("identifiers that lead to nobody any more"),
    "numbers": gettext_lazy("numbers of orders, parcels and cases that lead to nobody any more"),
    "quarantined": gettext_lazy("messages that had not been understood"),
    "calls": gettext_lazy("events in the debugger"),
    "waiting": gettext_lazy("rows of imports that waited"),
    "letters": gettext_lazy("letters to colleagues that named them"),
    "sessions": gettext_lazy("sign-ins under way that named them"),
    "exports": gettext_lazy("files that had been made for them"),
    "withdrawn": gettext_lazy("open promises that were withdrawn"),
}


class EraseForm(forms.Form):
    """Somebody has made sure."""

    sure = forms.BooleanField(label=gettext_lazy("It is the right person, and nothing of this has to be kept by law"))


@dataclass(frozen=True)
class Gone:
    """A line of the receipt. number: how many. what: in words."""

    number: str
    what: str


@dataclass(frozen=True)
class ErasingPage:
    """A customer who is to be erased, or has been.

    title: what the page is about. state: ask, received, running, partly_done, done or ended (the data are looked at only). sentence: how it
    stands. fault: why it was not saved, or empty. going: what goes. staying: what stays, and until when. went: the receipt. form: the question,
    or None. back: the customer's page.
    """

    title: str
    state: str
    sentence: str
    fault: str
    going: tuple[str, ...]
    staying: tuple[str, ...]
    went: tuple[Gone, ...]
    form: EraseForm | None
    back: int


def erasing_mark(request: HttpRequest, person: int) -> object:
    """How far it has come."""
    erasure = shop().pages.erasure(person)
    return erasure and erasure.status


@may(May.SEE_CUSTOMERS, May.ERASE)
@live(erasing_mark, POLL_MS, BEAT_SECONDS, is_always=True)
def erase(request: HttpRequest, person: int) -> HttpResponseBase:
    """Ask, do, or show what has been done."""
    here, say = shop(), voice()
    leads = here.pages.person_of(person)
    if leads is None or leads[1] == "subject":
        raise Http404
    if leads[0] != person:
        return redirect("erase", leads[0])
    erasure = here.pages.erasure(person)
    if erasure is not None:
        return render(request, "console/erasing.html", {"page": receipt_page(erasure, say)})
    met(person, Seen.ACT)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not may_save(here) or not form.is_valid():
        page = asking_page(here, say, person, form)
        return render(request, "console/erasing.html", {"page": page}, status=422 if form.errors else 200)
    saved = save(here, person, erasure_key(person), [Event(ErasureRequested, {"staff": staff_of(request).pk})])
    if saved.fault:
        return render(request, "console/erasing.html", {"page": asking_page(here, say, person, form, saved.fault)}, status=503)
    return redirect("erase", person)


def asking_page(here: Shop, say: Voice, person: int, form: EraseForm, fault: str = "") -> ErasingPage:
    (one,) = here.pages.known([person])
    is_live = may_save(here)
    return ErasingPage(
        title=_("Forget %(name)s?") % {"name": who(one.name, one.city, person)},
        state="ask" if is_live else "ended",
        sentence=asking_words() if is_live else _("These data have ended. Erase with the command omtanke rights erase."),
        fault=_("It was not saved: %(why)s Try again; nothing is done twice.") % {"why": fault} if fault else "",
        going=going(),
        staying=tuple(staying(read_backups(here.data), say)),
        went=(),
        form=form if is_live else None,
        back=person,
    )


def asking_words() -> str:
    return _("Everything that could tell who it is goes, in every store. It cannot be undone.")


def going() -> tuple[str, ...]:
    return (
        _("Names, addresses, e-mail, telephone, and every number by which they are found"),
        _("What they have written, and what colleagues have noted"),
        _("Open promises are withdrawn, and what was to be done for them is closed"),
    )


def staying(backups: list[Backup] | tuple[Backup, ...], say: Voice) -> Iterator[str]:
    """What stays, and until when."""
    yield _("What has been counted: that a promise was kept or broken, without anything of whose it was")
    yield _("A message that nobody could understand and that names nobody cannot be known to be theirs")
    for backup in backups:
        until = say.moment(backup.keep_until)
        yield _("A back-up until %(until)s; whoever restores it erases again") % {"until": until}


def receipt_page(erasure: Erasure, say: Voice) -> ErasingPage:
    receipt = erasure.receipt
    stays = list(staying(receipt.backups, say))
    if receipt.codes:
        stays.append(_("%(n)s events in which a sender has written an identifier where a code belongs") % {"n": say.number(receipt.codes)})
    return ErasingPage(
        title=title_of(erasure),
        state=erasure.status,
        sentence=stands(erasure, say),
        fault="",
        going=(),
        staying=tuple(stays),
        went=tuple(Gone(say.number(count), str(what)) for name, what in WENT.items() if (count := getattr(receipt, name))),
        form=None,
        back=erasure.person,
    )


def title_of(erasure: Erasure) -> str:
    said = _("Customer no. %(number)s will be erased.") if erasure.status == "received" else _("Customer no. %(number)s is erased.")
    return said % {"number": erasure.person}


def stands(erasure: Erasure, say: Voice) -> str:
    if erasure.status == "received":
        return _("Asked for; it happens within seconds.")
    if erasure.status == "running":
        return _("The log has forgotten; the last traces leave within minutes.")
    if erasure.status == "partly_done":
        return _("Done %(moment)s, but for something that nobody can take out.") % {"moment": say.moment(erasure.erased_at)}
    return _("Done %(moment)s.") % {"moment": say.moment(erasure.erased_at)}
