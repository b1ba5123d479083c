"""`omtanke learn` and `omtanke backtest`: the day of delivery from the shop's own orders, and what windows quoted from it would have held."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from omtanke.progress import ProgressLine
from omtanke.settings import existing
from omtanke.vocabulary.refusal import CannotDo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omtanke.learning.delivery.curves import Point
    from omtanke.learning.delivery.scoring import Group, Scored
    from omtanke.processes.delivery_times import Learnt, Tried

    Verbs: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

SMALL = 300
SHOWN_OF_A_CURVE = 6


def add_learning(verbs: Verbs, data: argparse.ArgumentParser) -> None:
    """Both verbs."""
    learn = verbs.add_parser("learn", help="fit a model on the shop's own log")
    models = learn.add_subparsers(dest="model", required=True, metavar="MODEL")
    delivery = models.add_parser("delivery", parents=[data], help="on which day orders come; those under way count too")
    delivery.set_defaults(run=learn_command)
    trying = verbs.add_parser("backtest", help="what would have been, on the shop's own log")
    what = trying.add_subparsers(dest="what", required=True, metavar="WHAT")
    quotes = what.add_parser("quotes", parents=[data], help="windows quoted day after day with what was known then, beside the shop's own dates")
    quotes.add_argument(
        "--from", dest="first", metavar="DATE", type=day, help="the first day on which orders are quoted for (default: ninety days before --to)"
    )
    quotes.add_argument(
        "--to", dest="end", metavar="DATE", type=day, help="the day before which it ends (default: sixty days ago, when what has not come counts as lost)"
    )
    quotes.add_argument("--level", type=share, metavar="SHARE", help="the shortest window that is kept with this chance, as 0.9")
    quotes.add_argument("--cost-day", type=positive, metavar="COST", help="what a day longer costs; with --cost-broken")
    quotes.add_argument("--cost-broken", type=positive, metavar="COST", help="what a broken promise costs")
    quotes.add_argument(
        "--floor",
        type=share_or_none,
        metavar="SHARE",
        help="with costs: no order is quoted at a lower chance than this, 0 for none (default: as the policy says)",
    )
    quotes.set_defaults(run=backtest_command)
    for command in (delivery, quotes):
        command.add_argument(
            "--delivered-weight",
            type=positive,
            default=1.0,
            metavar="N",
            help="where the log is a sample: how many orders a delivered one stands for (default 1)",
        )
        command.add_argument("--format", choices=("text", "json"), default="text", help="of the report")


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2026-11-28") from fault


def share(text: str) -> float:
    return number(text, 1.0, "a share between 0 and 1, as 0.9")


def share_or_none(text: str) -> float:
    return 0.0 if text == "0" else share(text)


def positive(text: str) -> float:
    return number(text, float("inf"), "a number over 0")


def number(text: str, below: float, rule: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < below:
        raise argparse.ArgumentTypeError(f"{text!r} is not {rule}")
    return value


def learn_command(asked: argparse.Namespace) -> int:
    """0 when a model has been kept."""
    from omtanke.processes.delivery_times import learn

    return say(learn(existing(asked.data), asked.delivered_weight), asked.format, lines_of_learnt)


def backtest_command(asked: argparse.Namespace) -> int:
    """0, whatever the windows held."""
    from omtanke.processes.delivery_times import backtest

    if (asked.cost_day is None) != (asked.cost_broken is None):
        raise CannotDo("--cost-day and --cost-broken belong together: what counts is how many days a broken promise weighs up.")
    if asked.level is not None and asked.cost_day is not None:
        raise CannotDo("--level and --cost-day are two policies; give one of them, or neither for both curves.")
    ratio = asked.cost_broken / asked.cost_day if asked.cost_day else None
    with ProgressLine() as line:
        tried = backtest(existing(asked.data), asked.first, asked.end, line, asked.level, ratio, asked.floor, asked.delivered_weight)
    return say(tried, asked.format, lines_of_tried)


def say(report: object, form: str, lines: object) -> int:
    import msgspec

    assert callable(lines)
    print(msgspec.json.format(msgspec.json.encode(report)).decode() if form == "json" else "\n".join(lines(report)))
    return 0


def lines_of_learnt(learnt: Learnt) -> Iterator[str]:
    yield f"Model {learnt.version}: learnt from {learnt.orders:,} orders placed before {learnt.day}; {learnt.under_way:,} of them are under way."
    yield f"{learnt.lost:.1%} of orders never come: so many of those older than {learnt.lost_after_days} days have not."
    yield f"Under way is {learnt.load:.2f} times the usual."
    yield "A day in transit counts: " + ", ".join(f"{kind} {pace:.2f}" for kind, pace in learnt.paces.items()) + "."
    yield ""
    yield f"{'to':<12}{'orders':>8}{'half within':>13}{'nine of ten':>13}{'of late':>10}"
    for one in learnt.regions:
        yield f"{one.region or '(unknown)':<12}{one.orders:>8,}{one.half:>8} days{one.nine_of_ten:>8} days{one.speed:>9.2f}×"


def lines_of_tried(tried: Tried) -> Iterator[str]:
    yield f"{tried.orders:,} orders placed from {tried.first} until {tried.end}; a delivered one stands for {tried.delivered_weight:g}."
    yield f"The shop's own dates: {tried.own.kept:.1%} kept, {tried.own.days:.2f} days."
    for one in tried.policies:
        yield from lines_of_policy(one, f"Level {one.asked:g}" if one.asked < 1 else f"A broken promise weighs up {one.asked:g} days")
    if tried.at_own_kept:
        shorter = 1 - tried.at_own_kept.days / tried.own.days
        yield from lines_of_policy(tried.at_own_kept, f"Cost, where it keeps as much ({tried.at_own_kept.asked:.0f} days; {shorter:.1%} shorter)")
    if tried.level_at_own_kept:
        yield ""
        yield f"One level for all that keeps as much: {tried.level_at_own_kept.asked:.3f}, {tried.level_at_own_kept.days:.2f} days."
    for name, curve in (("Cost curve (days that a broken promise weighs up)", tried.cost_curve), ("Level curve (chance)", tried.level_curve)):
        if curve:
            yield from lines_of_curve(name, curve)
    if tried.version:
        yield ""
        yield f"Kept as curves {tried.version}: the console shows them beside the policy, under Promises."


def lines_of_policy(one: Scored, title: str) -> Iterator[str]:
    yield ""
    yield f"{title}: {one.kept:.1%} kept ({one.kept_low:.1%}–{one.kept_high:.1%}), {one.days:.2f} days."
    yield f"  {one.early:.1%} come before the window, which is {one.width:.1f} days wide."
    if one.out_of_reach > 0:
        yield f"  For {one.out_of_reach:.1%} of orders that chance cannot be had."
    yield f"  {'':<12}{'orders':>8}{'kept':>8}{'interval':>17}{'days':>8}{'own dates':>12}{'days':>8}"
    small = [region for region in one.regions if region.orders < SMALL]
    for group in (*one.months, *(region for region in one.regions if region.orders >= SMALL)):
        yield line_of_group(group)
    if small:
        yield f"  and {len(small)} regions with fewer than {SMALL} orders, in --format json"


def line_of_group(group: Group) -> str:
    between = f"{group.kept_low:.1%}–{group.kept_high:.1%}"
    name = group.name or "(unknown)"
    return f"  {name:<12}{group.orders:>8,}{group.kept:>8.1%}{between:>17}{group.days:>8.1f}{group.own_kept:>12.1%}{group.own_days:>8.1f}"


def lines_of_curve(name: str, curve: tuple[Point, ...]) -> Iterator[str]:
    yield ""
    yield f"{name}:"
    most = max(point.days for point in curve)
    for point in curve[::SHOWN_OF_A_CURVE]:
        yield f"  {point.asked:>9.3g}  {point.kept:>6.1%} kept  {point.days:>6.2f} days  {'▇' * round(30 * point.days / most)}"
