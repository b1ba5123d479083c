"""What browser clients ask for before they send: where to, and what is switched on. Nothing is, beside sending to the door."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from omtanke.intake.http import Scope, header

VERSION = "v1"


def door_of(scope: Scope, address: str) -> tuple[str, str]:
    """(protocol, host) of the door as the browser reaches it: as the settings say, else as it was asked just now."""
    if address:
        parts = urlsplit(address)
        return parts.scheme, f"{parts.netloc}{parts.path.rstrip('/')}"
    return scope["scheme"], header(scope, b"host")


def segment_settings(key: str, protocol: str, host: str) -> dict[str, Any]:
    """For Segment's browser client, which sends with this key and to this host, whatever it was loaded with."""
    return {
        "integrations": {
            "Segment.io": {
                "apiKey": key,
                "apiHost": f"{host}/{VERSION}",
                "protocol": protocol,
                "unbundledIntegrations": [],
                "addBundledMetadata": False,
                "maybeBundledConfigIds": {},
                "versionSettings": {"version": "", "componentTypes": ["browser"]},
            }
        },
        "plan": {"track": {"__default": {"enabled": True}}, "identify": {"__default": {"enabled": True}}, "group": {"__default": {"enabled": True}}},
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        # Nothing about the client itself is sent to its maker.
        "metrics": {"sampleRate": 0},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
    }


def rudderstack_source(key: str, sender: str) -> dict[str, Any]:
    """For RudderStack's browser client: the source that it is, without destinations, statistics or reports of errors."""
    return {
        "source": {
            "id": sender,
            "name": sender,
            "writeKey": key,
            "enabled": True,
            "workspaceId": "omtanke",
            "config": {"statsCollection": {"errors": {"enabled": False}, "metrics": {"enabled": False}}},
            "destinations": [],
            "dataplanes": {},
        }
    }
