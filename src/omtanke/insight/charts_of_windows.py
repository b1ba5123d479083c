"""Charts of windows: what shorter and longer ones would have held, and whether they are kept as often as was said. The look is that of the other charts."""

from __future__ import annotations

from typing import Any

import altair as alt

from omtanke.insight.answer import Answer
from omtanke.insight.charts import ROW_HEIGHT, WIDTH, Chart, data_of, grouped, name_of, percent, titled
from omtanke.insight.charts import WORDS as CHARTED
from omtanke.insight.palette import Palette

# What is drawn of a curve: beyond, a day more buys nothing that anybody sees, or hardly anything is kept.
LEAST_KEPT, MOST_DAYS = 0.5, 60.0
HEIGHT, ROOM = 300, 0.05

WORDS: dict[str, dict[str, str]] = {
    "sv": {
        "windows": "Hur mycket vi hade hållit, mot hur långt vi hade lovat",
        "band": "Fältet visar 95 % osäkerhet",
        "days": "Dagar från beställning till utlovad sista dag, i medeltal",
        "kept": "Hållna",
        "level": "lika säkert för alla",
        "cost": "efter vad det kostar",
        "own": "våra egna datum",
        "now": "så som policyn säger",
        "chosen": "det du ser på",
        "calibration": "Så säkra sa vi att vi var, och så många höll vi",
        "tick": "Strecket på höjden är vad vi lovade, punkten vad vi höll; linjen visar 95 % osäkerhet",
        "promised and kept": "Lovade och hållna",
    },
    "en": {
        "windows": "How many we would have kept, against how long we would have promised",
        "band": "The band shows 95 % uncertainty",
        "days": "Days from order to the last promised day, on average",
        "kept": "Kept",
        "level": "as sure for everybody",
        "cost": "by what it costs",
        "own": "our own dates",
        "now": "as the policy says",
        "chosen": "what you look at",
        "calibration": "How sure we said that we were, and how many we kept",
        "tick": "The upright mark is what we promised, the dot what we kept; the line shows 95 % uncertainty",
        "promised and kept": "Promised and kept",
    },
}
LINES = {"level": [1, 0], "cost": [6, 4]}
MARKS = {"own": "diamond", "now": "circle", "chosen": "square"}


def windows(answer: Answer) -> Chart:
    """Both curves, kept against days, and the marks on them; from rows whose part is a curve (`level`, `cost`) or a mark (`own`, `now`, `chosen`)."""
    return Chart(answer, draw_windows)


def draw_windows(answer: Answer, lang: str, palette: Palette) -> Any:
    words = WORDS[lang]
    named = [{**record, "name": words[record["part"]]} for record in answer.records]
    marks = [record for record in named if record["part"] in MARKS]
    curves = [record for record in named if record["part"] in LINES and record["kept"] >= LEAST_KEPT and record["days"] <= MOST_DAYS]
    every = [*curves, *marks]
    x = alt.X("days:Q", title=words["days"], scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(format="d", tickCount=8))
    lowest = min((record["kept_low"] for record in every), default=LEAST_KEPT)
    scale = alt.Scale(domain=[max(0.0, lowest - ROOM), 1.0], nice=False)
    y = alt.Y("kept:Q", title=words["kept"], scale=scale, axis=alt.Axis(format="%", tickCount=6))
    hues = {"level": palette.pine, "cost": palette.sky}
    seen = [part for part in LINES if any(record["part"] == part for record in curves)]
    names = [words[part] for part in seen]
    hue = alt.Color(
        "name:N",
        scale=alt.Scale(domain=names, range=[hues[part] for part in seen]),
        legend=legend(palette, symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=2.5),
    )
    dash = alt.StrokeDash(
        "name:N",
        scale=alt.Scale(domain=names, range=[LINES[part] for part in seen]),
        legend=legend(palette, symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=2.5),
    )
    base = data_of(curves)
    band = base.mark_area(opacity=0.16).encode(x=x, y=alt.Y("kept_low:Q", scale=scale, title=words["kept"]), y2="kept_high:Q", color=hue)
    line = base.mark_line(strokeWidth=2.5).encode(x=x, y=y, color=hue, strokeDash=dash)
    shown = [part for part in MARKS if any(record["part"] == part for record in marks)]
    shapes = alt.Scale(domain=[words[part] for part in shown], range=[MARKS[part] for part in shown])
    shape = alt.Shape("name:N", scale=shapes, legend=legend(palette, symbolFillColor=palette.ink))
    dots = data_of(marks).mark_point(size=150, filled=True, opacity=1, color=palette.ink, stroke=palette.card, strokeWidth=2).encode(x=x, y=y, shape=shape)
    drawn = alt.layer(band, line, *([dots] if marks else [])).resolve_scale(shape="independent")
    return titled(drawn, words["windows"], words["band"], palette).properties(width=WIDTH, height=HEIGHT)


def calibration(answer: Answer) -> Chart:
    """What was promised beside what was kept, by a dimension, with intervals; from `Board.calibration` or `ask calibration --by`."""
    return Chart(answer, draw_calibration)


def draw_calibration(answer: Answer, lang: str, palette: Palette) -> Any:
    words, dimension = WORDS[lang], answer.parameters.get("dimension", "")
    records = [
        {
            **record,
            "name": name_of(record, dimension, lang),
            "said": f"{percent(record['kept_rate'], lang)} {CHARTED[lang]['of']} {grouped(record['came_due'], lang)}",
        }
        for record in answer.records
        if record["came_due"]
    ]
    order = None if dimension in ("month", "week") else [record["name"] for record in sorted(records, key=lambda one: (one["gap"], one["name"]))]
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=220))
    lowest = min((min(record["kept_rate_low"], record["promised"]) for record in records), default=LEAST_KEPT)
    scale = alt.Scale(domain=[max(0.0, lowest - ROOM), 1.0], nice=False)
    title = words["promised and kept"]
    base = data_of(records)
    low = alt.X("kept_rate_low:Q", scale=scale, title=title, axis=alt.Axis(format="%", tickCount=5))
    rules = base.mark_rule(color=palette.pine, strokeWidth=2.4).encode(y=y, x=low, x2="kept_rate_high:Q")
    dots = base.mark_point(color=palette.pine, filled=True, size=80, opacity=1).encode(y=y, x=alt.X("kept_rate:Q", scale=scale, title=title))
    ticks = base.mark_tick(color=palette.ink, thickness=2.4, size=22).encode(y=y, x=alt.X("promised:Q", scale=scale, title=title))
    said = base.mark_text(align="left", dx=8, color=palette.ink, fontSize=13).encode(y=y, x=alt.datum(1.0), text="said:N")
    heading = f"{words['calibration']} {CHARTED[lang].get(dimension, '')}".strip()
    return titled(alt.layer(rules, ticks, dots, said), heading, words["tick"], palette).properties(width=WIDTH - 260, height=alt.Step(ROW_HEIGHT))


def legend(palette: Palette, **more: Any) -> Any:
    """Names under the picture."""
    return alt.Legend(title=None, orient="bottom", direction="horizontal", labelColor=palette.ink, labelFontSize=13, labelLimit=260, symbolSize=150, **more)
