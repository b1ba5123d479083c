"""The one way in: whoever has shown who they are passes here, and gives a code if they have turned that on."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from omtanke.web.accounts.codes import has_code
from omtanke.web.accounts.models import Deed, Staff
from omtanke.web.accounts.record import note

PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"
YEAR_SECONDS = 366 * 86_400
WAITING = "waiting_for_code"
WAITS_SECONDS = 600


def let_in(request: HttpRequest, staff: Staff, way: str, where: str) -> HttpResponse:
    """Sign somebody in and lead them on; by way of the page that asks for a code, when they have one. `way`: how they showed who they are."""
    if not has_code(staff):
        return enter(request, staff, way, where)
    request.session.cycle_key()
    request.session[WAITING] = {"staff": staff.pk, "proof": staff.get_session_auth_hash(), "way": way, "next": where, "until": int(time.time()) + WAITS_SECONDS}
    return redirect("sign_in_code")


def waiting(request: HttpRequest) -> tuple[Staff, str, str] | None:
    """Who has yet to give a code, how they came, and where they are going; None when nobody waits, or no longer may."""
    found = request.session.get(WAITING)
    if not found or found["until"] < time.time():
        return None
    staff = Staff.objects.filter(pk=found["staff"], is_active=True).first()
    if staff is None or not constant_time_compare(staff.get_session_auth_hash(), found["proof"]):
        return None
    return staff, found["way"], found["next"]


def enter(request: HttpRequest, staff: Staff, way: str, where: str) -> HttpResponse:
    """Sign somebody in who has shown all that is asked for."""
    request.session.pop(WAITING, None)
    login(request, staff, backend=PASSWORD_BACKEND)
    note(staff, Deed.SIGNED_IN, detail=way)
    response = redirect(where)
    if staff.language:
        remember_language(response, staff.language)
    return response


def remember_language(response: HttpResponse, code: str) -> None:
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE)
