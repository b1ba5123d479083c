"""The pages as they are watched: `/healthz`, `/healthz/live` and `/metrics`."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, HttpResponse

from omtanke.folder_clock import read_clock
from omtanke.runtime.disk import Disk
from omtanke.runtime.metrics import Meter
from omtanke.runtime.watching import Watch
from omtanke.settings import read_settings
from omtanke.web.own_secret import metrics_token
from omtanke.web.shop import shop


@cache
def watch() -> Watch:
    """How this process is watched; made when somebody first looks."""
    data = shop().data
    clock, reserve = read_clock(data / "clock.json"), read_settings(data / "omtanke.toml").keep_free_mb
    return Watch("web", data, clock, Disk(data, reserve), Meter("web", data, clock), metrics_token(data))


def watched(request: HttpRequest) -> HttpResponse:
    """For those who watch the process; nobody signs in for it."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    said = watch().answer(request.path, request.META.get("REMOTE_ADDR", ""), headers)
    return HttpResponse(said.body, content_type=said.kind, status=said.status)
