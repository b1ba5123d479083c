"""What is not here, not allowed or went wrong, in the voice of the other pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "refusal/404.html", status=404)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "refusal/403.html", status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "refusal/form_expired.html", status=403)


def wrong_call(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "refusal/400.html", status=400)


def failed(request: HttpRequest) -> HttpResponse:
    """Without the frame, which may be what failed."""
    return render(request, "refusal/500.html", status=500)
