"""Charts of answers: one definition each, for page (SVG), slide (PNG) and spreadsheet (CSV).

What a colour says, a shape or a word says too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Literal

import altair as alt
import vl_convert
from msgspec import Struct

from omtanke.insight.answer import Answer, as_csv
from omtanke.insight.palette import DARK, LIGHT, SANS, SERIF, Palette

MONTHS_SV = ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"]
DAYS_SV = ["söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"]
TIME_SV = {
    "dateTime": "%A den %-d %B %Y %X",
    "date": "%Y-%m-%d",
    "time": "%H:%M:%S",
    "periods": ["fm", "em"],
    "days": DAYS_SV,
    "shortDays": [day[:3] for day in DAYS_SV],
    "months": MONTHS_SV,
    "shortMonths": [month[:3] for month in MONTHS_SV],
}
WIDTH = 680
ROW_HEIGHT = 34
LETTER_WIDTH = 7.4
FEWEST = 10
BROKEN = "break-paths-show-domains"
HARD_SPACE = "\u00a0"

WORDS: dict[str, dict[str, str]] = {
    "sv": {
        "kept_by_week": "Så stor del av löftena höll vi, vecka för vecka",
        "kept_by": "Så stor del av löftena höll vi",
        "broken_cost": "Vad ett brutet löfte kostar i kundens ögon",
        "kept_rate": "Hållna av dem vars dag kommit",
        "week": "Vecka då löftet skulle vara uppfyllt",
        "mean_score": "Betyg, medelvärde av 1 till 5",
        "interval": "Strecken visar 95 % osäkerhet",
        "band": "Fältet visar 95 % osäkerhet",
        "few": "{few} veckor med färre än {fewest} löften visas inte",
        "of": "av",
        "answers": "svar",
        "unknown": "inte känt",
        "kind": "efter slag",
        "month": "efter månad",
        "region": "efter län",
        "carrier": "efter transportör",
        "warehouse": "efter varifrån det skickades",
        "touchpoint": "efter plats där vi lovade",
        "owner": "efter ansvarig",
        "kept or exceeded": "Hållet",
        "broken": "Brutet",
        "- never arrived": "– kom aldrig fram",
        "- arrived before an agreed slot": "– kom före avtalad tid",
        "- arrived late": "– kom för sent",
        "- - answered while waiting": "– – svar medan kunden väntade",
        "- - answered after arrival": "– – svar efter leverans",
        "withdrawn": "Återtaget",
        "still open": "Ännu öppet",
        "no delivery promised": "Inget lovat",
        "satisfaction": "Hur nöjda kunderna är",
        "recommendation": "Vill kunderna rekommendera oss?",
        "effort": "Gjorde vi det lätt?",
        "feeling": "Hur kändes det?",
        "score": "Medelvärde, hållet mot de andra",
        "balance": "Enheter från −100 till 100, hållet mot de andra",
        "hollow": "Ringen är det egna medelvärdet, punkten hålls mot de andra; strecken visar 95 % osäkerhet",
        "too few": "få svar",
    },
    "en": {
        "kept_by_week": "How many of our promises we kept, week by week",
        "kept_by": "How many of our promises we kept",
        "broken_cost": "What a broken promise costs in the customer's eyes",
        "kept_rate": "Kept, of those whose day has come",
        "week": "Week in which the promise was due",
        "mean_score": "Score, mean of 1 to 5",
        "interval": "Lines show 95 % uncertainty",
        "band": "The band shows 95 % uncertainty",
        "few": "{few} weeks with fewer than {fewest} promises are not shown",
        "of": "of",
        "answers": "answers",
        "unknown": "not known",
        "kind": "by kind",
        "month": "by month",
        "region": "by region",
        "carrier": "by carrier",
        "warehouse": "by where it was shipped from",
        "touchpoint": "by where we promised it",
        "owner": "by who answers for it",
        "kept or exceeded": "Kept",
        "broken": "Broken",
        "- never arrived": "– never arrived",
        "- arrived before an agreed slot": "– came before the agreed time",
        "- arrived late": "– arrived late",
        "- - answered while waiting": "– – answered while waiting",
        "- - answered after arrival": "– – answered after arrival",
        "withdrawn": "Withdrawn",
        "still open": "Still open",
        "no delivery promised": "Nothing promised",
        "satisfaction": "How satisfied they are",
        "recommendation": "Would they recommend us?",
        "effort": "Did we make it easy?",
        "feeling": "How did it feel?",
        "score": "Mean, held against the others",
        "balance": "Points from −100 to 100, held against the others",
        "hollow": "The ring is its own mean, the dot is held against the others; lines show 95 % uncertainty",
        "too few": "few answers",
    },
}

KINDS: dict[str, dict[str, str]] = {
    "sv": {
        "delivery": "leverans",
        "pickup": "hämtning",
        "refund": "återbetalning",
        "call_back": "återuppringning",
        "reply": "svar",
        "repair": "rättelse",
        "restock": "åter i lager",
        "appointment": "bokad tid",
        "opening_hours": "öppettid",
        "benefit": "förmån",
    },
    "en": {"call_back": "call back", "opening_hours": "opening hours"},
}


class UnknownLanguage(ValueError):
    """Charts do not speak that language."""


class Chart(Struct, frozen=True):
    """An answer as a picture; `draw` is its one definition."""

    answer: Answer
    draw: Callable[[Answer, str, Palette], Any]

    def spec(self, lang: str = "sv", dark: bool = False) -> dict[str, Any]:
        """The Vega-Lite specification. Raises UnknownLanguage."""
        if lang not in WORDS:
            raise UnknownLanguage(f"{lang!r} is not a language of charts; those are {', '.join(WORDS)}")
        palette = DARK if dark else LIGHT
        drawn: dict[str, Any] = styled(self.draw(self.answer, lang, palette), palette).to_dict()
        return drawn

    def svg(self, lang: str = "sv", dark: bool = False) -> str:
        """For pages."""
        return vl_convert.vegalite_to_svg(self.spec(lang, dark), format_locale=number_format(lang), time_format_locale=time_format(lang), allowed_base_urls=[])

    def png(self, lang: str = "sv", dark: bool = False, scale: float = 2.0) -> bytes:
        """For slides and mail; `scale` 2 is sharp on fine screens."""
        return vl_convert.vegalite_to_png(
            self.spec(lang, dark), scale=scale, format_locale=number_format(lang), time_format_locale=time_format(lang), allowed_base_urls=[]
        )

    def csv(self) -> str:
        """The figures behind it."""
        return as_csv(self.answer)


def kept_by_week(answer: Answer) -> Chart:
    """Kept rate by week of the first window's end, with its interval as a band; from `Board.kept_by_week`."""
    return Chart(answer, draw_kept_by_week)


def kept_by(answer: Answer) -> Chart:
    """Kept rate by a dimension, with intervals; from `Board.kept_by` or `ask promises --by`."""
    return Chart(answer, draw_kept_by)


def broken_cost(answer: Answer) -> Chart:
    """Mean score by what became of the promise, with intervals; from `Board.broken_cost` or `ask broken-cost`."""
    return Chart(answer, draw_broken_cost)


def draw_kept_by_week(answer: Answer, lang: str, palette: Palette) -> Any:
    words = WORDS[lang]
    known = [record for record in answer.records if record["part"]]
    records = [record for record in known if record["came_due"] >= FEWEST]
    records += gaps(records)
    few = sum(1 for record in known if 0 < record["came_due"] < FEWEST)
    lowest = min((record["kept_rate_low"] for record in records if record["kept_rate"] is not None), default=0.0)
    x = alt.X("part:T", title=words["week"], axis=alt.Axis(format="%-d %b %Y" if len(records) < 12 else "%b %Y", labelOverlap=True, tickCount=8))
    scale = alt.Scale(domain=[max(0.0, lowest - 0.02), 1.0], nice=True)
    y = alt.Y("kept_rate:Q", title=words["kept_rate"], scale=scale, axis=alt.Axis(format="%"))
    base = data_of(records)
    low = alt.Y("kept_rate_low:Q", scale=scale, title=words["kept_rate"])
    band = base.mark_area(color=palette.pine, opacity=0.2, invalid=BROKEN).encode(x=x, y=low, y2="kept_rate_high:Q")
    line = base.mark_line(color=palette.pine, strokeWidth=2.5, invalid=BROKEN, point=alt.OverlayMarkDef(color=palette.pine, size=36)).encode(x=x, y=y)
    subtitle = words["band"] + (f". {words['few'].format(few=few, fewest=FEWEST)}" if few else "")
    return titled(alt.layer(band, line), words["kept_by_week"], subtitle, palette).properties(width=WIDTH, height=280)


def gaps(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The weeks between that have no figure, so that no line is drawn through them."""
    shown = [date.fromisoformat(record["part"]) for record in records]
    weeks = (max(shown) - min(shown)).days // 7 if shown else 0
    between = {min(shown) + timedelta(weeks=n) for n in range(weeks)} - {*shown}
    return [{"part": week.isoformat(), "kept_rate": None, "kept_rate_low": None, "kept_rate_high": None} for week in sorted(between)]


def draw_kept_by(answer: Answer, lang: str, palette: Palette) -> Any:
    words, dimension = WORDS[lang], answer.parameters.get("dimension", "")
    records = [
        {**record, "name": name_of(record, dimension, lang), "said": f"{percent(record['kept_rate'], lang)} {words['of']} {grouped(record['came_due'], lang)}"}
        for record in answer.records
        if record["came_due"]
    ]
    order = None if dimension in ("month", "week") else [record["name"] for record in sorted(records, key=lambda one: (-one["kept_rate"], one["name"]))]
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=220))
    scale = alt.Scale(domain=[0, 1])
    x = alt.X("kept_rate:Q", title=words["kept_rate"], scale=scale, axis=alt.Axis(format="%", tickCount=5))
    base = data_of(records)
    bars = base.mark_bar(color=palette.pine, opacity=0.35, height={"band": 0.66}).encode(y=y, x=x)
    low = alt.X("kept_rate_low:Q", scale=scale, title=words["kept_rate"])
    rules = base.mark_rule(color=palette.ink, strokeWidth=1.6).encode(y=y, x=low, x2="kept_rate_high:Q")
    dots = base.mark_point(color=palette.ink, filled=True, size=42, opacity=1).encode(y=y, x=x)
    said = base.mark_text(align="left", dx=8, color=palette.ink, fontSize=13).encode(y=y, x=alt.datum(1.0), text="said:N")
    title = f"{words['kept_by']} {words.get(dimension, '')}".strip()
    return titled(alt.layer(bars, rules, dots, said), title, words["interval"], palette).properties(width=WIDTH - 260, height=alt.Step(ROW_HEIGHT))


def draw_broken_cost(answer: Answer, lang: str, palette: Palette) -> Any:
    words = WORDS[lang]
    shapes = {"kept or exceeded": ("circle", palette.pine), "withdrawn": ("square", palette.sky), "still open": ("square", palette.quiet)}
    records = []
    for record in answer.records:
        if record["mean_score"] is None or record["part"] not in words:
            continue
        shape, colour = shapes.get(record["part"], ("triangle-down", palette.brick) if record["part"] != "no delivery promised" else ("square", palette.quiet))
        said = f"{decimal(record['mean_score'], 2, lang)} · {grouped(record['answers'], lang)} {words['answers']}"
        records.append({**record, "name": words[record["part"]], "shape": shape, "colour": colour, "said": said})
    longest = max((len(record["name"]) for record in records), default=0) * LETTER_WIDTH
    names = alt.Axis(labelLimit=320, labelAlign="left", labelPadding=longest, ticks=False)
    y = alt.Y("name:N", sort=[record["name"] for record in records], title=None, axis=names)
    scale = alt.Scale(domain=[1, 5])
    axis = alt.Axis(values=[1, 2, 3, 4, 5], format="d", labelFlush=False)
    title = words["mean_score"]
    base = data_of(records)
    hue = alt.Color("colour:N", scale=None)
    rules = base.mark_rule(strokeWidth=2).encode(y=y, x=alt.X("mean_score_low:Q", scale=scale, axis=axis, title=title), x2="mean_score_high:Q", color=hue)
    shape_of = alt.Shape("shape:N", scale=None)
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(y=y, x=alt.X("mean_score:Q", scale=scale, title=title), shape=shape_of, color=hue)
    said = base.mark_text(align="left", dx=8, color=palette.ink, fontSize=13).encode(y=y, x=alt.datum(5), text="said:N")
    return titled(alt.layer(rules, dots, said), words["broken_cost"], words["interval"], palette).properties(width=WIDTH - 320, height=alt.Step(ROW_HEIGHT))


def measure(answer: Answer) -> Chart:
    """A measure by a dimension, worst first, with intervals; from `Board.measure` or `ask satisfaction --by`."""
    return Chart(answer, draw_measure)


# Of each measure: the column of its own mean, and the ends of its axis.
MEASURED = {
    "satisfaction": ("mean_score", [1, 5]),
    "stores": ("mean_score", [1, 5]),
    "effort": ("mean_score", [1, 7]),
    "recommendation": ("nps", [-100, 100]),
    "feeling": ("feeling", [-100, 100]),
}


def draw_measure(answer: Answer, lang: str, palette: Palette) -> Any:
    words, (own, ends) = WORDS[lang], MEASURED[answer.question]
    digits, title = (2, words["score"]) if ends[0] == 1 else (0, words["balance"])
    records = []
    for record in answer.records:
        if record["part"] is not None and record["shrunk"] is not None and (ends[1] != 5 or record["scale"] == "1-5"):
            count = f"{grouped(record['answers'], lang)} {words['too few'] if record['note'] else words['answers']}"
            said = f"{decimal(record['shrunk'], digits, lang)} · {count}"
            clipped = {"low": max(record["shrunk_low"], ends[0]), "high": min(record["shrunk_high"], ends[1])}
            records.append({"name": record["part"], "own": record[own], "shrunk": record["shrunk"], "said": said, **clipped})
    records.sort(key=lambda one: (one["shrunk"], one["name"]))
    y = alt.Y("name:N", sort=[one["name"] for one in records], title=None, axis=alt.Axis(labelLimit=240))
    scale = alt.Scale(domain=ends)
    base = data_of(records)
    x = alt.X("shrunk:Q", title=title, scale=scale, axis=alt.Axis(tickCount=5))
    rules = base.mark_rule(color=palette.pine, strokeWidth=2.4).encode(y=y, x=alt.X("low:Q", scale=scale, title=title), x2="high:Q")
    rings = base.mark_point(color=palette.quiet, filled=False, size=70, strokeWidth=1.4).encode(y=y, x=alt.X("own:Q", scale=scale, title=title))
    dots = base.mark_point(color=palette.pine, filled=True, size=80, opacity=1).encode(y=y, x=x)
    said = base.mark_text(align="left", dx=8, color=palette.ink, fontSize=13).encode(y=y, x=alt.datum(ends[1]), text="said:N")
    heading = words["satisfaction" if answer.question == "stores" else answer.question]
    return titled(alt.layer(rules, rings, dots, said), heading, words["hollow"], palette).properties(width=WIDTH - 340, height=alt.Step(ROW_HEIGHT))


def data_of(records: list[dict[str, Any]]) -> Any:
    """The rows as the chart's data."""
    return alt.Chart(alt.InlineData(values=records))


def titled(chart: Any, title: str, subtitle: str, palette: Palette) -> Any:
    """A heading, and under it how to read the uncertainty; the heading is also the picture's description."""
    return chart.properties(title=alt.TitleParams(title, subtitle=subtitle), description=f"{title}. {subtitle}.")


def styled(chart: Any, palette: Palette) -> Any:
    """The look: its colours, its letters, large enough to read."""
    return (
        chart.configure(background=palette.card, font=SANS, padding=16)
        .configure_axis(
            labelColor=palette.ink,
            titleColor=palette.quiet,
            gridColor=palette.line,
            domainColor=palette.line,
            tickColor=palette.line,
            labelFontSize=13,
            titleFontSize=13,
            titleFontWeight="normal",
            titlePadding=10,
            labelPadding=6,
        )
        .configure_title(
            color=palette.ink,
            font=SERIF,
            fontSize=19,
            fontWeight=500,
            anchor="start",
            subtitleColor=palette.quiet,
            subtitleFont=SANS,
            subtitleFontSize=13,
            subtitlePadding=6,
            offset=14,
        )
        .configure_view(stroke=None)
    )


def name_of(record: Mapping[str, Any], dimension: str, lang: str) -> str:
    """The value of the dimension as people say it."""
    part = record["part"]
    if part is None:
        return WORDS[lang]["unknown"]
    return KINDS[lang].get(part, part) if dimension == "kind" else str(part)


def decimal(value: float, digits: int, lang: str) -> str:
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if lang == "sv" else text


def percent(value: float, lang: str) -> str:
    return f"{decimal(value * 100, 1, lang)}{HARD_SPACE}%" if lang == "sv" else f"{decimal(value * 100, 1, lang)}%"


def grouped(value: int, lang: str) -> str:
    return f"{value:,}".replace(",", HARD_SPACE) if lang == "sv" else f"{value:,}"


def time_format(lang: str) -> dict[str, Any] | Literal["en-GB"]:
    """How axes write days; months have small letters in Swedish."""
    return TIME_SV if lang == "sv" else "en-GB"


def number_format(lang: str) -> dict[str, Any]:
    """How axes write numbers; a percent sign stands apart in Swedish."""
    if lang == "sv":
        return {"decimal": ",", "thousands": HARD_SPACE, "grouping": [3], "currency": ["", " kr"], "percent": f"{HARD_SPACE}%"}
    return {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["£", ""], "percent": "%"}
