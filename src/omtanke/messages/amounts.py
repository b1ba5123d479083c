"""Amounts as messages and pages say them."""

from __future__ import annotations

from babel.numbers import format_currency

from omtanke.messages.languages import LOCALES
from omtanke.vocabulary.money import minor_digits

HARD = "\N{NO-BREAK SPACE}"
# Their sign is known everywhere; others are named.
SIGNED = ("EUR", "GBP", "USD")


def amount(minor: int, currency: str, language: str) -> str:
    """1 499 kr; 149,50 kr; SEK 1,499 in English; £14.50. Small coins only where there are any."""
    digits = minor_digits(currency)
    number = "#,##0" if minor % 10**digits == 0 else "#,##0." + "0" * digits
    is_signed = currency in SIGNED or (language == "sv" and currency == "SEK")
    unit = "¤" if is_signed else "¤¤"
    pattern = f"{number}{HARD}{unit}" if language == "sv" else f"{unit}{'' if is_signed else HARD}{number}"
    return str(format_currency(minor / 10**digits, currency, pattern, locale=LOCALES[language], currency_digits=False))
