"""The command `omtanke`. Exit status 0: it holds; 1: it did not; 2: wrong call.

Each command brings in what it needs when it runs: `omtanke ask` shall not wait for Django.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from omtanke import __version__
from omtanke.cli_backup import add_backup
from omtanke.cli_hooks import add_hooks
from omtanke.cli_learning import add_learning
from omtanke.cli_messages import add_messages
from omtanke.cli_operation import add_operation
from omtanke.cli_playbook import add_playbook
from omtanke.cli_rights import add_rights
from omtanke.cli_spark import add_spark, check_on_spark, require_place, run_on
from omtanke.cli_why import add_why
from omtanke.progress import ProgressLine
from omtanke.settings import existing, read_settings
from omtanke.storage.database import PostgresError
from omtanke.storage.databases import VARIABLE as DATABASE_VARIABLE
from omtanke.vocabulary.refusal import CannotDo

if TYPE_CHECKING:
    from omtanke.runtime.replay import Checked

    Verbs: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

FAULTS = (CannotDo, PostgresError, FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError)
DEFAULT_DATA = "omtanke-data"
FORMATS, LEVELS = ("logfmt", "json"), ("debug", "info", "warning", "error")
LOG_FORMAT, LOG_LEVEL = "OMTANKE_LOG_FORMAT", "OMTANKE_LOG_LEVEL"
# DuckDB reads it when it is loaded. A process that lives long and asks little gives back what a question took (30 MB), for a third of its time.
GIVES_BACK_AT_ONCE = ("DUCKDB_JE_MALLOC_CONF", "dirty_decay_ms:0")
EXAMPLES = """examples:
  omtanke demo                                         a shop to look at, in one command
  omtanke import olist ~/olist --data shop             the published Olist files, as history
  omtanke import csv orders.csv --map orders.toml --dry-run
  omtanke serve --data shop                            the console and the door
  omtanke ask promises --by region --data shop
  omtanke ask promises --by carrier --since 7d --data shop
  omtanke replay --check --data shop                   decide everything anew and compare
"""


def build_parser() -> argparse.ArgumentParser:
    """Every verb, with its options."""
    parser = argparse.ArgumentParser(
        prog="omtanke",
        description="Keeps every promise made to a customer, in every channel.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"omtanke {__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument(
        "--data", type=Path, default=Path(os.environ.get("OMTANKE_DATA", DEFAULT_DATA)), help="the data folder (OMTANKE_DATA, default ./omtanke-data)"
    )
    data.add_argument("--database", metavar="URL", help="the PostgreSQL database that holds everything (OMTANKE_DATABASE; default: files in the data folder)")
    _add_serving(verbs, data)
    _add_importing(verbs, data)
    _add_asking(verbs, data)
    _add_replay(verbs, data)
    _add_simulate(verbs)
    _add_staff(verbs, data)
    add_rights(verbs, data)
    add_backup(verbs, data)
    add_operation(verbs, data)
    add_hooks(verbs, data)
    add_playbook(verbs, data)
    add_why(verbs, data)
    add_messages(verbs)
    add_learning(verbs, data)
    _add_suggesting(verbs, data)
    return parser


def _logged(level: str) -> argparse.ArgumentParser:
    """How a process writes its log; a shop to look at is quieter than one that is run."""
    parser = argparse.ArgumentParser(add_help=False)
    form, least = os.environ.get(LOG_FORMAT, FORMATS[0]), os.environ.get(LOG_LEVEL, level)
    parser.add_argument("--log-format", choices=FORMATS, default=form, help="of the lines on standard error (OMTANKE_LOG_FORMAT)")
    parser.add_argument("--log-level", choices=LEVELS, default=least, help="from which level on (OMTANKE_LOG_LEVEL)")
    return parser


def _add_serving(verbs: Verbs, data: argparse.ArgumentParser) -> None:
    logged = _logged("info")
    serve = verbs.add_parser("serve", parents=[data, logged], help="start the console, the door, the worker and what runs beside them, and watch them")
    serve.add_argument("--as-of", metavar="MOMENT", help="the moment at which pages stand, as 2018-10-22 or 2018-10-22T03:33")
    _add_addresses(serve)
    serve.set_defaults(run=serve_command)
    demo = verbs.add_parser("demo", parents=[data, _logged("warning")], help="make a small Nordic shop with its last months, and serve it")
    demo.add_argument("--customers", type=int, default=2_000, help="how many customers the shop has (default 2000)")
    demo.add_argument("--seed", type=int, default=7, help="the same seed on the same day gives the same shop")
    demo.add_argument("--speed", type=int, default=60, help="how many seconds pass in the shop in one of ours (default 60)")
    demo.add_argument("--no-serve", action="store_true", help="make the shop and end")
    _add_addresses(demo)
    demo.set_defaults(run=demo_command)
    run = verbs.add_parser("run", help="one process alone: worker, lake, web, door, dispatch, letters or shop")
    processes = run.add_subparsers(dest="process", required=True, metavar="PROCESS")
    worker = processes.add_parser("worker", parents=[data, logged], help="makes facts of what has come in")
    worker.add_argument("--until-idle", action="store_true", help="end when nothing is left to do")
    worker.add_argument("--leave-lake", action="store_true", help="whoever started it lets the facts flow into the lake")
    worker.set_defaults(run=run_process_command, run_process=run_worker_command)
    lake = processes.add_parser("lake", parents=[data, logged], help="lets facts flow into the lake")
    lake.set_defaults(run=run_process_command, run_process=run_lake_command)
    web = processes.add_parser("web", parents=[data, logged], help="the console")
    web.add_argument("--as-of", metavar="MOMENT", help="the moment at which pages stand")
    web.set_defaults(run=run_process_command, run_process=run_web_command)
    door = processes.add_parser("door", parents=[data, logged], help="takes events")
    door.set_defaults(run=run_process_command, run_process=run_door_command)
    dispatch = processes.add_parser("dispatch", parents=[data, logged], help="sends webhooks, mail and chat messages")
    dispatch.set_defaults(run=run_process_command, run_process=run_dispatch_command)
    letters = processes.add_parser("letters", parents=[data, logged], help="writes the morning letters and alerts that are due, and ends")
    letters.set_defaults(run=run_process_command, run_process=run_letters_command)
    shop = processes.add_parser("shop", parents=[data, logged], help="the demo's shop, which lives beside the others")
    shop.set_defaults(run=run_process_command, run_process=run_shop_command)
    for process in (web, door, dispatch, letters, shop):
        _add_addresses(process)


def _add_addresses(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="where to listen (default 127.0.0.1, or the settings')")
    parser.add_argument("--port", type=int, help="port of the pages (default 8400, or the settings')")
    parser.add_argument("--door-port", type=int, help="port of the door for events (default 8401, or the settings')")


def _add_importing(verbs: Verbs, data: argparse.ArgumentParser) -> None:
    importing = verbs.add_parser("import", help="bring the past onto the timelines")
    kinds = importing.add_subparsers(dest="kind", required=True, metavar="KIND")
    olist = kinds.add_parser("olist", parents=[data], help="the folder of the Olist dataset as published")
    olist.add_argument("folder", type=Path)
    olist.add_argument("--not-ended", action="store_true", help="a later export of the same shop will follow")
    olist.set_defaults(run=import_olist_command)
    csv = kinds.add_parser("csv", parents=[data], help="any export, by a map that says what its columns mean")
    csv.add_argument("file", type=Path)
    csv.add_argument("--map", type=Path, required=True, help="the map, a TOML file (docs/how-to/import-any-export.md)")
    csv.add_argument("--ended", action="store_true", help="nothing more will come from this source")
    csv.set_defaults(run=import_csv_command)
    for kind in (olist, csv):
        kind.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        kind.add_argument("--format", choices=("text", "json"), default="text", help="of the report")


def _add_asking(verbs: Verbs, data: argparse.ArgumentParser) -> None:
    ask = verbs.add_parser("ask", parents=[data], help="a question about all customers")
    ask.add_argument("question", help="promises, broken-cost or overview")
    ask.add_argument("--by", metavar="DIMENSION", help="promises: kind, month, region, carrier or touchpoint")
    ask.add_argument(
        "--since", metavar="DATE", help="about a period: its first day in the shop's zone, as 2026-11-01, or 7d for seven days before that of --as-of"
    )
    ask.add_argument("--until", metavar="DATE", help="its last day, which belongs to it, written likewise (default: the day of --as-of)")
    ask.add_argument("--as-of", metavar="MOMENT", help="answer as of this moment (default: the store's clock)")
    ask.add_argument("--format", choices=("table", "json", "csv"), default="table")
    ask.add_argument("--sql", action="store_true", help="print the SQL that would run, and run nothing")
    ask.add_argument("--dialect", default="duckdb", help="with --sql: duckdb, spark, snowflake, bigquery, clickhouse …")
    add_spark(ask)
    ask.set_defaults(run=ask_command)


def _add_replay(verbs: Verbs, data: argparse.ArgumentParser) -> None:
    replay = verbs.add_parser("replay", parents=[data], help="fold and decide everything anew")
    replay.add_argument("--check", action="store_true", required=True, help="say whether anything differs from what is on record")
    replay.add_argument("--format", choices=("text", "json"), default="text")
    add_spark(replay)
    replay.set_defaults(run=replay_command)


def _add_simulate(verbs: Verbs) -> None:
    simulate = verbs.add_parser("simulate", help="the living shop as a file of events, and the truth behind them")
    simulate.add_argument("--seed", type=int, default=1, help="the same seed, persons and span give the same files (default 1)")
    simulate.add_argument("--persons", type=int, default=5_000, help="how many customers the shop has (default 5000)")
    simulate.add_argument("--from", dest="since", metavar="MOMENT", help="when it begins, as 2026-10-01 (default: four weeks before the end)")
    simulate.add_argument("--until", metavar="MOMENT", help="when it ends (default: the last midnight in Stockholm)")
    simulate.add_argument("--out", type=Path, metavar="FILE", help="where the events go: a Segment call on each line, in order of sending")
    simulate.add_argument("--truth", type=Path, metavar="FILE", help="where the truth goes, as JSON: what happened, what would have, the planted effects")
    simulate.set_defaults(run=simulate_command)


def _add_staff(verbs: Verbs, data: argparse.ArgumentParser) -> None:
    let_in = verbs.add_parser("let-in", parents=[data], help="a link for a colleague whom nobody else can let in; their codes are removed")
    let_in.add_argument("email", help="the address of their account")
    let_in.set_defaults(run=let_in_command)


def _add_suggesting(verbs: Verbs, data: argparse.ArgumentParser) -> None:
    suggest = verbs.add_parser(
        "suggest-links", parents=[data], help="look for customers who are perhaps one person; somebody confirms or refuses in the console"
    )
    suggest.add_argument("--limit", type=int, default=1_000, metavar="N", help="at most so many pairs wait for somebody, the likeliest (default 1000)")
    suggest.set_defaults(run=suggest_links_command)


# Commands


def import_olist_command(asked: argparse.Namespace) -> int:
    from omtanke.bootstrap import import_olist_folder

    with ProgressLine() as line:
        report = import_olist_folder(asked.data, asked.folder, line, asked.dry_run, not asked.not_ended)
    return _say_report(report, asked.format)


def import_csv_command(asked: argparse.Namespace) -> int:
    from omtanke.bootstrap import import_csv_file

    with ProgressLine() as line:
        report = import_csv_file(asked.data, asked.file, asked.map, line, asked.dry_run, asked.ended)
    return _say_report(report, asked.format)


def _say_report(report: object, form: str) -> int:
    from omtanke.intake.importers.report import Report

    assert isinstance(report, Report)
    print(json.dumps(report.to_data(), ensure_ascii=False, indent=2) if form == "json" else report.to_text())
    return 1 if report.faults else 0


def live_clock(data: Path) -> int | None:
    """The wall clock when the store has a live source; None when it stands at its last fact."""
    from omtanke.bootstrap import has_live_source
    from omtanke.folder_clock import read_clock

    return read_clock(data / "clock.json")() if has_live_source(data) else None


def ask_command(asked: argparse.Namespace) -> int:
    from omtanke.insight import ask

    if asked.sql:
        zone = read_settings(asked.data / "omtanke.toml").zone
        print(ask.sql(asked.question, dialect=asked.dialect, by=asked.by, as_of=asked.as_of, zone=zone, since=asked.since, until=asked.until))
        return 0
    settings, period = read_settings(existing(asked.data) / "omtanke.toml"), {"since": asked.since, "until": asked.until}
    with run_on(asked) as run:
        answer = ask.ask(asked.data, asked.question, by=asked.by, as_of=asked.as_of or live_clock(asked.data), zone=settings.zone, run=run, **period)
    print(answer.render(asked.format))
    return 0


def replay_command(asked: argparse.Namespace) -> int:
    existing(asked.data)
    require_place(asked)
    checked = check_on_spark(asked) if asked.on else check_here(asked.data)
    if asked.format == "json":
        differences = [{"position": d.position, "customer": d.customer, "what": d.what} for d in checked.differences[:1000]]
        found = {"facts": checked.facts, "persons": checked.persons, "decided": checked.decided, "other_engines": checked.other_engines}
        print(json.dumps({**found, "clean": checked.is_clean, "differences": differences}, indent=2))
    else:
        print(f"{checked.facts:,} facts of {checked.persons:,} persons, {checked.decided:,} decisions compared.")
        if checked.other_engines:
            print(f"{checked.other_engines:,} were decided by other versions of the engine and are not compared.")
        for difference in checked.differences[:20]:
            print(f"  position {difference.position}, customer {difference.customer}: {difference.what}")
        print("Nothing differs." if checked.is_clean else f"{len(checked.differences):,} differ.")
    return 0 if checked.is_clean else 1


def check_here(data: Path) -> Checked:
    """What a check in this process comes to."""
    from omtanke.bootstrap import check_folder

    with ProgressLine() as line:
        for checked in check_folder(data):
            if checked.persons % 500 == 0:
                line("persons", checked.persons, 0)
    return checked


def simulate_command(asked: argparse.Namespace) -> int:
    from datetime import datetime

    from omtanke.simulate.days import ZONE
    from omtanke.simulate.writing import span, write_history

    if asked.out is None and asked.truth is None:
        raise CannotDo("Say where it shall go: --out events.jsonl, --truth truth.json, or both.")
    since, until = span(asked.since, asked.until, datetime.now(ZONE).date())
    with ProgressLine() as line:
        written = write_history(asked.seed, asked.persons, since, until, asked.out, asked.truth, line)
    print(f"{written:,} events of {asked.persons:,} persons, {since.isoformat()} to {until.isoformat()}. The same command writes the same again.")
    return 0


def begin_log(asked: argparse.Namespace, role: str) -> None:
    """The process writes its log from now on, and those that it starts theirs in the same form."""
    from omtanke.runtime.logs import begin

    os.environ |= {LOG_FORMAT: asked.log_format, LOG_LEVEL: asked.log_level}
    begin(role, asked.log_format, asked.log_level)


def serve_command(asked: argparse.Namespace) -> int:
    begin_log(asked, "serve")
    from omtanke.processes.serve import serve

    return serve(asked.data, asked.as_of, asked.host, asked.port, asked.door_port)


def let_in_command(asked: argparse.Namespace) -> int:
    from omtanke.processes.addresses import Addresses
    from omtanke.web.app import folder_of_staff, own_link

    folder = folder_of_staff(asked.data)
    print((folder.settings.pages_address or Addresses(folder, None, None, None).pages).rstrip("/") + own_link(asked.data, asked.email))
    print("The link works once. A new password is chosen there; codes at sign-in have been removed.", file=sys.stderr)
    return 0


def suggest_links_command(asked: argparse.Namespace) -> int:
    from omtanke.processes.suggest import suggest_links

    with ProgressLine() as line:
        searched = suggest_links(existing(asked.data), asked.limit, line)
    print(f"{searched.persons:,} persons looked through; {searched.open:,} likely pairs wait for somebody who looks at them, in the console under Customers.")
    return 0


def demo_command(asked: argparse.Namespace) -> int:
    from omtanke.processes.demo import demo, require_addresses

    if not asked.no_serve:
        require_addresses(asked.data, asked.host, asked.port, asked.door_port)
    with ProgressLine() as line:
        demo(asked.data, asked.customers, asked.seed, line)
    if asked.no_serve:
        return 0
    from omtanke.processes.demo import come_alive, where_mail_is
    from omtanke.processes.links import demo_link
    from omtanke.processes.serve import serve

    begin_log(asked, "serve")

    beside = come_alive(asked.data, asked.speed)
    return serve(asked.data, None, asked.host, asked.port, asked.door_port, demo_link, beside, where_mail_is(asked.data))


def run_process_command(asked: argparse.Namespace) -> int:
    """One of the processes, which ends with the one that started it."""
    from omtanke.processes.patience import patiently
    from omtanke.processes.stopping import end_when_alone

    begin_log(asked, asked.process)
    end_when_alone()
    return patiently(lambda: asked.run_process(asked))


def run_worker_command(asked: argparse.Namespace) -> int:
    from omtanke.processes.worker import run

    if asked.leave_lake:
        from omtanke.runtime.working import NoFlow

        return run(asked.data, NoFlow, asked.until_idle)
    from omtanke.flow import LakeFlow

    return run(asked.data, LakeFlow, asked.until_idle)


def run_lake_command(asked: argparse.Namespace) -> int:
    from omtanke.storage.arrow_alone import leave_alone

    leave_alone()
    from omtanke.processes.lake import run

    return run(asked.data)


def run_web_command(asked: argparse.Namespace) -> int:
    os.environ.setdefault(*GIVES_BACK_AT_ONCE)
    from omtanke.processes.web import run

    return run(asked.data, asked.as_of, asked.host, asked.port)


def run_door_command(asked: argparse.Namespace) -> int:
    from omtanke.processes.door import run

    return run(asked.data, asked.host, asked.door_port)


def run_dispatch_command(asked: argparse.Namespace) -> int:
    from omtanke.processes.dispatch import run

    return run(asked.data, asked.host, asked.port)


def run_letters_command(asked: argparse.Namespace) -> int:
    from omtanke.processes.letters import run

    return run(existing(asked.data), asked.host, asked.port)


def run_shop_command(asked: argparse.Namespace) -> int:
    from omtanke.processes.shop import run

    return run(asked.data, asked.host, asked.door_port)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. What cannot be done is said on standard error, without a traceback."""
    asked = build_parser().parse_args(arguments)
    if getattr(asked, "database", None):
        os.environ[DATABASE_VARIABLE] = asked.database  # the processes that it starts inherit it
    try:
        status: int = asked.run(asked)
    except FAULTS as fault:
        print(f"omtanke: {fault}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. What was done stands; the same command goes on from there.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0
    return status


if __name__ == "__main__":
    sys.exit(main())
