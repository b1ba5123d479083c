"""Links that lead in once: for the first person of a shop, for the demo, for a colleague who is invited or has lost a password."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from omtanke.web.accounts.models import Purpose, Staff, StartLink

TOKEN_BYTES = 24
FIRST_LASTS = timedelta(hours=48)
DEMO_LASTS = timedelta(hours=12)
INVITE_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=2)


def digest_of(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def make_link(purpose: Purpose, lasts: timedelta, staff: Staff | None = None) -> str:
    """The path of a new link; earlier ones for the same purpose and person stop working."""
    now = timezone.now()
    StartLink.objects.filter(Q(purpose=purpose, staff=staff) | Q(expires_at__lt=now)).delete()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    StartLink.objects.create(digest=digest_of(token), purpose=purpose, staff=staff, expires_at=now + lasts)
    return reverse("start", args=[token])


def own_link(staff: Staff) -> str:
    """The path of a link for a colleague: to begin, or to choose a new password."""
    return make_link(Purpose.RESET, RESET_LASTS, staff) if staff.accepted_at else make_link(Purpose.INVITE, INVITE_LASTS, staff)


def find_link(token: str) -> StartLink | None:
    """The link, if it still works and whoever it is for still works here."""
    link = StartLink.objects.select_related("staff").filter(digest=digest_of(token), used_at=None, expires_at__gt=timezone.now()).first()
    return link if link and (link.staff is None or link.staff.is_active) else None


def use_link(link: StartLink) -> bool:
    """Whether this use was the first; nobody else gets in by it afterwards."""
    return StartLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=timezone.now()).update(used_at=timezone.now()) == 1


def end_links(staff: Staff) -> None:
    """Links that lead to somebody's account stop working."""
    StartLink.objects.filter(staff=staff).delete()


def has_staff() -> bool:
    return Staff.objects.exists()
