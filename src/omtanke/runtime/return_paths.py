"""The address to which a mail comes back when it cannot be delivered: the shop's own, with the message in it, signed by us.

As returns+TOKEN@butiken.example. A local part has 64 signs at most (RFC 5321, 4.5.3.1.1) and some servers write it in small letters, so that
it is shorter than a customer's link and in the letters of base32 (RFC 4648).
"""

from __future__ import annotations

import base64
import hmac
import re

from omtanke.runtime.customer_links import Keys, Link
from omtanke.vocabulary.time import DAY

# A server gives up after five days; a complaint may come when a mail is found again.
LASTS_DAYS = 90
MESSAGE, CUSTOMER, DATE, SIGNED = 8, 5, 2, 10
LENGTH = MESSAGE + CUSTOMER + DATE
SIGNS = 40
PURPOSE = "return path"
LONGEST_LOCAL_PART = 64
# As it stands in an address; a report may write the plus sign as "+2B" (RFC 3461, 4).
TOKEN = re.compile(rb"[+=-](?:2b)?([a-z2-7]{40})@", re.IGNORECASE)
MOST_LOOKED_AT = 200


def return_path_of(keys: Keys, address: str, customer: int, message: int, now: int) -> str:
    """The address that a message to a customer is sent from, on the envelope. `address`: the shop's, without the token."""
    local, _at, domain = address.rpartition("@")
    payload = message.to_bytes(MESSAGE) + customer.to_bytes(CUSTOMER) + (now // DAY).to_bytes(DATE)
    return f"{local}+{base64.b32encode(payload + keys.sign(PURPOSE, payload)[:SIGNED]).decode().lower()}@{domain}"


def came_back(keys: Keys, raw: bytes, now: int) -> Link | None:
    """Whose mail, and which, by the first address of ours that stands in what came back; None for none that is, or was, ours."""
    for found in TOKEN.findall(raw)[:MOST_LOOKED_AT]:
        link = _read(keys, found)
        if link is not None and now < link.until:
            return link
    return None


def _read(keys: Keys, token: bytes) -> Link | None:
    whole = base64.b32decode(token.upper())
    payload, signature = whole[:LENGTH], whole[LENGTH:]
    if not hmac.compare_digest(signature, keys.sign(PURPOSE, payload)[:SIGNED]):
        return None
    sent_on = int.from_bytes(payload[-DATE:])
    return Link(int.from_bytes(payload[MESSAGE:-DATE]), int.from_bytes(payload[:MESSAGE]), (sent_on + LASTS_DAYS) * DAY)
