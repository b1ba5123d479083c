"""One's own account: name, password, codes at sign-in."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from omtanke.web.accounts import codes
from omtanke.web.accounts.access import must_turn_codes_on, own_account, staff_of
from omtanke.web.accounts.attempts import may_try, note_failure
from omtanke.web.accounts.forms import AgainForm, ChangePasswordForm, CodeForm, NameForm
from omtanke.web.accounts.models import Deed, Staff
from omtanke.web.accounts.record import note
from omtanke.web.accounts.views import TOO_OFTEN, too_often
from omtanke.web.accounts.words import role, units

SECRET = "secret_to_share"


@dataclass(frozen=True)
class Panel:
    """A form among others on a page.

    do: what it does, for the one who reads it. title: over it. form: its fields, or None for the button alone.
    action: the word on its button. fault: one sentence, or empty.
    """

    do: str
    title: str
    form: Form | None
    action: str
    fault: str = ""


@dataclass(frozen=True)
class OwnPage:
    """One's own account.

    sentence: who you are here. about: address, and what you answer for. has_code: whether signing in takes a code,
    codes: what is left of the recovery codes, in a sentence.
    panels: name and password. again: turn codes off, or make new recovery codes. told: recovery codes, shown this once. saved: what was just done, or empty.
    """

    sentence: str
    about: str
    has_code: bool
    codes: str
    panels: tuple[Panel, ...]
    again: Panel | None
    told: tuple[str, ...]
    saved: str


@dataclass(frozen=True)
class SharePage:
    """Turning codes on.

    form: where the first code is typed. fault: one sentence, or empty. letters: the secret, for those who cannot take a picture.
    is_must: whether nothing else opens before.
    """

    form: Form
    fault: str
    letters: str
    is_must: bool


@sensitive_post_parameters()
@own_account
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponseBase:
    """Who you are here, and how you sign in."""
    staff, do = staff_of(request), request.POST.get("do", "")
    if request.method == "GET":
        return show(request, staff)
    changes = {"name": change_name, "password": change_password, "turn_off": turn_off, "renew": renew}
    return changes[do](request, staff) if do in changes else redirect("account")


def change_name(request: HttpRequest, staff: Staff) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return show(request, staff, name=form)
    staff.name = form.cleaned_data["name"].strip()
    staff.save(update_fields=["name"])
    return show(request, staff, saved=_("Your name is saved."))


def change_password(request: HttpRequest, staff: Staff) -> HttpResponse:
    """By the one who knows the old one; other browsers are signed out."""
    form = ChangePasswordForm(request.POST)
    if not form.is_valid():
        return show(request, staff, password=form)
    if fault := wrong(request, staff, form.cleaned_data["old"]):
        return show(request, staff, password=form, fault=fault)
    staff.set_password(form.cleaned_data["password"])
    staff.save(update_fields=["password"])
    update_session_auth_hash(request, staff)
    note(staff, Deed.PASSWORD_SET)
    return show(request, staff, saved=_("Your new password counts from now on. Other browsers have been signed out."))


def turn_off(request: HttpRequest, staff: Staff) -> HttpResponse:
    form = again_form(staff, request)
    if not form.is_valid():
        return show(request, staff, again=form)
    if fault := wrong_again(request, staff, form):
        return show(request, staff, again=form, fault_again=fault)
    codes.turn_off(staff)
    note(staff, Deed.CODE_OFF)
    return redirect("account")


def renew(request: HttpRequest, staff: Staff) -> HttpResponse:
    form = again_form(staff, request)
    if not form.is_valid():
        return show(request, staff, again=form)
    if fault := wrong_again(request, staff, form):
        return show(request, staff, again=form, fault_again=fault)
    note(staff, Deed.RECOVERY_RENEWED)
    return show(request, staff, told=codes.new_recovery_codes(staff))


def again_form(staff: Staff, request: HttpRequest | None = None) -> AgainForm:
    return AgainForm(request.POST if request else None, has_password=staff.has_usable_password(), prefix="again")


def wrong(request: HttpRequest, staff: Staff, password: str) -> str:
    """Why the password does not show who it is; empty when it does."""
    if not may_try(request, staff.email):
        return too_often()
    if staff.check_password(password):
        return ""
    note_failure(request, staff.email)
    return _("That is not the password you have.")


def wrong_again(request: HttpRequest, staff: Staff, form: AgainForm) -> str:
    """Why password and code do not show who it is; empty when they do."""
    if staff.has_usable_password() and (fault := wrong(request, staff, form.cleaned_data["old"])):
        return fault
    if not may_try(request, staff.email, "code"):
        return too_often()
    if codes.take(staff, form.cleaned_data["code"]):
        return ""
    note_failure(request, staff.email, "code")
    return _("That is not the code that counts now. Wait for the next one on your phone and try again.")


def show(
    request: HttpRequest,
    staff: Staff,
    *,
    name: Form | None = None,
    password: Form | None = None,
    fault: str = "",
    again: Form | None = None,
    fault_again: str = "",
    told: list[str] | None = None,
    saved: str = "",
) -> HttpResponse:
    """The page, with what was just typed and what was wrong with it."""
    panels = [Panel("name", _("What we call you"), name or NameForm(initial={"name": staff.name}), _("Save"))]
    if staff.has_usable_password():
        panels.append(Panel("password", _("Another password"), password or ChangePasswordForm(), _("Change"), fault))
    has_code, left = codes.has_code(staff), codes.recovery_codes_left(staff)
    page = OwnPage(
        sentence=_("You are %(name)s here.") % {"name": staff.called},
        about=" · ".join(part for part in (role(staff.role), staff.email, answers_for(staff)) if part),
        has_code=has_code,
        codes=ngettext("One recovery code is left.", "%(n)s recovery codes are left.", left) % {"n": left} if left else _("No recovery code is left."),
        panels=tuple(panels),
        again=Panel("", "", again or again_form(staff), "", fault_again) if has_code else None,
        told=tuple(told or ()),
        saved=saved,
    )
    status = TOO_OFTEN if too_often() in (fault, fault_again) else 403 if fault or fault_again else 200
    return render(request, "staff/account.html", {"page": page}, status=status)


def answers_for(staff: Staff) -> str:
    return _("answers for %(units)s") % {"units": units(staff.units)} if staff.units else ""


@sensitive_post_parameters()
@own_account
@require_http_methods(["GET", "POST"])
def turn_on(request: HttpRequest) -> HttpResponseBase:
    """Share a secret with a phone; the first code shows that it has arrived."""
    staff = staff_of(request)
    if codes.has_code(staff):
        return redirect("account")
    secret = shared_secret(request)
    form = CodeForm(request.POST or None)
    fault, status = "", 200
    if request.method == "POST" and form.is_valid():
        if not may_try(request, staff.email, "code"):
            fault, status = too_often(), TOO_OFTEN
        elif told := codes.turn_on(staff, secret, form.cleaned_data["code"]):
            del request.session[SECRET]
            note(staff, Deed.CODE_ON)
            return show(request, staff, told=told, saved=_("From now on you sign in with a code too."))
        else:
            note_failure(request, staff.email, "code")
            fault, status = _("That is not the code that counts now. Wait for the next one on your phone and try again."), 403
    page = SharePage(form, fault, codes.in_letters(secret), must_turn_codes_on(staff))
    return render(request, "staff/turn_on.html", {"page": page}, status=status)


@own_account
@require_GET
def secret_picture(request: HttpRequest) -> HttpResponseBase:
    """The secret as a picture for the phone; nothing, once it has been shared."""
    if SECRET not in request.session:
        raise Http404
    return HttpResponse(codes.picture(shared_secret(request), staff_of(request).email), content_type="image/svg+xml")


def shared_secret(request: HttpRequest) -> bytes:
    """The secret that is being shared in this session; a new one when there is none."""
    sealed = request.session.get(SECRET, "")
    secret = codes.unseal(sealed.encode()) if sealed else None
    if secret is None:
        secret = codes.new_secret()
        request.session[SECRET] = codes.seal(secret).decode()
    return secret
