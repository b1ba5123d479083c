"""What a consent banner says with every event, in the shapes that banners write: a yes or a no for each category.

In the context of an event: Segment's `consent.categoryPreferences` {category: true or false}, RudderStack's
`consentManagement` {allowedConsentIds, deniedConsentIds}, the signals of Google's Consent Mode as
`consent.consentMode` {signal: granted or denied}, and a TC string of IAB's Transparency and Consent Framework as
`consent.tcString`. What has none of these shapes says nothing; the context is kept whole in the personal part.
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

SIGNALS = ("ad_storage", "ad_user_data", "ad_personalization", "analytics_storage", "functionality_storage", "personalization_storage", "security_storage")
WORDS = {"granted": True, "denied": False}
TCF = "tcf."
MOST_CATEGORIES = 100
# The core string of version 2: the version in bits 0 to 5, a yes to each of 24 purposes from bit 152 on
# (IAB Tech Lab, Consent string and vendor list formats v2, "The Core String").
TCF_VERSION, TCF_VERSION_BITS = 2, 6
TCF_FIRST_PURPOSE, TCF_PURPOSES, TCF_LEAST_BITS = 152, 11, 213
# So much of it holds all that is read here: four letters are three bytes.
TCF_HEAD = re.compile(r"C[A-Za-z0-9_-]{35,39}")


def is_said_in(context: Mapping[str, Any]) -> bool:
    """Whether a banner says anything in the context."""
    return "consent" in context or "consentManagement" in context


def categories_of(context: Mapping[str, Any]) -> dict[str, bool]:
    """Each category that a banner speaks of: yes or no. Said twice, a no counts."""
    consent, rudder = _table(context.get("consent")), _table(context.get("consentManagement"))
    found: dict[str, bool] = {}
    for told in (_preferences(consent), _signals(consent), _listed(rudder), purposes_of(tc_string(context))):
        for category, is_yes in told.items():
            found[category] = is_yes and found.get(category, True)
    return dict(list(found.items())[:MOST_CATEGORIES])


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _preferences(consent: Mapping[str, Any]) -> dict[str, bool]:
    return {category: is_yes for category, is_yes in _table(consent.get("categoryPreferences")).items() if isinstance(is_yes, bool)}


def _signals(consent: Mapping[str, Any]) -> dict[str, bool]:
    told = _table(consent.get("consentMode"))
    return {signal: WORDS[word] for signal in SIGNALS if (word := str(told.get(signal, "")).lower()) in WORDS}


def _listed(rudder: Mapping[str, Any]) -> dict[str, bool]:
    return dict.fromkeys(_names(rudder.get("allowedConsentIds")), True) | dict.fromkeys(_names(rudder.get("deniedConsentIds")), False)


def _names(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def tc_string(context: Mapping[str, Any]) -> str:
    """The TC string, `tcString` as the banner's interface calls it or `tcf`; empty for none."""
    consent = _table(context.get("consent"))
    value = consent.get("tcString") or consent.get("tcf")
    return value if isinstance(value, str) else ""


def purposes_of(text: str) -> dict[str, bool]:
    """tcf.1 to tcf.11 of a TC string: which of the framework's purposes have a yes. Nothing for text that is no such string."""
    head = TCF_HEAD.match(text.split(".", 1)[0])
    if head is None:
        return {}
    try:
        bits = "".join(f"{byte:08b}" for byte in urlsafe_b64decode(head[0] + "=" * (-len(head[0]) % 4)))
    except binascii.Error:
        return {}
    if len(bits) < TCF_LEAST_BITS or int(bits[:TCF_VERSION_BITS], 2) != TCF_VERSION:
        return {}
    return {f"{TCF}{n + 1}": bits[TCF_FIRST_PURPOSE + n] == "1" for n in range(TCF_PURPOSES)}
