"""The door: links, sign-in by password, code or provider, a forgotten password, sign-out, language."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from omtanke.web.accounts.attempts import may_try, note_failure
from omtanke.web.accounts.codes import take
from omtanke.web.accounts.demo_staff import demo_lead
from omtanke.web.accounts.elsewhere import CannotTell, come_back, known_as, lead_out, provider
from omtanke.web.accounts.entering import enter, let_in, remember_language, waiting
from omtanke.web.accounts.forms import CodeForm, EmailForm, FirstAccountForm, NewPasswordForm, SignInForm, WelcomeForm
from omtanke.web.accounts.letters import address_of, send_reset, sends_mail
from omtanke.web.accounts.links import end_links, find_link, has_staff, own_link, use_link
from omtanke.web.accounts.models import Deed, Purpose, Role, Staff, StartLink
from omtanke.web.accounts.record import note
from omtanke.web.accounts.units import units_known, write_units

TOO_OFTEN = 429
NEXT = "next_after_elsewhere"


@dataclass(frozen=True)
class DoorPage:
    """A page with one form.

    form: its fields and what was wrong with them. fault: one sentence about the whole, or empty.
    next: where to go afterwards. action: the word on the button. elsewhere: the name of a provider that can sign in too, or empty.
    """

    form: Form
    fault: str
    next: str
    action: str
    elsewhere: str = ""


@dataclass(frozen=True)
class SaidPage:
    """A page that only says something. sentence: what. more: what to do about it. address, action: where its button leads."""

    sentence: str
    more: str
    address: str
    action: str


def too_often() -> str:
    return _("That was wrong a few times in a row. Wait a quarter of an hour and try again.")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """E-mail and password; too many failures have to wait."""
    where = safe_next(request)
    if request.user.is_authenticated:
        return redirect(where)
    form = SignInForm(request.POST or None)
    fault, status = "", 200
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not may_try(request, email):
            fault, status = too_often(), TOO_OFTEN
        else:
            staff = authenticate(request, email=email.strip().lower(), password=form.cleaned_data["password"])
            if isinstance(staff, Staff):
                return let_in(request, staff, "password", where)
            note_failure(request, email)
            fault, status = _("E-mail and password do not belong together. Try again."), 403
    page = DoorPage(form, fault, where, _("Sign in"), provider().name)
    return render(request, "door/sign_in.html", {"page": page}, status=status)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponseBase:
    """The second step, for those who have turned it on."""
    found = waiting(request)
    if found is None:
        return redirect("sign_in")
    staff, way, where = found
    form = CodeForm(request.POST or None)
    fault, status = "", 200
    if request.method == "POST" and form.is_valid():
        if not may_try(request, staff.email, "code"):
            fault, status = too_often(), TOO_OFTEN
        elif took := take(staff, form.cleaned_data["code"]):
            if took == "recovery":
                note(staff, Deed.RECOVERY_USED)
            return enter(request, staff, f"{way}, {took}", where)
        else:
            note_failure(request, staff.email, "code")
            fault, status = _("That is not the code that counts now. Wait for the next one on your phone and try again."), 403
    return render(request, "door/code.html", {"page": DoorPage(form, fault, where, _("Sign in"))}, status=status)


@require_GET
def elsewhere(request: HttpRequest) -> HttpResponseBase:
    """To the provider that signs staff in."""
    if not provider().issuer:
        return redirect("sign_in")
    request.session[NEXT] = safe_next(request)
    try:
        return lead_out(request, address_of(request, reverse("back_from_elsewhere")))
    except CannotTell:
        return no_answer(request)


@require_GET
def back_from_elsewhere(request: HttpRequest) -> HttpResponseBase:
    """Back from the provider: in, if it is somebody who was invited."""
    if not provider().issuer:
        return redirect("sign_in")
    try:
        claimed = come_back(request)
    except CannotTell:
        return no_answer(request)
    staff, where = known_as(claimed), request.session.pop(NEXT, "/")
    if staff is not None:
        write_units()
        return let_in(request, staff, "elsewhere", where)
    if not claimed.email:
        more = _("%(provider)s did not say that it has verified your e-mail address, so we cannot know who you are.") % {"provider": provider().name}
    else:
        asked = _("%(provider)s says that you are %(email)s. Ask the one who leads the customer experience to invite that address, and come back.")
        more = asked % {"provider": provider().name, "email": claimed.email}
    return render(
        request,
        "door/said.html",
        {"page": SaidPage(_("You have not been invited here yet."), more, reverse("sign_in"), _("Sign in in another way"))},
        status=403,
    )


def no_answer(request: HttpRequest) -> HttpResponse:
    """The provider could not be reached, or said nothing that can be trusted."""
    sentence = _("%(provider)s did not tell us who you are.") % {"provider": provider().name}
    page = SaidPage(
        sentence,
        _("Try once more. If it goes on, sign in with your password, or ask a developer to look at the settings."),
        reverse("sign_in"),
        _("Try once more"),
    )
    return render(request, "door/said.html", {"page": page}, status=502)


@never_cache
@require_http_methods(["GET", "POST"])
def forgot(request: HttpRequest) -> HttpResponseBase:
    """A link to a new password, by mail. The answer is the same whether somebody has that address or not."""
    form = EmailForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "door/forgot.html", {"page": DoorPage(form, "", "/", _("Send me a link")), "sends_mail": sends_mail()})
    email = form.cleaned_data["email"].strip().lower()
    if may_try(request, email, "forgot"):
        staff = Staff.objects.filter(email=email, is_active=True, accepted_at__isnull=False).first()
        if staff is not None and sends_mail():
            send_reset(staff, address_of(request, own_link(staff)))
    note_failure(request, email, "forgot")
    more = _("It comes within a few minutes and works for two hours. Does nothing come? Ask the one who leads the customer experience for a link.")
    said = _("If %(email)s has an account here, a link is on its way to it.") % {"email": email}
    return render(request, "door/said.html", {"page": SaidPage(said, more, reverse("sign_in"), _("Sign in"))})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, token: str) -> HttpResponseBase:
    """A link that works once: to begin, to come back after a lost password, or into the demo."""
    link = find_link(token)
    if link is None or (link.purpose == Purpose.FIRST and has_staff()):
        return redirect("today") if request.user.is_authenticated else render(request, "door/link_used.html", status=410)
    match link.purpose:
        case Purpose.DEMO:
            return start_demo(request, link)
        case Purpose.FIRST:
            return start_first(request, link)
        case Purpose.INVITE:
            return start_invited(request, link)
    return start_again(request, link)


def start_demo(request: HttpRequest, link: StartLink) -> HttpResponseBase:
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return HttpResponse(status=503)
    return let_in(request, demo_lead(), "link", "/") if use_link(link) else redirect("sign_in")


def start_first(request: HttpRequest, link: StartLink) -> HttpResponseBase:
    """The first person leads, and answers for everything until somebody else does."""
    form = FirstAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and use_link(link):
        given = form.cleaned_data
        staff = Staff.objects.create_staff(given["email"], given["name"], Role.LEAD, given["password"], units_known())
        write_units()
        return let_in(request, staff, "link", "/")
    return render(request, "door/first.html", {"page": DoorPage(form, "", "/", _("Begin"))})


def start_invited(request: HttpRequest, link: StartLink) -> HttpResponseBase:
    """A name and a password of one's own."""
    assert link.staff is not None
    form = WelcomeForm(request.POST or None, initial={"name": link.staff.name})
    if request.method == "POST" and form.is_valid() and use_link(link):
        staff, given = link.staff, form.cleaned_data
        staff.name, staff.accepted_at = given["name"].strip(), timezone.now()
        staff.set_password(given["password"])
        staff.save()
        note(staff, Deed.ACCEPTED, detail="link")
        write_units()
        return let_in(request, staff, "link", "/")
    return render(request, "door/welcome.html", {"page": DoorPage(form, "", "/", _("Begin")), "email": link.staff.email})


def start_again(request: HttpRequest, link: StartLink) -> HttpResponseBase:
    """A new password; whoever was signed in by the old one is not any more."""
    assert link.staff is not None
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and use_link(link):
        staff = link.staff
        staff.set_password(form.cleaned_data["password"])
        staff.save(update_fields=["password"])
        end_links(staff)
        note(staff, Deed.PASSWORD_SET)
        return let_in(request, staff, "link", "/")
    return render(request, "door/new_password.html", {"page": DoorPage(form, "", "/", _("Save and sign in")), "email": link.staff.email})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Leave."""
    logout(request)
    return redirect("sign_in")


@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Swedish or English, remembered by browser and account."""
    chosen = request.POST.get("language", "")
    response = redirect(safe_next(request))
    if chosen in dict(settings.LANGUAGES):
        remember_language(response, chosen)
        if isinstance(request.user, Staff):
            Staff.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


def safe_next(request: HttpRequest) -> str:
    """Where the form wants to lead on, if that is here."""
    where = request.POST.get("next") or request.GET.get("next") or "/"
    return where if url_has_allowed_host_and_scheme(where, allowed_hosts={request.get_host()}, require_https=request.is_secure()) else "/"
