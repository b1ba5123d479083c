"""Capacity: what holds now, what comes, what was told, and whose promises it puts at risk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from omtanke.engine.capacity import ORDINARY, WAREHOUSE, Calendar, Change
from omtanke.engine.quote_policy import NO_QUOTES
from omtanke.runtime.at_risk import at_risk
from omtanke.runtime.to_customers.quoting import quotes_of
from omtanke.storage.pages import Pages
from omtanke.vocabulary.time import local_date
from omtanke.web.accounts.access import May, is_allowed, may, staff_of
from omtanke.web.console.acting.forms import new_key
from omtanke.web.console.acting.saving import Act, Saved, may_save, save, save_all
from omtanke.web.console.capacity.forms import ENDED, KINDS, REASONS, CapacityForm, ended_event, said_event
from omtanke.web.console.capacity.spans import Span, paces_of, spans_of
from omtanke.web.console.capacity.telling import Waiting, is_told_by_play, told, waiting
from omtanke.web.console.rows import who
from omtanke.web.shop import Shop, sees_customers, shop, voice
from omtanke.web.words import names
from omtanke.web.words.voice import Voice

DRAWN_DAYS, MOST_TOLD = 28, 30
CELL, BAR, TOP = 20, 40, 150


@dataclass(frozen=True)
class Bar:
    """A day in a drawing. x, y, height: of its bar; look: closed, slow, fast or empty."""

    x: int
    y: int
    height: int
    look: str


@dataclass(frozen=True)
class Strip:
    """The next four weeks of one unit. name: what it is called. bars: a day each. first, last: the days at both ends. words: all of it in a sentence."""

    name: str
    bars: tuple[Bar, ...]
    first: str
    last: str
    words: str


@dataclass(frozen=True)
class Line:
    """Something that was told of a unit. key: its place in the log. name: the unit's, kind: what it is. pace: in words; look: how that is coloured.
    days: on which. why: the reason, or empty. by: who said it and when. can_end: whether it can be ended or changed by its name.
    change: the address of a form that is filled in with it."""

    key: int
    name: str
    kind: str
    pace: str
    look: str
    days: str
    why: str
    by: str
    can_end: bool
    change: str


@dataclass(frozen=True)
class RiskRow:
    """A promise at risk. name: to whom it was given; person_address: their page, empty for those who may not open it. address: of the promise.
    what: goods and number. promised, new: the day that was said, and what can be now; is_told: whether they can be told. why: what was told since."""

    name: str
    person_address: str
    address: str
    what: str
    promised: str
    new: str
    is_told: bool
    why: str


@dataclass(frozen=True)
class CapacityPage:
    """Capacity. sentence: what holds now. strips: the next weeks. now, coming, before: what holds, what comes, all that was told, the latest first.

    risk: how many promises are at risk; rows: of those, which come latest. can_act: whether one may say something; form: to say it. told: the place of what was
    told last. has_play: whether a play tells of delays; can_tell: how many can be told. tell: the button. units: names that are known. fault: why nothing
    was saved, or empty.
    """

    sentence: str
    strips: tuple[Strip, ...]
    now: tuple[Line, ...]
    coming: tuple[Line, ...]
    before: tuple[Line, ...]
    risk: str
    rows: tuple[RiskRow, ...]
    can_act: bool
    form: CapacityForm | None
    told: int
    has_play: bool
    can_tell: int
    tell: str
    units: tuple[str, ...]
    fault: str = ""


@may(May.SEE_PROMISES)
@require_http_methods(["GET", "POST"])
def capacity(request: HttpRequest) -> HttpResponseBase:
    """The page, or something said on it."""
    here, say = shop(), voice()
    can_act = is_allowed(request, May.ACT) and may_save(here)
    if request.method == "GET":
        return render(request, "console/capacity.html", {"page": page_of(here, say, can_act, begun(request.GET, say))})
    if not is_allowed(request, May.ACT):
        raise PermissionDenied
    if not can_act:
        fault = _("These data have ended: they can be looked at, and nothing can be done in them.")
        return render(request, "console/capacity.html", {"page": replace(page_of(here, say, False, None), fault=fault)}, status=409)
    form = CapacityForm(request.POST, today=say.today) if request.POST.get("do") == "say" else begun(QueryDict(), say)
    saved = done(request.POST, here, say, staff_of(request).pk, form)
    if saved is not None and not saved.fault:
        return redirect(f"{reverse('capacity')}?saved={'now' if saved.is_shown else 'soon'}")
    if form.is_bound and ("key" in form.errors or saved is not None and saved.is_refused):
        form.data = {**request.POST.dict(), "key": new_key()}
    page = replace(page_of(here, say, can_act, form), fault=saved.words if saved else "")
    return render(request, "console/capacity.html", {"page": page}, status=saved.status if saved else 422)


def begun(asked: QueryDict, say: Voice) -> CapacityForm:
    """An empty form, or one about a unit that is named."""
    given = {name: asked[name] for name in CapacityForm.shown if name in asked}
    return CapacityForm(initial={"key": new_key(), "first": say.today, "kind": WAREHOUSE} | given, today=say.today)


def done(sent: QueryDict, here: Shop, say: Voice, staff: int, form: CapacityForm) -> Saved | None:
    """None: the form says what is wrong with it."""
    match sent.get("do"):
        case "end":
            return end(sent.get("position", ""), here, say, staff)
        case "tell":
            return tell(sent.get("told", ""), here, say, staff)
    if not form.is_valid():
        return None
    said = form.cleaned_data
    return save(here, 0, f"capacity:{staff}:{said['key']}", [said_event(said, staff, here.zone)])


def end(position: str, here: Shop, say: Voice, staff: int) -> Saved:
    """What was told at a place of the log is told over, once."""
    change = next((one for one in here.pages.capacity() if str(one.position) == position and one.name), None)
    if change is None:
        return Saved(_("nothing like that has been told."), is_refused=True)
    return save(here, 0, f"capacity:end:{change.position}", [ended_event(change, say.today, staff, here.zone)])


def tell(last: str, here: Shop, say: Voice, staff: int) -> Saved:
    """Those who are listed hear their new day, when nothing else has been told since the page was made."""
    if last != str(last_told(here.pages.capacity())):
        return Saved(_("something else has been told meanwhile, and the days may be others. Look through them again."), is_refused=True)
    if not is_told_by_play(here.pages):
        return Saved(_("no play is in force that tells of delays."), is_refused=True)
    risks = at_risk(here.pages, say.now, here.zone.key).latest
    acts: list[Act] = [told(one, staff, say, str(settings.LANGUAGE_CODE)) for one in waiting(here.pages, risks) if one.is_told]
    return save_all(here, acts) if acts else Saved(is_shown=True)


def last_told(calendar: Calendar) -> int:
    return max((change.position for change in calendar), default=0)


def page_of(here: Shop, say: Voice, can_act: bool, form: CapacityForm | None) -> CapacityPage:
    calendar, today = here.pages.capacity(), say.today
    spans = spans_of(calendar, today, here.zone)
    now, coming = [span for span in spans if span.first == today], [span for span in spans if span.first > today]
    risks = at_risk(here.pages, say.now, here.zone.key)
    waits = waiting(here.pages, risks.latest)
    can_tell = sum(one.is_told for one in waits)
    return CapacityPage(
        sentence=sentence(now, coming),
        strips=strips_of(calendar, spans, say, here),
        now=tuple(span_line(span, say) for span in now),
        coming=tuple(span_line(span, say) for span in coming),
        before=tuple(told_line(change, say) for change in reversed(calendar[-MOST_TOLD:])),
        risk=ngettext("%(n)s open promise is at risk.", "%(n)s open promises are at risk.", risks.count) % {"n": say.number(risks.count)}
        if risks.count
        else "",
        rows=tuple(risk_row(one, say) for one in waits),
        can_act=can_act,
        form=form if can_act else None,
        told=last_told(calendar),
        has_play=is_told_by_play(here.pages),
        can_tell=can_tell,
        tell=ngettext("Tell %(n)s customer now", "Tell %(n)s customers now", can_tell) % {"n": say.number(can_tell)},
        units=units_of(here.pages, calendar),
    )


def sentence(now: list[Span], coming: list[Span]) -> str:
    """What holds now."""
    if now:
        return _("Not everything goes as always today.")
    return _("All goes as always today; something else comes.") if coming else _("All goes as always.")


def units_of(pages: Pages, calendar: Calendar) -> tuple[str, ...]:
    """Names that are known: of what was told, and of the policy."""
    policy = pages.policy_text()
    quotes = quotes_of(policy[1]) if policy else NO_QUOTES
    return tuple(sorted({change.name for change in calendar if change.name} | {*(quotes.origins or ()), *(quotes.carriers or ())}))


def strips_of(calendar: Calendar, spans: list[Span], say: Voice, here: Shop) -> tuple[Strip, ...]:
    """Of each unit that something holds for within these weeks."""
    drawn = [strip_of(calendar, span.change, say, here) for span in {span.change.unit: span for span in spans}.values()]
    return tuple(strip for strip in drawn if any(bar.look for bar in strip.bars))


def strip_of(calendar: Calendar, change: Change, say: Voice, here: Shop) -> Strip:
    days = paces_of(calendar, change.unit, say.today, DRAWN_DAYS, here.zone)
    said = [f"{say.dated(one.day)} {pace_words(one.pace, say)}" for n, one in enumerate(days) if n == 0 or one.pace != days[n - 1].pace]
    ends = say.dated(days[0].day), say.dated(days[-1].day)
    return Strip(unit_name(change), tuple(bar(n, one.pace) for n, one in enumerate(days)), *ends, "; ".join(said))


def bar(n: int, pace: int) -> Bar:
    height = max(3, min(pace, TOP) * BAR // TOP)
    return Bar(n * CELL + 2, BAR - height, height, look(pace))


def look(pace: int) -> str:
    return "closed" if not pace else "slow" if pace < ORDINARY else "fast" if pace > ORDINARY else ""


def tag(pace: int) -> str:
    return {"closed": "broken", "slow": "risk", "fast": "kept"}.get(look(pace), "still")


def pace_words(pace: int, say: Voice) -> str:
    return say.percent(pace / 100, 0) if pace else _("closed")


def unit_name(change: Change) -> str:
    return change.name or _("no. %(number)s") % {"number": change.unit}


def span_line(span: Span, say: Voice) -> Line:
    if span.last is None:
        days = _("until something else is said") if span.first == say.today else _("from %(day)s until something else is said") % {"day": say.day(span.first)}
    else:
        days = _("to and with %(day)s") % {"day": say.day(span.last)} if span.first == say.today else between(span.first, span.last, say)
    return line(span.change, days, say)


def told_line(change: Change, say: Voice) -> Line:
    first = local_date(change.from_at, say.zone)
    open_ended = _("from %(day)s until something else is said") % {"day": say.day(first)}
    return line(change, between(first, local_date(change.until_at - 1, say.zone), say) if change.until_at else open_ended, say)


def between(first: date, last: date, say: Voice) -> str:
    return say.day(first) if first == last else say.days(first, last)


def line(change: Change, days: str, say: Voice) -> Line:
    kind = str(KINDS[change.kind]) if change.kind in KINDS else ""
    return Line(
        key=change.position,
        name=unit_name(change),
        kind=kind,
        pace=pace_words(change.pace, say),
        look=tag(change.pace),
        days=days,
        why=reason(change.why),
        by=by(change, say),
        can_end=bool(change.name),
        change=form_of(change, say),
    )


def form_of(change: Change, say: Voice) -> str:
    """Where a form about the same days stands, to be changed and said anew."""
    given = {"unit": change.name, "kind": change.kind or WAREHOUSE, "pace": change.pace, "why": change.why if change.why in REASONS else "other"}
    days = {"first": max(local_date(change.from_at, say.zone), say.today).isoformat()}
    if change.until_at:
        days["last"] = local_date(change.until_at - 1, say.zone).isoformat()
    return f"?{urlencode(given | days)}#say"


def reason(code: str) -> str:
    """A reason that one of our forms offers in words, another as it was told."""
    if code == ENDED:
        return _("as always again")
    return str(REASONS[code]) if code in REASONS else code


def by(change: Change, say: Voice) -> str:
    moment = say.moment(change.told_at)
    name = say.staff_name(change.staff) if change.staff else ""
    return _("said by %(name)s %(moment)s") % {"name": name, "moment": moment} if name else _("it was told %(moment)s") % {"moment": moment}


def risk_row(one: Waiting, say: Voice) -> RiskRow:
    local = say.of(one.shown.zone)
    why = {f"{unit_name(change)} {pace_words(change.pace, say)}": None for change in one.risk.why}
    return RiskRow(
        name=who(one.promise.name, one.promise.city, one.promise.person),
        person_address=reverse("customer", args=[one.promise.person]) if sees_customers() else "",
        address=reverse("promise", args=[one.risk.promise]),
        what=one.shown.what or names.kind(one.promise.kind),
        promised=local.window(one.promise.from_at, one.risk.until_at),
        new=local.window(0, one.risk.new_until) if one.risk.new_until else _("no day can be said while it is closed"),
        is_told=one.is_told,
        why=", ".join(why),
    )
