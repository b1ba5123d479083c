"""Links that lead in once: for the first person of a shop, and for the demo."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db.models import Q
from django.utils import timezone

from omtanke.web.accounts.models import Purpose, Role, Staff, StartLink

TOKEN_BYTES = 24
FIRST_LASTS = timedelta(hours=48)
DEMO_LASTS = timedelta(hours=12)
DEMO_EMAIL = "lead@demo.example"
DEMO_NAME = "Demo"


def digest_of(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def make_link(purpose: Purpose, lasts: timedelta) -> str:
    """The path of a new link; earlier ones for the same purpose stop working."""
    now = timezone.now()
    StartLink.objects.filter(Q(purpose=purpose) | Q(expires_at__lt=now)).delete()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    StartLink.objects.create(digest=digest_of(token), purpose=purpose, expires_at=now + lasts)
    return f"/start/{token}"


def find_link(token: str) -> StartLink | None:
    """The link, if it still works."""
    return StartLink.objects.filter(digest=digest_of(token), used_at=None, expires_at__gt=timezone.now()).first()


def use_link(link: StartLink) -> bool:
    """Whether this use was the first; nobody else gets in by it afterwards."""
    return StartLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=timezone.now()).update(used_at=timezone.now()) == 1


def demo_lead() -> Staff:
    """The lead of the demo, who has no password."""
    return Staff.objects.filter(email=DEMO_EMAIL).first() or Staff.objects.create_staff(DEMO_EMAIL, DEMO_NAME, Role.LEAD)


def has_staff() -> bool:
    return Staff.objects.exists()
