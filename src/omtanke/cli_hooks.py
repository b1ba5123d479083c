"""`omtanke hook`: addresses at the door for platforms, carriers and tills."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from omtanke.vocabulary.refusal import CannotDo

if TYPE_CHECKING:
    Verbs: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]


def add_hooks(verbs: Verbs, data: argparse.ArgumentParser) -> None:
    """The verb and what it can do."""
    from omtanke.runtime.hooks import KINDS

    hook = verbs.add_parser("hook", help="addresses under which platforms, carriers and tills tell what happened")
    doings = hook.add_subparsers(dest="doing", required=True, metavar="DOING")
    add = doings.add_parser("add", parents=[data], help="make one, and print its address")
    add.add_argument("kind", choices=tuple(KINDS), metavar="KIND", help="whose form it speaks")
    add.add_argument("--sender", help="the sender as which it tells (default: the kind, or the map's name)")
    add.add_argument("--secret", type=Path, metavar="FILE", help="a file with the secret that Shopify, WooCommerce or Twilio signs with; - for standard input")
    add.add_argument("--map", type=Path, metavar="FILE", help="for mapped: the map, a TOML file (docs/how-to/webhooks-in.md)")
    add.add_argument("--zone", default="", help="where its clocks stand, as Europe/Oslo (default: the shop's)")
    add.add_argument("--currency", default="", help="of amounts without one, as NOK (default: the shop's)")
    add.set_defaults(run=add_command)
    listed = doings.add_parser("list", parents=[data], help="those that are, with their addresses")
    listed.set_defaults(run=list_command)
    remove = doings.add_parser("remove", parents=[data], help="the address counts no longer")
    remove.add_argument("id", help="as `omtanke hook list` shows it")
    remove.set_defaults(run=remove_command)


def add_command(asked: argparse.Namespace) -> int:
    from omtanke.intake.importers.mapping import read_map
    from omtanke.runtime.hooks import SIGNED, make_hook

    secret, text, sender, zone, currency = "", "", asked.sender or asked.kind, asked.zone, asked.currency
    if asked.secret is not None:
        secret = (sys.stdin.read() if str(asked.secret) == "-" else asked.secret.read_text(encoding="utf-8")).strip()
        if asked.kind not in SIGNED:
            raise CannotDo(f"{asked.kind} signs nothing, so that a secret is of no use: whoever knows the address can tell. Leave --secret out.")
    if asked.map is not None:
        read = read_map(asked.map)
        text = asked.map.read_text(encoding="utf-8")
        sender, zone, currency = asked.sender or read.name, asked.zone or read.zone, asked.currency or read.currency
    hook = make_hook(asked.data / "keys", asked.kind, sender, secret, text, zone, currency)
    print(address_of(asked.data) + hook.path)
    print("Whoever knows the address can tell as this sender; give it to nobody else.", file=sys.stderr)
    return 0


def list_command(asked: argparse.Namespace) -> int:
    from omtanke.runtime.hooks import read_hooks

    hooks = read_hooks(asked.data / "keys")
    for hook in hooks:
        print(f"{hook.id}  {hook.kind:<12} {hook.sender:<16} {address_of(asked.data)}{hook.path}")
    if not hooks:
        print("There is none. `omtanke hook add` makes one.")
    return 0


def remove_command(asked: argparse.Namespace) -> int:
    from omtanke.runtime.hooks import remove_hook

    gone = remove_hook(asked.data / "keys", asked.id)
    print(f"The hook of {gone.sender} ({gone.kind}) counts no longer.")
    return 0


def address_of(data: Path) -> str:
    """The door as it is reached from outside, as far as the settings say."""
    from omtanke.settings import read_settings

    settings = read_settings(data / "omtanke.toml")
    return settings.door_address.rstrip("/") or f"http://{settings.host}:{settings.door_port}"
