"""What staff have done with accounts: who, when, what, to whom. Sign-ins are kept for a year, all else for good."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from omtanke.web.accounts.models import Act, Deed, Staff

SIGN_INS_KEPT = timedelta(days=366)


def note(who: Staff, deed: Deed, whom: Staff | None = None, detail: str = "") -> None:
    """Put an act on record; somebody's own account when no other is named."""
    now = timezone.now()
    Act.objects.create(at=now, who=who, deed=deed, whom=whom or who, detail=detail[:200])
    if deed == Deed.SIGNED_IN:
        Act.objects.filter(deed=Deed.SIGNED_IN, at__lt=now - SIGN_INS_KEPT).delete()


def acts(limit: int, before: int | None = None, about: Staff | None = None) -> list[Act]:
    """The latest first; those by or upon one person, or all; from an act's number on."""
    found = Act.objects.select_related("who", "whom").order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    if about is not None:
        found = found.filter(who=about) | found.filter(whom=about)
    return list(found[:limit])
