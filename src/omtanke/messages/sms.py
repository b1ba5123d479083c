"""How many segments a text message has (3GPP TS 23.038): 160 signs of the GSM alphabet or 70 others in one, 153 or 67 in each of several."""

from __future__ import annotations

from msgspec import Struct

GSM = frozenset("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")
# Signs that take two places: an escape and themselves.
EXTENDED = frozenset("\f^{}\\[~]|€")
# What is typed with care and costs a whole message its alphabet.
PLAIN = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "‑": "-", "’": "'", "‘": "'", "”": '"', "“": '"', "…": "...", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "}
)


class Sms(Struct, frozen=True):
    """A text message. `alphabet`: GSM-7 or UCS-2. `units`: septets, or UTF-16 code units. `dear`: the signs that made it UCS-2."""

    text: str
    alphabet: str
    units: int
    segments: int
    dear: str = ""


def sms(text: str) -> Sms:
    """The message as it is sent: typographic signs plain, everything else as written."""
    plain = text.strip().translate(PLAIN)
    dear = "".join(dict.fromkeys(sign for sign in plain if sign not in GSM and sign not in EXTENDED))
    if dear:
        places = [2 if ord(sign) > 0xFFFF else 1 for sign in plain]
        return Sms(plain, "UCS-2", sum(places), segments(places, 70, 67), dear)
    places = [2 if sign in EXTENDED else 1 for sign in plain]
    return Sms(plain, "GSM-7", sum(places), segments(places, 160, 153))


def segments(places: list[int], alone: int, each: int) -> int:
    """A sign of two places is not parted over two segments."""
    if sum(places) <= alone:
        return 1
    count, left = 1, each
    for place in places:
        if place > left:
            count, left = count + 1, each
        left -= place
    return count
