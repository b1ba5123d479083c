"""Where a text says a day, a time or a deadline, in Swedish or English.

Opening hours, prices, numbers of orders and rights (“30 dagars öppet köp”) say none. A value that a template places stands as `VALUE`,
a promise or quote as `STATED`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct

STATED = "◈"
VALUE = "◇"

NUMBER_SV = (
    r"(?:\d{1,3}|◇|en|ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|tretton|fjorton|femton|sexton|sjutton|arton|nitton"
    r"|tjugo\w*|trettio\w*|fyrtio\w*|femtio\w*|sextio\w*|sjuttio\w*|ett par|någon|några(?: få)?|ett antal|en halv|halvannan)"
)
NUMBER_EN = (
    r"(?:\d{1,3}|◇|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy)(?:[- ]\w+)?|(?:a )?few|a couple of|several|half an?)"
)
DASH = r"\s*(?:-|–|—|‑|−|till|to|or|eller|och|and)\s*"
MONTH_SV = r"(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december)"
MONTH_EN = r"(?:january|february|(?-i:March|MARCH)|april|(?-i:May|MAY)|june|july|august|september|october|november|december)"
SHORT_MONTH = r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|okt|oct|nov|dec)\b\.?"
MONTH = rf"(?:{MONTH_SV}|{MONTH_EN}|{SHORT_MONTH})"
ORDINAL = (
    r"(?:\w*(?:första|andra|tredje|fjärde|femte|sjätte|sjunde|åttonde|nionde|tionde|elfte|tolfte|tonde)"
    r"|(?:\w+[- ])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth|twentieth|thirtieth))"
)
DAY = rf"(?:(?:[0-2]?\d|3[01]|◇)(?:\s?:?\s?(?:e|a|st|nd|rd|th)\b)?|{ORDINAL}|{NUMBER_SV}|{NUMBER_EN})"
WEEKDAY_SV = r"(?:mån|tis|ons|tors|fre|lör|sön)dag"
WEEKDAY_EN = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
WEEKDAY = rf"(?:{WEEKDAY_SV}|{WEEKDAY_EN})"
SHORT_DAY = r"(?:mån|tis|ons|tors?|fre|lör|sön|(?-i:Mon|Tues?|Weds?|Thu(?:rs?)?|Fri|Sat|Sun|MON|TUE|WED|THU|FRI|SAT|SUN))"
HOUR = r"(?:[01]?\d|2[0-4])"
CLOCK = rf"{HOUR}(?:[.:][0-5]\d)?"
BEFORE = r"(?:senast|före|innan|till|från|efter|på|fram till|before|by|until|till|from|after|on|no later than)"
UNIT_SV = r"(?:dag(?:en|ar|arna)?|dygn(?:et)?|timm(?:e|en|ar|arna)|tim|h|dgr|veck(?:a|an|or|orna)|månad(?:en|er)?)"
UNIT_EN = r"(?:days?|hours?|hrs?|h|weeks?|months?|fortnights?)"
WORKING = r"(?:vardag(?:ar)?|arbetsdag(?:ar)?|bankdag(?:ar)?|helgfria (?:vardagar|dagar)|(?:working|business|week|bank)[ -]?days?)"
SPAN_SV = (
    r"(?:inom|om|på|efter|i|under|upp till|högst|max|maximalt|cirka|ca\.?|omkring|ungefär|runt|tar|räkna med|dröjer|gäller|bara|endast|ytterligare"
    r"|leveranstid(?:en)?(?: är|:)?|(?:de )?(?:närmaste|nästa|kommande))"
)
SPAN_EN = (
    r"(?:within|in|after|up to|at most|takes?|taking|about|around|approximately|roughly|allow|for|under|less than|no more than|only|another"
    r"|delivery time(?: is|:)?|(?:the )?(?:next|coming)|over the next)"
)
NOT_A_PRICE = r"(?!\s*(?:kr|:-|sek|eur|gbp|usd|€|£|\$|%|procent|percent|kg|g|cm|mm|m|l|km)\b|\d|\s*[€£$%])"
PLACES = r"(?:den|senast|före|innan|till|från|efter|leverans|levereras|kommer|hemma|framme|by|on|before|until|from|after|delivery|arrives|ready)"

# Not a day that we lead anybody to expect; taken out before the rest is looked at.
HOURS = rf"{CLOCK}\s?(?:am|pm|a\.m\.|p\.m\.)?{DASH}{CLOCK}\s?(?:am|pm|a\.m\.|p\.m\.)?"
NAMED_DAY = rf"(?:{WEEKDAY}(?:ar|s)?|{SHORT_DAY})\b\.?"
DAYS = rf"(?:(?:vardagar|helger|alla dagar|dagligen|weekdays|weekends|daily|every day)\b|{NAMED_DAY}(?:{DASH}{NAMED_DAY})?)"
HARMLESS = (
    rf"\b(?:öppet(?:tider)?|har öppet|butiken är öppen|telefontid|bemannad|open(?:ing hours)?|are open)\b:?"
    rf"(?:\s*,?\s*(?:och|and|på|on|kl\.?|klockan|from|från)?\s*(?:{DAYS}\s*[,:]?\s*(?:kl\.?\s*)?(?:from |från )?{HOURS}|{HOURS}(?:\s*(?:på |on )?{DAYS})?))+",
    r"\b(?:black|good|casual|cyber)\s+(?:friday|monday|week)\b",
    rf"\b(?:trevlig|glad|fin|skön|god|härlig|lovely|happy|nice|good)\s+{WEEKDAY}\b(?=\s*[.!,]|$)",
    r"\b24/7\b",
    r"\b(?:1/[234]|[23]/[34])\b(?=\s*(?:kg|hg|g|l|dl|liter|litre|of|av|cup)\b)",
    r"\b(?:för|since|sedan)\s+\S+\s+\S+\s+(?:sedan|ago)\b",
)

NUMERIC = re.compile(r"(?<![\d.,/:◇-])(\d{1,4})\s?([-/.])\s?(\d{1,2})(?:\s?\2\s?(\d{4}|\d{2}))?(?![\d/:]|[-.,]\d)")
COMPACT = r"(?<!\d)20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
PATTERNS = (
    # Days by name and number
    rf"\b{DAY}(?:{DASH}{DAY})?\.?\s*(?:of |i |in |den )?(?:{MONTH_SV}|{MONTH_EN}|{SHORT_MONTH})\b",
    rf"◇\s*{MONTH}\b",
    rf"\b(?:{MONTH_SV}|{MONTH_EN}|{SHORT_MONTH})\s+(?:the\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\b|{ORDINAL}\b|(?:twenty|thirty|tjugo|trettio)\w*|◇|20\d\d)",
    r"\b\d{1,2}(?:st|nd|rd|th)?\s+may\b(?!\s+[a-z])",
    rf"\b(?:i|in|under|during|början av|slutet av|mitten av|beginning of|end of|early|late|mid|{BEFORE})[ -](?:{MONTH_SV}|{MONTH_EN})\b",
    rf"\b{WEEKDAY}(?:en|ens)?\b",
    rf"\b{BEFORE}\s+{SHORT_DAY}\b",
    rf"\b{SHORT_DAY}\.?,?\s+(?:den\s+|the\s+)?\d{{1,2}}\b",
    r"\b(?:den|the)\s+(?:[12]?\d|3[01])(?::?[ea]|st|nd|rd|th)\b",
    r"\bden\s+(?:[12]?\d|3[01])(?=\s*(?:[.,;!?)]|$|kl|mellan|före))",
    r"(?<![\w◇])(?:[12]?\d|3[01]):e\b",
    r"\bden\s+(?:tionde|elfte|tolfte|\w+tonde|tjugo\w*|trettio\w*)(?=\s*(?:[.,;!?)]|$))",
    rf"\b{BEFORE} the {ORDINAL}(?=\s*(?:[.,;!?)]|$))",
    COMPACT,
    r"(?<![\d/])\d{1,2}/\d{1,2}\s?-\s?(?:20)?\d{2}\b",
    r"\b(?:vecka|v\.|week)\s?(?:[1-4]?\d|5[0-3]|◇)\b",
    # Days as they lie from today
    r"\b(?:i\s?dag|i\s?mor(?:gon|ron|rn)|i?\s?övermorgon|i\s?kväll|i\s?natt|i\s?(?:efter|för)middag)\b",
    r"\bunder (?:dagen|förmiddagen|eftermiddagen|kvällen|helgen)\b|\bhela veckan\b|\b(?:during the|all) (?:morning|afternoon|evening|week|weekend)\b",
    r"\b(?:nästa (?:dag|vecka|månad)|samma dag|dagen (?:efter|därpå))\b",
    r"\b(?:i|till|före|innan|efter|över|under) helgen\b|\b(?:den här|denna|i|före|efter|under) veckan\b|\b(?:dagens|veckans|månadens|årets) slut\b",
    r"\bslutet av (?:veckan|månaden|året|dagen)\b|\b(?:före|till|vid|efter|innan) (?:lunch|kvällen|midnatt|middag)\b",
    r"\b(?:före|innan|till|senast|efter) (?:jul|julafton|julen|nyår|årsskiftet|påsk|påsken|midsommar|lucia|advent|alla hjärtans dag)\b",
    r"\b(?:today|tomorrow|tonight|overnight|this (?:morning|afternoon|evening|week|weekend|month))\b",
    r"\b(?:next (?:day|week|weekend|month|year)|same[ -]day|(?:the )?day after)\b",
    r"\b(?:by|before|after|over|at|on|for|until|in time for) the (?:weekend|end of|evening|morning)\b|\bend of (?:the )?(?:day|week|month|year)\b",
    r"\b(?:by|at|before|until|after) (?:noon|midday|midnight|lunch|lunchtime|tea time|close of business)\b",
    r"\b(?:by|at|before|until|after) (?:christmas|xmas|the holidays|easter|new year|midsummer)\b",
    # Spans
    rf"\b{SPAN_SV}\s+(?:cirka |ca\.? |ungefär |högst |max |bara )?{NUMBER_SV}(?:{DASH}{NUMBER_SV})?\s*{UNIT_SV}\b(?!-)",
    rf"\b{SPAN_EN}\s+(?:about |around |roughly |another |the next )?{NUMBER_EN}(?:{DASH}{NUMBER_EN})?[\s-]*{UNIT_EN}\b(?!-)(?! ago)",
    rf"\b(?:inom|om|efter|cirka|ca\.?|ungefär|dröjer)\s+{NUMBER_SV}(?:{DASH}{NUMBER_SV})?\s*minut(?:er)?\b|\b(?:inom|om) en (?:kvart|halvtimme)\b",
    rf"\b{NUMBER_SV}\s+{UNIT_SV}\s+på dig\b|\b(?:have|has) {NUMBER_EN}\s+(?:days?|hours?|weeks?)\b|\bwithin the (?:day|hour|week|month)\b",
    r"\b\d{1,2}[- ]?(?:hour|day)[- ](?:delivery|shipping|dispatch)\b|\b\d{1,2}-?(?:timmars|dagars)-?leverans\b",
    rf"\b(?:within|in|after)\s+{NUMBER_EN}(?:{DASH}{NUMBER_EN})?[\s-]*min(?:ute)?s?\b",
    rf"(?<![\w◇]){NUMBER_SV}{DASH}{NUMBER_SV}\s*{UNIT_SV}\b(?!-)",
    rf"(?<![\w◇]){NUMBER_EN}{DASH}{NUMBER_EN}[\s-]*{UNIT_EN}\b(?!-)(?! ago)",
    rf"(?<![\w◇])(?:{NUMBER_SV}|{NUMBER_EN})\s*{WORKING}\b",
    rf"\b(?:the )?(?:next|coming) {UNIT_EN}\b|\b(?:{NUMBER_EN})[\s-]*{UNIT_EN} from now\b",
    # Times of day
    rf"\b(?:kl\.?|klockan)\s*(?:{CLOCK}\b|◇|{NUMBER_SV}\b)",
    r"(?<![\d:.])(?:[01]?\d|2[0-3])\s?:\s?[0-5]\d(?![\d:])",
    rf"\b{BEFORE}\s+{HOUR}\.[0-5]\d\b{NOT_A_PRICE}|\b(?:mellan|vid|at|between|around)\s+{HOUR}\.[0-5]\d\b{NOT_A_PRICE}",
    rf"(?<![\d.,]){CLOCK}{DASH}{HOUR}\.[0-5]\d\b{NOT_A_PRICE}",
    r"(?<![\d.,])(?:1[0-2]|0?\d)(?:[.:][0-5]\d)?\s?(?:am|pm|a\.m\.|p\.m\.|o[’']clock)(?!\w)",
    rf"\b(?:senast|före|innan|before|by)\s+{HOUR}(?=\s*(?:[.,;!?)](?!\d)|$))",
    rf"\b{NUMBER_EN}\s+o[’']clock\b",
    rf"\b(?:mellan|between)\s+(?![01]\s){HOUR}\s+(?:och|and)\s+{HOUR}(?=\s*(?:[.,;!?)](?!\d)|$))",
    rf"\b(?:half past|quarter (?:past|to)|halv|kvart (?:i|över))\s+(?:{NUMBER_SV}|{NUMBER_EN})\b(?!\s*(?:liter|kilo|meter))",
)
SAYS_A_DATE = tuple(re.compile(pattern, re.IGNORECASE) for pattern in PATTERNS)
IS_HARMLESS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in HARMLESS)
NEAR_A_DATE = re.compile(rf"\b{PLACES}:?\s*$", re.IGNORECASE)
NEAR = 16


class DateSaid(Struct, frozen=True, order=True):
    """A place in a text, as offsets, and its words."""

    start: int
    end: int
    words: str


def dates_in(text: str) -> list[DateSaid]:
    """Every day, time and deadline that the text says and that is not a promise's or a quote's, in the order of the text; those that meet are one."""
    plain, where = normal(text)
    for pattern in IS_HARMLESS:
        plain = pattern.sub(lambda found: "·" * len(found[0]), plain)
    found = sorted({(m.start(), m.end()) for pattern in SAYS_A_DATE for m in pattern.finditer(plain)} | set(numeric_dates(plain)))
    said: list[DateSaid] = []
    for start, end in found:
        if not said or start > said[-1].end + 1:
            said.append(DateSaid(start, end, plain[start:end]))
        elif end > said[-1].end:
            said[-1] = DateSaid(said[-1].start, end, plain[said[-1].start : end])
    return [DateSaid(where[one.start], where[one.end - 1] + 1, one.words.strip()) for one in said]


def normal(text: str) -> tuple[str, list[int]]:
    """Compatible forms made plain, invisible signs left out, white space as one space; with the place of each sign in the composed (NFC) text."""
    signs: list[str] = []
    where: list[int] = []
    for n, sign in enumerate(unicodedata.normalize("NFC", text)):
        for one in unicodedata.normalize("NFKC", sign):
            is_space = one.isspace()
            if unicodedata.category(one) in ("Cf", "Mn", "Me") or is_space and signs and signs[-1] == " ":
                continue
            signs.append(" " if is_space else one)
            where.append(n)
    return "".join(signs), where


def numeric_dates(text: str) -> Iterator[tuple[int, int]]:
    """2026-11-28, 28.11.2026 and 28/11; a fraction or a size is none."""
    for found in NUMERIC.finditer(text):
        first, sign, second, third = int(found[1]), found[2], int(found[3]), found[4]
        if len(found[1]) > 2:
            is_date = len(found[1]) == 4 and third is not None and is_day(second, int(third))
        elif third is not None:
            is_date = is_day(first, second) or is_day(second, first)
        else:
            is_date = sign == "/" and (is_day(second, first) and first > 12 or is_near(text, found.start()) and is_day(second, first))
        if is_date:
            yield found.span()


def is_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def is_near(text: str, start: int) -> bool:
    """Words before it make a day of it."""
    return NEAR_A_DATE.search(text[max(0, start - NEAR) : start]) is not None


def shown_words(words: str) -> str:
    """Words of a text for a person: what a template places as “…”."""
    return words.strip(f" {VALUE}{STATED}").replace(VALUE, "…").replace(STATED, "…")
