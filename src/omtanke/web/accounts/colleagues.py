"""Staff: who works here, in which role and for which unit; invitations; what they have done with accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from omtanke.runtime.working import wall_clock
from omtanke.web.accounts import codes
from omtanke.web.accounts.access import May, may, staff_of
from omtanke.web.accounts.forms import ColleagueForm, InviteForm
from omtanke.web.accounts.letters import address_of, send_invitation, send_reset, sends_mail
from omtanke.web.accounts.links import end_links, own_link
from omtanke.web.accounts.looking import looks_by
from omtanke.web.accounts.models import Act, Deed, Factor, Look, Role, Staff
from omtanke.web.accounts.record import acts, note
from omtanke.web.accounts.units import units_known, who_answers, write_units
from omtanke.web.accounts.words import deed, role, units
from omtanke.web.shop import voice
from omtanke.web.words import names
from omtanke.web.words.rights import seen, seen_when
from omtanke.web.words.voice import Voice

MOST_ACTS = 30
LARGEST = 2**63 - 1
MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class ColleagueRow:
    """Somebody in the list.

    name: theirs, or their address. email. role: in words. units: what they answer for, or empty.
    state: how it stands with them, look: how it is coloured. seen: when they last signed in, or empty.
    address: their page.
    """

    name: str
    email: str
    role: str
    units: str
    state: str
    look: str
    seen: str
    address: str


@dataclass(frozen=True)
class ActLine:
    """Something that was done. when: the moment, machine: for machines. who: by whom. what: in words."""

    when: str
    machine: str
    who: str
    what: str


@dataclass(frozen=True)
class LookedAt:
    """A look at a customer. when: the moment, machine: for machines. what: was seen or done. customer: by number, whose page `address` is."""

    when: str
    machine: str
    what: str
    customer: str
    address: str


@dataclass(frozen=True)
class StaffPage:
    """Staff.

    sentence: how many can sign in. warning: units that nobody answers for, or empty. rows: everybody. acts: what was done.
    earlier: the address of what came before, or empty.
    """

    sentence: str
    warning: str
    rows: tuple[ColleagueRow, ...]
    acts: tuple[ActLine, ...]
    earlier: str


@dataclass(frozen=True)
class InvitePage:
    """An invitation. form: whom and as what. sends_mail: whether it goes by mail."""

    form: Form
    sends_mail: bool


@dataclass(frozen=True)
class ColleaguePage:
    """One colleague.

    name: theirs, or their address. address: of the page. about: e-mail, role, how it stands. form: role and units. fault: one sentence, or empty.
    saved: what was just done, or empty. link: a link to hand over, shown this once, or empty; link_lasts: how long it works.
    is_invited: whether they have yet to come. is_open: whether the account is open. has_code: whether they sign in with a code.
    is_self: whether it is your own account. sends_mail: whether links can go by mail. acts: what they did, and what was done with their account.
    looks: at whom they have looked, the latest first.
    """

    name: str
    address: str
    about: str
    form: Form
    fault: str
    saved: str
    link: str
    link_lasts: str
    is_invited: bool
    is_open: bool
    has_code: bool
    is_self: bool
    sends_mail: bool
    acts: tuple[ActLine, ...]
    looks: tuple[LookedAt, ...]


@may(May.MANAGE_STAFF)
@require_GET
def staff(request: HttpRequest) -> HttpResponseBase:
    """Everybody who works here, and what was done with accounts."""
    before = request.GET.get("before", "")
    return render(request, "staff/staff.html", {"page": staff_page(int(before) if before.isdecimal() and len(before) < 19 else LARGEST)})


def staff_page(before: int) -> StaffPage:
    say = voice(wall_clock())
    everybody = sorted(Staff.objects.all(), key=lambda one: (not one.is_active, one.accepted_at is None, one.called.lower()))
    with_code = set(Factor.objects.values_list("staff", flat=True))
    found = acts(MOST_ACTS + 1, before)
    return StaffPage(
        sentence=sentence(everybody, say),
        warning=unanswered_words(),
        rows=tuple(colleague_row(one, one.pk in with_code, say) for one in everybody),
        acts=tuple(act_line(one, say) for one in found[:MOST_ACTS]),
        earlier=f"?before={found[MOST_ACTS - 1].pk}#acts" if len(found) > MOST_ACTS else "",
    )


def sentence(everybody: Sequence[Staff], say: Voice) -> str:
    """Fem kollegor kan logga in, och en inbjudan väntar på svar."""
    here = sum(one.is_here for one in everybody)
    invited = sum(one.is_active and one.accepted_at is None for one in everybody)
    said = ngettext("One colleague can sign in", "%(n)s colleagues can sign in", here) % {"n": names.count_word(here, say.number)}
    if not invited:
        return said + "."
    waits = ngettext("one invitation waits for an answer", "%(n)s invitations wait for an answer", invited) % {"n": names.count_word(invited, say.number)}
    return _("%(here)s, and %(waits)s.") % {"here": said, "waits": waits[:1].lower() + waits[1:]}


def unanswered_words() -> str:
    """Nobody answers for purchasing."""
    answered = who_answers()
    missing = [unit for unit in units_known() if unit not in answered]
    return _("Nobody answers for %(units)s.") % {"units": units(missing)} if missing else ""


def colleague_row(one: Staff, has_code: bool, say: Voice) -> ColleagueRow:
    return ColleagueRow(
        name=one.called,
        email=one.email if one.name else "",
        role=role(one.role),
        units=units(one.units),
        state=state(one) or (_("with a code") if has_code else ""),
        look="still" if not one.is_active else "risk" if one.accepted_at is None else "kept",
        seen=_("last signed in %(when)s") % {"when": moment(one.last_login, say)} if one.last_login else "",
        address=reverse("colleague", args=[one.pk]),
    )


def state(one: Staff) -> str:
    return _("closed") if not one.is_active else _("invited") if one.accepted_at is None else ""


def moment(when: datetime, say: Voice) -> str:
    return say.moment(int(when.timestamp() * MICROSECONDS))


def act_line(one: Act, say: Voice) -> ActLine:
    return ActLine(moment(one.at, say), say.machine(int(one.at.timestamp() * MICROSECONDS)), one.who.called, deed(one))


@may(May.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponseBase:
    """Somebody new: by mail where there is a mail server, else by a link to hand over."""
    form = InviteForm(units_known(), request.POST or None, initial={"role": Role.SERVICE})
    if request.method == "POST" and form.is_valid():
        given, language = form.cleaned_data, translation.get_language() or ""
        one = Staff.objects.invite(given["email"], Role(given["role"]), given["units"], language[:2])
        note(staff_of(request), Deed.INVITED, one, one.role)
        return hand_over(request, one, by_mail=sends_mail())
    return render(request, "staff/invite.html", {"page": InvitePage(form, sends_mail())})


@may(May.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def colleague(request: HttpRequest, number: int) -> HttpResponseBase:
    """One colleague, and what a lead may change."""
    one = Staff.objects.filter(pk=number).first()
    if one is None:
        raise Http404
    if request.method == "GET":
        return show(request, one)
    match request.POST.get("do", ""):
        case "save":
            return save(request, one)
        case "link":
            return hand_over(request, one, by_mail=False) if one.is_active else show(request, one)
        case "mail":
            return hand_over(request, one, by_mail=sends_mail()) if one.is_active else show(request, one)
        case "code_reset":
            return remove_codes(request, one)
        case "close":
            return close(request, one)
        case "open":
            return open_again(request, one)
    return redirect("colleague", one.pk)


def save(request: HttpRequest, one: Staff) -> HttpResponse:
    """Role and units; somebody must go on leading."""
    form = ColleagueForm(units_known(), request.POST)
    if not form.is_valid():
        return show(request, one, form=form)
    with transaction.atomic():
        one.refresh_from_db()
        became, answered = form.cleaned_data["role"], sorted(form.cleaned_data["units"])
        if became != one.role and is_last_lead(one):
            return show(request, one, form=form, fault=_("%(name)s is the only one who leads. Let somebody else lead first.") % {"name": one.called})
        changed = {Deed.ROLE_CHANGED: f"{one.role} → {became}"} if became != one.role else {}
        if answered != sorted(one.units):
            changed[Deed.UNITS_CHANGED] = ", ".join(answered)
        one.role, one.units = became, answered
        one.save(update_fields=["role", "units"])
        for done, detail in changed.items():
            note(staff_of(request), done, one, detail)
    write_units()
    if one.pk == staff_of(request).pk and became != Role.LEAD:
        return redirect("today")
    return show(request, one, saved=_("Saved."))


def is_last_lead(one: Staff) -> bool:
    """Whether nobody would be left who may invite and change roles."""
    others = Staff.objects.filter(role=Role.LEAD, is_active=True, accepted_at__isnull=False).exclude(pk=one.pk)
    return one.role == Role.LEAD and one.is_here and not others.exists()


def hand_over(request: HttpRequest, one: Staff, *, by_mail: bool) -> HttpResponse:
    """A new link to somebody's account, by mail or shown this once; earlier ones stop working."""
    address = address_of(request, own_link(one))
    note(staff_of(request), Deed.LINK_MADE, one)
    if not by_mail:
        return show(request, one, link=address)
    if one.accepted_at is None:
        send_invitation(one, staff_of(request), address)
    else:
        send_reset(one, address)
    return show(request, one, saved=_("A mail with a link is on its way to %(email)s.") % {"email": one.email})


def remove_codes(request: HttpRequest, one: Staff) -> HttpResponse:
    """For somebody who has lost the phone and the recovery codes; one's own are turned off on one's own page."""
    if one.pk == staff_of(request).pk:
        return redirect("account")
    if codes.turn_off(one):
        note(staff_of(request), Deed.CODE_RESET, one)
    return show(request, one, saved=_("%(name)s signs in without a code now.") % {"name": one.called})


def close(request: HttpRequest, one: Staff) -> HttpResponse:
    """From now on nobody gets in by this account; what was done with it stays on record."""
    with transaction.atomic():
        one.refresh_from_db()
        if is_last_lead(one):
            return show(request, one, fault=_("%(name)s is the only one who leads. Let somebody else lead first.") % {"name": one.called})
        if one.is_active:
            one.is_active = False
            one.save(update_fields=["is_active"])
            end_links(one)
            note(staff_of(request), Deed.CLOSED, one)
    write_units()
    return redirect("staff")


def open_again(request: HttpRequest, one: Staff) -> HttpResponse:
    if not one.is_active:
        one.is_active = True
        one.save(update_fields=["is_active"])
        note(staff_of(request), Deed.OPENED, one)
        write_units()
    return show(request, one, saved=_("The account is open again."))


def looked_at(look: Look, say: Voice) -> LookedAt:
    at = int(look.at.timestamp() * MICROSECONDS)
    number = _("customer no. %(number)s") % {"number": look.customer}
    return LookedAt(seen_when(look.what, at, say), say.machine(at), seen(look.what), number, reverse("customer", args=[look.customer]))


def show(request: HttpRequest, one: Staff, *, form: Form | None = None, fault: str = "", saved: str = "", link: str = "") -> HttpResponse:
    """The page of a colleague, with what was just done or went wrong."""
    say = voice(wall_clock())
    known = sorted({*units_known(), *one.units})
    page = ColleaguePage(
        name=one.called,
        address=reverse("colleague", args=[one.pk]),
        about=" · ".join(part for part in (role(one.role), one.email if one.name else "", state(one)) if part),
        form=form or ColleagueForm(known, initial={"role": one.role, "units": one.units}),
        fault=fault,
        saved=saved,
        link=link,
        link_lasts=_("It works once, for two hours.") if one.accepted_at else _("It works once, for seven days."),
        is_invited=one.accepted_at is None,
        is_open=one.is_active,
        has_code=codes.has_code(one),
        is_self=one.pk == staff_of(request).pk,
        sends_mail=sends_mail(),
        acts=tuple(act_line(act, say) for act in acts(MOST_ACTS, about=one)),
        looks=tuple(looked_at(look, say) for look in looks_by(one, MOST_ACTS)),
    )
    return render(request, "staff/colleague.html", {"page": page}, status=409 if fault else 200)
