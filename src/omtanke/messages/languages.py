"""The languages that messages are written in."""

from __future__ import annotations

LANGUAGES = ("sv", "en")
LOCALES = {"sv": "sv_SE", "en": "en_GB"}
NAMES = {"sv": "Swedish", "en": "English"}
