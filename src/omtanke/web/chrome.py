"""What stands around every page: where one is, who is signed in, in which language."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from omtanke.web.accounts.access import May, abilities_of, opens
from omtanke.web.accounts.models import Staff
from omtanke.web.console.live import Live, live_of
from omtanke.web.console.tour import is_demo
from omtanke.web.shop import shop


@dataclass(frozen=True)
class Door:
    """An entry of the main menu.

    label: its word. address: where it leads. is_here: whether the page belongs to it.
    """

    label: str
    address: str
    is_here: bool


@dataclass(frozen=True)
class Chrome:
    """What the frame of every page shows.

    language: the code of the page's language. other_language: the code and own name of the other one.
    doors: the main menu, empty before sign-in. person: the name of who is signed in, or empty. path: this page's address, for coming back.
    asked: what stands in the search field. may: the names of what who is signed in may do, in small letters.
    live: how the page keeps itself up to date, None when it does not. saved: what came of what was just done, or empty.
    """

    language: str
    other_language: tuple[str, str]
    doors: tuple[Door, ...]
    person: str
    path: str
    asked: str
    may: frozenset[str]
    live: Live | None
    saved: str


def chrome(request: HttpRequest) -> dict[str, object]:
    """The context processor of all pages."""
    language = "sv" if translation.get_language() == "sv" else "en"
    staff = getattr(request, "user", None)
    abilities = abilities_of(staff) if isinstance(staff, Staff) else frozenset()
    return {
        "chrome": Chrome(
            language=language,
            other_language=("en", "English") if language == "sv" else ("sv", "Svenska"),
            doors=_doors(request.path, abilities),
            person=staff.called if isinstance(staff, Staff) else "",
            path=request.get_full_path() if request.method == "GET" else "/",
            asked=request.GET.get("q", "") if request.path.startswith("/customers") else "",
            may=frozenset(ability.name.lower() for ability in abilities),
            live=live_of(request),
            saved=_saved(request.GET.get("saved", "")) if abilities else "",
        )
    }


def _saved(word: str) -> str:
    """What came of what was just done."""
    return {"now": _("Saved."), "soon": _("Saved. It will show in a moment.")}.get(word, "")


def _doors(path: str, abilities: frozenset[May]) -> tuple[Door, ...]:
    """What somebody with these abilities may open; nothing before sign-in."""
    entries = (
        (_("Today"), reverse("today"), ("/",)),
        (_("Promises"), reverse("promises"), ("/promises", "/capacity")),
        (_("Experience"), reverse("experience"), ("/experience", "/answers")),
        (_("Messages"), reverse("messages"), ("/messages", "/plays")),
        (_("Customers"), reverse("customers"), ("/customers",)),
        (_("Health"), reverse("health"), ("/health",)),
        *(((_("Tour"), reverse("tour"), ("/tour",)),) if is_demo(shop()) else ()),
    )
    return tuple(
        Door(label, address, path == address or (address != "/" and path.startswith(begins)))
        for label, address, begins in entries
        if abilities and opens(address, abilities)
    )
