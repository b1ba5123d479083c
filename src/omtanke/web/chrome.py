"""What stands around every page: where one is, who is signed in, in which language."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _


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
    asked: what stands in the search field.
    """

    language: str
    other_language: tuple[str, str]
    doors: tuple[Door, ...]
    person: str
    path: str
    asked: str


def chrome(request: HttpRequest) -> dict[str, object]:
    """The context processor of all pages."""
    language = "sv" if translation.get_language() == "sv" else "en"
    staff = getattr(request, "user", None)
    is_known = staff is not None and staff.is_authenticated
    return {
        "chrome": Chrome(
            language=language,
            other_language=("en", "English") if language == "sv" else ("sv", "Svenska"),
            doors=_doors(request.path) if is_known else (),
            person=staff.name if is_known else "",  # type: ignore[union-attr]
            path=request.get_full_path() if request.method == "GET" else "/",
            asked=request.GET.get("q", "") if request.path.startswith("/customers") else "",
        )
    }


def _doors(path: str) -> tuple[Door, ...]:
    entries = (
        (_("Today"), reverse("today"), ("/",)),
        (_("Promises"), reverse("promises"), ("/promises",)),
        (_("Customers"), reverse("customers"), ("/customers", "/answers")),
        (_("Health"), reverse("health"), ("/health",)),
    )
    return tuple(Door(label, address, path == address or (address != "/" and path.startswith(begins))) for label, address, begins in entries)
