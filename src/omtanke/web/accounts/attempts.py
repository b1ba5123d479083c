"""How often somebody may try to sign in."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from omtanke.web.accounts.links import digest_of
from omtanke.web.accounts.models import FailedSignIn

WINDOW = timedelta(minutes=15)
MOST_BY_EMAIL = 5
MOST_BY_ADDRESS = 30


def _who(request: HttpRequest, email: str) -> tuple[str, str]:
    return digest_of(f"email:{email.strip().lower()}"), digest_of(f"address:{request.META.get('REMOTE_ADDR', '')}")


def may_try(request: HttpRequest, email: str) -> bool:
    """Whether there have been few enough failures for this e-mail and from this address."""
    since = timezone.now() - WINDOW
    by_email, by_address = _who(request, email)
    failed = FailedSignIn.objects.filter(failed_at__gt=since)
    return failed.filter(who=by_email).count() < MOST_BY_EMAIL and failed.filter(who=by_address).count() < MOST_BY_ADDRESS


def note_failure(request: HttpRequest, email: str) -> None:
    """Remember a failure, and forget those that no longer count."""
    now = timezone.now()
    FailedSignIn.objects.filter(failed_at__lt=now - WINDOW).delete()
    FailedSignIn.objects.bulk_create(FailedSignIn(who=who, failed_at=now) for who in _who(request, email))
