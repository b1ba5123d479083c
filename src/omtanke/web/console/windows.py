"""How long windows we quote: what shorter and longer ones would have held on the shop's own history, and what to write to move there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from omtanke.engine.quote_policy import LEAST_LEVEL, MOST_LEVEL, NO_QUOTES, QuotePolicy
from omtanke.insight.answer import Answer, as_csv
from omtanke.insight.drawing import Wanted
from omtanke.insight.question import Column
from omtanke.learning.delivery.curves import Curves, KeptCurves, Point, at_asked, newest
from omtanke.runtime.to_customers.quoting import quotes_of
from omtanke.vocabulary.refusal import CannotDo
from omtanke.web.accounts.access import May, may
from omtanke.web.console.filters import Choice
from omtanke.web.drawer import DRAWER
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words.voice import Voice

FORMS = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
LEVEL, COST = "level", "cost"
# Settings that are shown; the policy's own, and the one that is looked at, stand among them.
SHOWN: Mapping[str, tuple[float, ...]] = {
    LEVEL: (0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98),
    COST: (20, 30, 40, 60, 80, 120, 160, 240, 320, 640, 1280),
}
ENDS = {LEVEL: (LEAST_LEVEL, MOST_LEVEL), COST: (10.0, 3000.0)}
HEIGHT = 475
# From so many of a hundred on, a tenth of one is not said.
WHOLE_FROM = 2.0
MOST_PICTURES = 64
COLUMNS = (
    Column("part", "text", "level, cost: a curve; own, now, chosen: a mark on it"),
    Column("asked", "score", "the chance asked for, or how many days a broken promise weighs up"),
    Column("kept", "share", "of the orders, by the last day of the window"),
    Column("kept_low", "share", "Wilson 95 % interval, low"),
    Column("kept_high", "share", "Wilson 95 % interval, high"),
    Column("days", "score", "from the order to the last day of the window, on average"),
)


class Setting(Struct, frozen=True):
    """By which policy windows are quoted (LEVEL or COST), and how much of it."""

    by: str
    asked: float


@dataclass(frozen=True)
class WindowRow:
    """A setting.

    label: as said. address: to look at it, or empty. days, kept, interval: what it would have held. moved: against how it is now. worst: the region where
    fewest were kept, or empty. is_now: how it is now. is_chosen: what is looked at.
    """

    label: str
    address: str
    days: str
    kept: str
    interval: str
    moved: str
    worst: str
    is_now: bool
    is_chosen: bool


@dataclass(frozen=True)
class WindowsPage:
    """How long windows we quote.

    sentence: how it is now. base: on which orders it was tried. fault: why nothing can be shown, or empty. command: what tries it out. is_empty: never tried.
    ways: by a certainty or by costs. by: which of them is looked at. shorter, longer: the settings beside the one looked at, or empty. choices: all of them.
    said: what the one looked at would have held, or empty. to_write: the lines that make it the policy, or empty. instead: what they stand in place of,
    or empty. lacks_lanes: the policy says no day to anybody yet.
    columns: heads of the table. rows: the numbers. picture, query, height: the address of the picture, and room for it. definition: how it was counted.
    """

    sentence: str
    base: str
    fault: str
    command: str
    is_empty: bool
    ways: tuple[Choice, ...] = ()
    by: str = LEVEL
    shorter: str = ""
    longer: str = ""
    choices: tuple[Choice, ...] = ()
    said: str = ""
    to_write: str = ""
    instead: str = ""
    lacks_lanes: bool = False
    columns: tuple[str, ...] = ()
    rows: tuple[WindowRow, ...] = ()
    picture: str = ""
    query: str = ""
    height: int = HEIGHT
    definition: str = ""


def read_setting(query: Mapping[str, str], now: Setting | None) -> tuple[str, Setting | None]:
    """The way that is looked at, and the setting; what makes no sense is as it is now."""
    by = query.get("by", "")
    by = by if by in SHOWN else now.by if now else LEVEL
    try:
        asked = float(query.get("at", "")[:12])
    except ValueError:
        asked = 0.0
    low, high = ENDS[by]
    return by, Setting(by, asked) if low <= asked <= high else now if now and now.by == by else None


def now_of(policy: QuotePolicy) -> Setting | None:
    """How windows are quoted now; None where no model is asked."""
    if policy.level:
        return Setting(LEVEL, policy.level)
    return Setting(COST, policy.broken) if policy.broken else None


def was_tried(curves: Curves, policy: QuotePolicy) -> bool:
    """Whether what the policy says lies on a curve. By costs it does not when there was another floor."""
    return not policy.broken or policy.floor == curves.floor


def policy_of(here: Shop) -> QuotePolicy:
    """As it counts."""
    found = here.pages.policy_text()
    return quotes_of(found[1]) if found else NO_QUOTES


def point_of(curves: Curves, setting: Setting | None) -> Point | None:
    """What a setting would have held; None beyond the curve."""
    if setting is None:
        return None
    return at_asked(curves.level if setting.by == LEVEL else curves.cost, setting.asked, is_ratio=setting.by == COST)


@may(May.SEE_FIGURES)
def windows(request: HttpRequest) -> HttpResponseBase:
    """Curve, choice and what to write."""
    return render(request, "console/windows.html", {"page": windows_page(shop(), voice(), request.GET.dict())})


def windows_page(here: Shop, say: Voice, query: Mapping[str, str]) -> WindowsPage:
    command = f"omtanke backtest quotes --data {here.data}"
    try:
        kept = newest(here.data)
    except CannotDo as fault:
        return WindowsPage(_("What was tried out cannot be read."), "", str(fault), command, True)
    if kept is None:
        return WindowsPage(_("Shorter or longer windows have not been tried out yet."), "", "", command, True)
    curves, policy = kept.curves, policy_of(here)
    now = now_of(policy)
    tried = now if was_tried(curves, policy) else None
    by, chosen = read_setting(query, now)
    beside = point_of(curves, tried) or curves.own
    listed = settings_of(by, now, chosen)
    place = listed.index(chosen) if chosen in listed else -1
    at = point_of(curves, chosen)
    return WindowsPage(
        sentence=sentence(curves, tried, say),
        base=base_of(kept, say),
        fault="",
        command=command,
        is_empty=False,
        ways=tuple(Choice(f"?by={one}", way_label(one), one == by) for one in SHOWN),
        by=by,
        shorter=address(listed[place - 1]) if place > 0 else "",
        longer=address(listed[place + 1]) if 0 <= place < len(listed) - 1 else "",
        choices=tuple(Choice(written(one.asked), choice_label(one, point_of(curves, one), say), one == chosen) for one in listed),
        said=said_of(chosen, at, beside, chosen == tried, say) if chosen and at else "",
        to_write=lines_of(chosen, curves.floor) if chosen and chosen != tried else "",
        instead=instead_of(policy) if chosen and chosen != tried else "",
        lacks_lanes=not policy.lanes,
        columns=(_("Setting"), _("Days"), _("Kept"), _("95 % interval"), _("Against how it is now"), _("Fewest kept in")),
        rows=tuple(rows(curves, listed, tried, chosen, beside, say)),
        picture=reverse("windows_picture", args=["svg"]).removesuffix(".svg"),
        query="?" + urlencode({"by": by} | ({"at": written(chosen.asked)} if chosen else {}) | {"curves": kept.version}),
        definition=definition(curves, policy, say),
    )


def settings_of(by: str, *more: Setting | None) -> list[Setting]:
    """Those that are shown of a way, from the shortest windows to the longest."""
    return sorted({*(Setting(by, float(one)) for one in SHOWN[by]), *(one for one in more if one and one.by == by)}, key=lambda one: one.asked)


def address(setting: Setting) -> str:
    return "?" + urlencode({"by": setting.by, "at": written(setting.asked)}) + "#choose"


def written(asked: float) -> str:
    """As it stands in an address and in the policy."""
    return f"{asked:g}"


def way_label(by: str) -> str:
    return _("As sure for everybody") if by == LEVEL else _("By what it costs")


def setting_label(setting: Setting, say: Voice) -> str:
    """95 % säkra; ett brutet löfte väger 80 dagar."""
    if setting.by == LEVEL:
        return _("%(sure)s sure") % {"sure": say.percent(setting.asked, 0 if round(setting.asked * 100, 6).is_integer() else 1)}
    return _("a broken promise weighs %(n)s days") % {"n": say.number(setting.asked)}


def choice_label(setting: Setting, point: Point | None, say: Voice) -> str:
    label = setting_label(setting, say)
    return f"{label} · {days_words(point.days, say)}" if point else label


def days_words(days: float, say: Voice) -> str:
    """22,4 dagar."""
    return _("%(n)s days") % {"n": say.number(days, 1)}


def sentence(curves: Curves, now: Setting | None, say: Voice) -> str:
    """How it is now, as far as that was tried."""
    point = point_of(curves, now)
    if now and point:
        said = {"setting": setting_label(now, say), "kept": say.percent(point.kept), "days": days_words(point.days, say)}
        if now.by == LEVEL:
            return _("Windows that are %(setting)s would have kept %(kept)s of our promises, in %(days)s.") % said
        return _("Windows for which %(setting)s would have kept %(kept)s of our promises, in %(days)s.") % said
    if curves.own:
        return _("The dates that we showed kept %(kept)s of our promises, in %(days)s.") % {
            "kept": say.percent(curves.own.kept),
            "days": days_words(curves.own.days, say),
        }
    return _("No model says our windows yet.")


def base_of(kept: KeptCurves, say: Voice) -> str:
    """18 578 beställningar från 1 oktober 2017 till 30 april 2018, prövade 1 maj 2018."""
    first, last = date.fromisoformat(kept.curves.first), date.fromisoformat(kept.curves.end) - timedelta(days=1)
    count = ngettext("%(n)s order", "%(n)s orders", kept.curves.orders) % {"n": say.number(kept.curves.orders)}
    return _("%(orders)s placed from %(first)s to %(last)s, each quoted for once more with what was known on its day · tried out on %(made)s") % {
        "orders": count,
        "first": say.dated(first, True),
        "last": say.dated(last, True),
        "made": say.dated(date.fromisoformat(kept.made_on), True),
    }


def moved_words(point: Point, now: Point, say: Voice) -> str:
    """3,1 dagar längre, 5 av 100 fler hållna."""
    days, kept = point.days - now.days, (point.kept - now.kept) * 100
    said = {"days": days_words(abs(days), say), "n": say.number(abs(kept), 0 if abs(kept) >= WHOLE_FROM else 1)}
    if days >= 0:
        return (_("%(days)s longer, %(n)s of 100 more kept") if kept >= 0 else _("%(days)s longer, %(n)s of 100 fewer kept")) % said
    return (_("%(days)s shorter, %(n)s of 100 more kept") if kept >= 0 else _("%(days)s shorter, %(n)s of 100 fewer kept")) % said


def said_of(setting: Setting, point: Point, beside: Point | None, is_now: bool, say: Voice) -> str:
    """Vid 0.95: 3,1 dagar längre, 5 av 100 fler hållna. Lägst i RJ, 88,2 %."""
    held = _("%(kept)s kept, in %(days)s") % {"kept": say.percent(point.kept), "days": days_words(point.days, say)}
    said = f"{held}; {moved_words(point, beside, say)}" if beside and not is_now else held
    worst = " " + _("Fewest in %(region)s: %(kept)s.") % {"region": point.worst, "kept": say.percent(point.worst_kept)} if point.worst else ""
    return _("At %(asked)s: %(said)s.") % {"asked": written(setting.asked), "said": said} + worst


def lines_of(setting: Setting, floor: float) -> str:
    """What makes it the policy, as it was tried out."""
    own = [f"level = {written(setting.asked)}"] if setting.by == LEVEL else ["cost_day = 1", f"cost_broken = {written(setting.asked)}"]
    least = [f"floor = {written(floor)}"] if floor and setting.by == COST else []
    return "\n".join(["[quotes]", *own, *least])


def instead_of(policy: QuotePolicy) -> str:
    """The keys that go when others come; empty where it has none of them."""
    now = now_of(policy)
    if now is None:
        return ""
    return "level" if now.by == LEVEL else "cost_day, cost_broken, floor" if policy.floor else "cost_day, cost_broken"


def rows(curves: Curves, listed: list[Setting], now: Setting | None, chosen: Setting | None, beside: Point | None, say: Voice) -> list[WindowRow]:
    """Our own dates first, then each setting."""
    found = []
    if curves.own:
        found.append(row(_("The dates that we showed"), "", curves.own, beside, False, False, say))
    for one in listed:
        point = point_of(curves, one)
        if point:
            found.append(row(setting_label(one, say), address(one), point, beside, one == now, one == chosen, say))
    return found


def row(label: str, where: str, point: Point, beside: Point | None, is_now: bool, is_chosen: bool, say: Voice) -> WindowRow:
    worst = f"{point.worst} {say.percent(point.worst_kept)}" if point.worst else ""
    moved = "" if beside is None or is_now or point == beside else moved_words(point, beside, say)
    interval = say.interval(point.kept_low, point.kept_high)
    return WindowRow(label, where, say.number(point.days, 1), say.percent(point.kept), interval, moved, worst, is_now, is_chosen)


def definition(curves: Curves, policy: QuotePolicy, say: Voice) -> str:
    """How it was counted."""
    said = _("Kept: came by the last day of the window; what has not come counts as broken. Days: from the order to that day, on average over all orders.")
    if curves.own and curves.own_orders < curves.orders:
        said += " " + _("Our own dates count the %(n)s orders with which we showed one.") % {"n": say.number(curves.own_orders)}
    if curves.delivered_weight != 1:
        said += " " + _("Each order that came stands for %(n)s.") % {"n": say.number(curves.delivered_weight, 2)}
    if curves.floor:
        said += " " + _("By what it costs, no window is kept less often than %(sure)s.") % {"sure": say.percent(curves.floor, 0)}
    if not was_tried(curves, policy):
        said += " " + _("The policy has another floor, which was not tried out.")
    longest = ngettext(
        "A window of more than %(n)s day is not said, by the policy; here it counts like the others.",
        "A window of more than %(n)s days is not said, by the policy; here it counts like the others.",
        policy.longest,
    )
    return f"{said} {longest % {'n': say.number(policy.longest)}}"


@may(May.SEE_FIGURES)
def windows_picture(request: HttpRequest, form: str) -> HttpResponseBase:
    """Both curves and the marks on them, as a picture or as numbers."""
    if form not in FORMS:
        raise Http404
    here, say, query = shop(), voice(), request.GET.dict()
    try:
        kept = newest(here.data)
    except CannotDo as fault:
        raise Http404 from fault
    if kept is None:
        raise Http404
    policy = policy_of(here)
    now = now_of(policy)
    _by, chosen = read_setting(query, now)
    now = now if was_tried(kept.curves, policy) else None
    response = HttpResponse(drawn(kept, now, chosen, form, say.language, request.GET.get("theme") == "dark"), content_type=FORMS[form])
    response["Cache-Control"] = "private, max-age=60"
    if form != "svg":
        response["Content-Disposition"] = f'attachment; filename="omtanke-windows.{form}"'
    return response


@lru_cache(maxsize=MOST_PICTURES)
def drawn(kept: KeptCurves, now: Setting | None, chosen: Setting | None, form: str, language: str, is_dark: bool) -> bytes:
    """Drawn once for each pair of settings."""
    answer = answer_of(kept, now, chosen)
    if form == "csv":
        return (as_csv(answer) + "\n").encode()
    return DRAWER.draw(Wanted("windows", answer, "png" if form == "png" else "svg", language, is_dark))


def answer_of(kept: KeptCurves, now: Setting | None, chosen: Setting | None) -> Answer:
    """The curves as rows; a mark stands for itself, and what is looked at is none where it is as it is now."""
    curves = kept.curves
    marks = {"own": curves.own, "now": point_of(curves, now), "chosen": point_of(curves, chosen) if chosen != now else None}
    named = [(LEVEL, one) for one in curves.level] + [(COST, one) for one in curves.cost] + [(name, one) for name, one in marks.items() if one]
    found = tuple((part, one.asked, one.kept, one.kept_low, one.kept_high, one.days) for part, one in named)
    return Answer("windows", "What would shorter or longer windows have held?", "one row for each point", (), {}, 0, COLUMNS, found)
