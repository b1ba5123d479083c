"""What a consent banner says with every event, in the shapes that banners write: a yes or a no for each category.

In the context of an event: Segment's `consent.categoryPreferences` {category: true or false}, RudderStack's
`consentManagement` {allowedConsentIds, deniedConsentIds}, the signals of Google's Consent Mode as
`consent.consentMode` {signal: granted or denied}, and a TC string of IAB's Transparency and Consent Framework as
`consent.tcString`. What has none of these shapes says nothing; the context is kept whole in the personal part.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

SIGNALS = ("ad_storage", "ad_user_data", "ad_personalization", "analytics_storage", "functionality_storage", "personalization_storage", "security_storage")
WORDS = {"granted": True, "denied": False}
TCF = "tcf."
# The core string of version 2, as far as it is read here: the first six bits, and so the first letter, are the version (C is 2);
# from bit 152 on, which is where byte 19 begins, stands a yes or a no to each of 24 purposes
# (IAB Tech Lab, Consent string and vendor list formats v2, "The Core String"). Four letters are three bytes.
TCF_HEAD = re.compile(r"C[A-Za-z0-9_-]{35}")
TCF_PURPOSES, TCF_PURPOSE_BITS, TCF_PURPOSE_BYTES = 11, 24, slice(19, 22)


# A part of every name under which a banner speaks.
SPOKEN_UNDER = b"consent"


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
    return found


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
    head = TCF_HEAD.match(text)
    if head is None:
        return {}
    bits = int.from_bytes(urlsafe_b64decode(head[0])[TCF_PURPOSE_BYTES])
    return {f"{TCF}{n}": bool(bits >> TCF_PURPOSE_BITS - n & 1) for n in range(1, TCF_PURPOSES + 1)}
