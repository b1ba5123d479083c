"""The provider's client, by Authlib. It brings a dozen megabytes of others along, so that only those load it who sign in elsewhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import requests
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.django_client import OAuth  # type: ignore[import-untyped]
from joserfc.errors import JoseError

from omtanke.settings import SignInElsewhere

WAIT_SECONDS = 10
# What comes of a provider that does not answer, or says what cannot be true.
FAILURES = (AuthlibBaseError, JoseError, requests.RequestException, RuntimeError, ValueError, KeyError, TypeError)


@cache
def client(asked: SignInElsewhere, data: Path) -> OAuth:
    """The client of a provider, with the secret that lies among the folder's keys."""
    secret = data / "keys" / "oidc.secret"
    oauth = OAuth()
    oauth.register(
        "elsewhere",
        client_id=asked.client_id,
        client_secret=secret.read_text(encoding="utf-8").strip() if secret.exists() else None,
        server_metadata_url=asked.issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "default_timeout": WAIT_SECONDS},
    )
    return oauth.elsewhere
