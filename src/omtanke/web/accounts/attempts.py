"""How often somebody may try: passwords, codes, asking for a new password."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from omtanke.web.accounts.links import digest_of
from omtanke.web.accounts.models import FailedSignIn

WINDOW = timedelta(minutes=15)
MOST_BY_EMAIL = 5
MOST_BY_ADDRESS = 30


def _who(request: HttpRequest, email: str, what: str) -> tuple[str, str]:
    return digest_of(f"{what}:{email.strip().lower()}"), digest_of(f"{what}:{request.META.get('REMOTE_ADDR', '')}:address")


def _failed(who: str) -> int:
    return FailedSignIn.objects.filter(failed_at__gt=timezone.now() - WINDOW, who=who).count()


def may_try(request: HttpRequest, email: str, what: str = "email") -> bool:
    """Whether there have been few enough failures for this e-mail and from this address."""
    by_email, by_address = _who(request, email, what)
    return _failed(by_email) < MOST_BY_EMAIL and _failed(by_address) < MOST_BY_ADDRESS


def note_failure(request: HttpRequest, email: str, what: str = "email") -> None:
    """Remember a failure, and forget those that no longer count."""
    now = timezone.now()
    FailedSignIn.objects.filter(failed_at__lt=now - WINDOW).delete()
    FailedSignIn.objects.bulk_create(FailedSignIn(who=who, failed_at=now) for who in _who(request, email, what))
