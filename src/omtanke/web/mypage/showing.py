"""How these pages go out: to nobody's list, to no other place, and not to be kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from omtanke.settings import read_settings
from omtanke.web.mypage.entering import ERASED, OVER, language_asked_for
from omtanke.web.shop import Shop, shop

STATUS = {ERASED: 200, OVER: 410}
R = TypeVar("R", bound=HttpResponse)


@dataclass(frozen=True)
class ShortPage:
    """A page that says one thing.

    shop: what the shop is called. language: the reader's. sentence: what it says. more: further sentences. kinds: what it is about, in words.
    stop: what the button says that stops it, or empty. offers: what can be chosen instead, each with the word that is sent and what its button says.
    fault: what did not work, or empty.
    """

    shop: str
    language: str
    sentence: str
    more: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    stop: str = ""
    offers: tuple[tuple[str, str], ...] = ()
    fault: str = ""


def shop_name(here: Shop) -> str:
    return read_settings(here.data / "omtanke.toml").name


def show(request: HttpRequest, template: str, page: Any, status: int = 200) -> HttpResponse:
    """A page in the language in which it is made."""
    return closed(render(request, f"mypage/{template}.html", {"page": page}, status=status))


def closed(response: R) -> R:
    """The address lets in: it is not told to other sites, not kept and not listed."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Language"] = translation.get_language()
    return response


def not_let_in(request: HttpRequest, why: str) -> HttpResponse:
    """What a link says that leads to nobody."""
    new = _("There is a new one in every message from us, and you are always welcome to write to us.")
    sentence, *more = {
        OVER: (_("This link has grown too old."), new),
        ERASED: (_("We know nothing of you any more."), _("What we knew has been erased. Nothing is sent to you, and nothing is needed from you.")),
    }.get(why, (_("This link leads nowhere."), _("It may have been cut off on its way."), new))
    return show(request, "short", ShortPage(shop_name(shop()), language_asked_for(), sentence, tuple(more)), STATUS.get(why, 404))


def not_saved() -> str:
    return _("It could not be saved just now. Try again in a moment; nothing is done twice.")
