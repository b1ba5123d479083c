"""Money: an integer of minor units (öre, cents) and an ISO 4217 code."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from omtanke.vocabulary.refusal import Refused

# ISO 4217 codes whose minor unit is not a hundredth.
MINOR_DIGITS = {"JPY": 0, "KRW": 0, "ISK": 0, "CLP": 0, "VND": 0, "BHD": 3, "KWD": 3, "JOD": 3, "TND": 3, "OMR": 3}
LARGEST = 10**15
NUMBERS = (int, float, str)


def minor_digits(currency: str) -> int:
    """How many decimals the currency's minor unit has."""
    return MINOR_DIGITS.get(currency, 2)


def read_currency(value: object, path: str) -> str:
    """An ISO 4217 code in capitals."""
    if isinstance(value, str) and len(value) == 3 and value.isascii() and value.isalpha():
        return value.upper()
    raise Refused(path, value, "is not a currency; write three letters as in SEK")


def _minor(value: float | str, digits: int) -> int:
    """Most amounts are whole numbers, for which no decimal arithmetic is needed."""
    if isinstance(value, int) and -LARGEST <= value <= LARGEST:
        return value * int(10**digits)
    return int(Decimal(str(value)).scaleb(digits).to_integral_value())


def read_amount(value: object, path: str, currency: str) -> int:
    """Minor units of an amount in major units (a number, or text with a decimal point)."""
    if isinstance(value, bool) or not isinstance(value, NUMBERS):
        raise Refused(path, value, "is not an amount; write a number as in 149.50")
    try:
        whole = _minor(value, minor_digits(currency))
    except (InvalidOperation, OverflowError, ValueError) as error:
        raise Refused(path, value, "is not an amount; write a number as in 149.50") from error
    if abs(whole) > LARGEST:
        raise Refused(path, value, "is larger than any amount we keep")
    return whole
