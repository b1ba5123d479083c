"""The door: the first link, sign-in, sign-out, language."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from omtanke.web.accounts.attempts import may_try, note_failure
from omtanke.web.accounts.forms import FirstAccountForm, SignInForm
from omtanke.web.accounts.links import demo_lead, find_link, has_staff, use_link
from omtanke.web.accounts.models import Purpose, Role, Staff

PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"
YEAR_SECONDS = 366 * 86_400


@dataclass(frozen=True)
class DoorPage:
    """A page with one form.

    form: its fields and what was wrong with them. fault: one sentence about the whole, or empty.
    next: where to go afterwards. action: the word on the button.
    """

    form: Form
    fault: str
    next: str
    action: str


@sensitive_post_parameters()
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
            fault, status = _("That was wrong a few times in a row. Wait a quarter of an hour and try again."), 429
        else:
            staff = authenticate(request, email=email.strip().lower(), password=form.cleaned_data["password"])
            if isinstance(staff, Staff):
                return enter(request, staff, where)
            note_failure(request, email)
            fault, status = _("E-mail and password do not belong together. Try again."), 403
    page = DoorPage(form, fault, where, _("Sign in"))
    return render(request, "door/sign_in.html", {"page": page}, status=status)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, token: str) -> HttpResponseBase:
    """A link that works once: the first person makes an account by it, the demo signs its lead in."""
    link = find_link(token)
    if link is None or (link.purpose == Purpose.FIRST and has_staff()):
        return redirect("today") if request.user.is_authenticated else render(request, "door/link_used.html", status=410)
    if link.purpose == Purpose.DEMO:
        if "prefetch" in request.headers.get("Sec-Purpose", ""):
            return HttpResponse(status=503)
        return enter(request, demo_lead(), "/") if use_link(link) else redirect("sign_in")
    form = FirstAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and use_link(link):
        given = form.cleaned_data
        return enter(request, Staff.objects.create_staff(given["email"], given["name"], Role.LEAD, given["password"]), "/")
    return render(request, "door/first.html", {"page": DoorPage(form, "", "/", _("Begin"))})


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


def enter(request: HttpRequest, staff: Staff, where: str) -> HttpResponse:
    """Sign somebody in and lead them on."""
    login(request, staff, backend=PASSWORD_BACKEND)
    response = redirect(where)
    if staff.language:
        remember_language(response, staff.language)
    return response


def remember_language(response: HttpResponse, code: str) -> None:
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE)


def safe_next(request: HttpRequest) -> str:
    """Where the form wants to lead on, if that is here."""
    where = request.POST.get("next") or request.GET.get("next") or "/"
    return where if url_has_allowed_host_and_scheme(where, allowed_hosts={request.get_host()}, require_https=request.is_secure()) else "/"
