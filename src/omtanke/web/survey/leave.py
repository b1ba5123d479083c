"""Whether we may ask again: taken back by one press where we ask, and given again by one press in the same place."""

from __future__ import annotations

import re
import secrets

from django.utils.translation import gettext as _

from omtanke.engine.consent_policy import SURVEYS
from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn
from omtanke.web.shop import Shop

NO_MORE, AGAIN = "no_more", "again"
KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")


def new_key() -> str:
    """Makes a form act once."""
    return secrets.token_urlsafe(12)


def words_of(wish: str) -> str:
    """What the button says: the words shown, kept as evidence."""
    return _("Ask me nothing more") if wish == NO_MORE else _("You may ask me again")


def put_wish(here: Shop, customer: int, survey: int, wish: str, key: str) -> None:
    """Make it durable. Raises one of FAILURES, or OSError."""
    event = ConsentWithdrawn if wish == NO_MORE else ConsentGiven
    said = {"purpose": SURVEYS, "words": words_of(wish)}
    here.answers.put(event, f"{wish}:{survey}:{key}", customer, said, channel="survey", touchpoint="survey")
