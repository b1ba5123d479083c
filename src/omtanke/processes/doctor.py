"""`omtanke doctor`: what is wrong here, and what to do. It reads and changes nothing, and may run beside everything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from omtanke.folder_clock import read_clock, wall_clock
from omtanke.processes import doctor_house as house
from omtanke.processes import doctor_store as store
from omtanke.processes.finding import Check, Finding, Folder, Level, wrong
from omtanke.runtime.faults import described
from omtanke.settings import Settings, SettingsFaults, read_settings
from omtanke.storage.database import FAILURES

CHECKS: Mapping[str, Check] = {
    "python": house.python,
    "settings": house.settings,
    "policy": house.policy,
    "keys": house.keys,
    "disk": house.disk,
    "databases": store.databases,
    "clock": store.clock,
    "work": store.work,
    "lake": store.lake,
    "ports": house.ports,
    "hosts": house.hosts,
    "back-up": house.backups,
}


class Examined(Struct, frozen=True):
    """What was looked at, and what was found."""

    checks: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong; something to look at may be there."""
        return all(one.level is not Level.WRONG for one in self.findings)


def examine(data: Path, is_thorough: bool = False) -> Examined:
    """Every check in turn. One that fails is a finding itself."""
    try:
        read = read_settings(data / "omtanke.toml")
    except SettingsFaults:
        read = Settings()
    folder = Folder(data, read, wall_clock(), read_clock(data / "clock.json")(), is_thorough)
    return Examined(tuple(CHECKS), tuple(found for name, check in CHECKS.items() for found in _found(name, check, folder)))


def _found(name: str, check: Check, folder: Folder) -> Iterator[Finding]:
    try:
        yield from check(folder)
    except (*FAILURES, OSError) as error:
        yield wrong(name, f"it could not be looked at: {error}", "doctor may read the folder", "see whether it runs as the owner of the folder")
    except Exception as error:  # one check that fails is no reason not to make the others
        yield wrong(name, f"it could not be looked at: {described(error)}", "a fault of ours", "report it; nothing personal is in it")


def as_text(data: Path, examined: Examined) -> Iterator[str]:
    """For people."""
    for one in examined.findings:
        yield f"{one.level.value:<5}  {one.check}: {one.value}."
        yield f"       Rule: {one.rule}."
        yield f"       Way out: {one.way_out}."
    wrongs = sum(one.level is Level.WRONG for one in examined.findings)
    looks = len(examined.findings) - wrongs
    said = "Nothing is wrong" if not wrongs else f"{wrongs} wrong"
    yield f"{data}: {len(examined.checks)} checks. {said}{f', {looks} to look at' if looks else ''}."


def as_data(data: Path, examined: Examined) -> dict[str, Any]:
    """For programs."""
    findings = [{name: str(getattr(one, name)) for name in one.__struct_fields__} for one in examined.findings]
    return {"data": str(data), "checks": list(examined.checks), "is_well": examined.is_well, "findings": findings}
