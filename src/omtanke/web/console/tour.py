"""The tour of the demo: each story that always happens in its shop, and the page where it is told."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from omtanke.web.accounts.access import May, may
from omtanke.web.shop import Shop, shop
from omtanke.web.words.names import say

DEMO = "demo.json"


@dataclass(frozen=True)
class Story:
    """A story of the demo.

    title: what it is about. told: what happened, and what to look for. address: where it is told. label: the way there.
    """

    title: str
    told: str
    address: str
    label: str


@dataclass(frozen=True)
class TourPage:
    """The tour.

    stories: those that are there, in the order of a walk.
    """

    stories: tuple[Story, ...]


# user id of the cast, title, what happened.
CAST = (
    (
        "kund-00009",
        say("A promise breaks in front of you"),
        say("We promised Signe to call, and nobody does. Watch it come at risk and break, give her a new time by hand, and see what she answers."),
    ),
    (
        "kund-00001",
        say("The running shoes, from laptop to door"),
        say("Maja began on the laptop and ordered in the app. Her two days are over, and the parcel was last seen in Sundsvall. Ask why at any line."),
    ),
    (
        "kund-00002",
        say("The twin who bought at the till"),
        say("Moa left the same cart on the web and bought in the store in Umeå instead. To us she is somebody else, and the cart is closed."),
    ),
    (
        "kund-00003",
        say("The wrong colour, made right"),
        say("Aisha's order came in the wrong colour. The right one is promised; the wrong one is ours to fetch."),
    ),
    ("kund-00004", say("The call that nobody made"), say("We promised Erik to call within the hour. Take it, call him, and say that you have.")),
    (
        "kund-00005",
        say("The child's jacket in the men's store"),
        say("Karin handed it in where it is not sold, and had her money a day early: better than we said."),
    ),
    ("kund-00006", say("The climber"), say("Nils waits for climbing shoes to be back. Everyone who was promised them is told when they are.")),
    (
        "kund-00008",
        say("Nine minutes before closing"),
        say("Leila came to the men's store just before it closed. What that was like for her stands on her timeline, in her own words."),
    ),
    (
        "kund-00007",
        say("The dog that died"),
        say("Gunvor bought food for her dog month by month, until the day before yesterday. It stands on her timeline for whoever meets her next."),
    ),
)


@may(May.SEE_CUSTOMERS)
def tour(request: HttpRequest) -> HttpResponseBase:
    """The stories of the demo; in another shop there is no such page."""
    here = shop()
    if not is_demo(here):
        raise Http404
    return render(request, "console/tour.html", {"page": TourPage(tuple(stories(here)))})


def is_demo(here: Shop) -> bool:
    return (here.data / DEMO).exists()


def stories(here: Shop) -> list[Story]:
    """Those whose people and places are known here."""
    found = [story_of_person(here, user_id, title, told) for user_id, title, told in CAST]
    return [story for story in (*found, story_of_doors()) if story is not None]


def story_of_person(here: Shop, user_id: str, title: str, told: str) -> Story | None:
    persons = here.pages.by_identifier([here.keys.identifier_key("user_id", user_id)])
    if not persons:
        return None
    return Story(_(title), _(told), reverse("customer", args=[persons[0]]), _("Her or his page"))


def story_of_doors() -> Story:
    """Opening hours are a promise too."""
    return Story(
        _("Closing time"),
        _("Opening hours are promises like any other: a door that is closed early is a broken one, per store and week."),
        reverse("promises") + "?kind=opening_hours",
        _("The stores' promises"),
    )
