"""Signing in elsewhere: OpenID Connect, with the provider that the settings name.

The provider says who somebody is; whether they work here is ours to know. Whoever comes the first time is known by an
e-mail address that the provider has verified and the lead has invited, from then on by the provider's own number for
them, so that a successor who is given the address does not become their predecessor.
"""

from __future__ import annotations

import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from msgspec import Struct

from omtanke.settings import SignInElsewhere
from omtanke.web.accounts.models import Deed, Staff
from omtanke.web.accounts.record import note


class CannotTell(Exception):
    """The provider did not say who it is, or not in a way that one can trust. Why is for the one who reads the output of the process."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        print(f"Signing in with {provider().issuer} failed: {why}", file=sys.stderr, flush=True)


class Claimed(Struct, frozen=True):
    """Who the provider says it is. `subject`: its number for them, with its own name before. `email` is empty unless it has verified it."""

    subject: str
    email: str
    name: str


def provider() -> SignInElsewhere:
    """The provider in the settings; one without an issuer is none."""
    found: SignInElsewhere = settings.OMTANKE_OIDC
    return found


def lead_out(request: HttpRequest, back: str) -> HttpResponse:
    """To the provider, with state, nonce and a PKCE challenge. Raises CannotTell when it does not answer."""
    from omtanke.web.accounts import openid

    try:
        response: HttpResponse = openid.client(provider(), settings.OMTANKE_DATA).authorize_redirect(request, back)
    except openid.FAILURES as error:
        raise CannotTell(repr(str(error))[:300]) from error
    return response


def come_back(request: HttpRequest) -> Claimed:
    """Who has come back; the code is exchanged and the token held against issuer, audience, nonce, time and signature. Raises CannotTell."""
    from omtanke.web.accounts import openid

    expected = {"iss": {"essential": True, "values": [provider().issuer]}, "sub": {"essential": True}}
    try:
        token = openid.client(provider(), settings.OMTANKE_DATA).authorize_access_token(request, claims_options=expected)
    except openid.FAILURES as error:
        raise CannotTell(repr(str(error))[:300]) from error
    said = token.get("userinfo") or {}
    if not said.get("sub"):
        raise CannotTell("the provider sent no id_token")
    email = str(said.get("email") or "").strip().lower() if said.get("email_verified") is True else ""
    return Claimed(f"{provider().issuer} {said['sub']}", email, str(said.get("name") or "").strip()[:120])


def known_as(claimed: Claimed) -> Staff | None:
    """Whose account it is: by the provider's number, else by the verified address of somebody who has not come this way before. None: nobody's."""
    staff = Staff.objects.filter(subject=claimed.subject, is_active=True).first()
    if staff is not None:
        return staff
    staff = Staff.objects.filter(email=claimed.email, subject="", is_active=True).first() if claimed.email else None
    if staff is None:
        return None
    staff.subject = claimed.subject
    if staff.accepted_at is None:
        staff.accepted_at, staff.name = timezone.now(), staff.name or claimed.name
        note(staff, Deed.ACCEPTED, detail="elsewhere")
    staff.save(update_fields=["subject", "accepted_at", "name"])
    return staff
