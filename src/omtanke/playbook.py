"""The playbook: the folder that a shop keeps in git, read and checked as a whole. A shop without one has no plays at work: nothing is said
to its customers that it has not asked for.

playbook/plays/NAME.toml      a play (docs/how-to/write-a-play.md)
playbook/messages/NAME/       a message, which plays call by its name; it takes the place of a shipped one of that name
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from omtanke.engine.finding import Finding, PlaybookFaults
from omtanke.engine.plays.play import Ask, Play, Playbook, Say
from omtanke.engine.plays.reading import ENDING, FOLDER, LONGEST_FILE, read_playbook
from omtanke.engine.plays.steps import Around
from omtanke.engine.policy import Policy
from omtanke.messages.folder import Messages, read_messages, shipped_messages
from omtanke.messages.folder import shipped as shipped_folder
from omtanke.vocabulary.refusal import CannotDo

MESSAGES = "messages"
SHIPPED = "omtanke.engine.plays"


def playbook_of(data: Path) -> Path | None:
    """The shop's own playbook in a data folder; None when it has none."""
    own = data / "playbook"
    return own if own.is_dir() else None


def read(folder: Path | None, units: frozenset[str] | None = None) -> Playbook:
    """The playbook in a folder, or the shipped one. Raises PlaybookFaults with everything that is wrong, CannotDo when the folder is not there.

    `units`: those that a play may give tasks to; None where nobody knows.
    """
    if folder is None:
        return read_playbook(shipped(), Around(classes_of(None), units))
    texts, findings = _texts(folder)
    try:
        playbook = read_playbook(texts, Around(classes_of(folder), units))
    except PlaybookFaults as faults:
        raise PlaybookFaults(sorted(findings + faults.findings)) from None
    if findings:
        raise PlaybookFaults(sorted(findings))
    return playbook


def plays_in(folder: Path, units: frozenset[str]) -> tuple[Play, ...]:
    """The plays of a shop's own playbook, by name; read anew only when a file of it has changed. Raises PlaybookFaults."""
    files_there = sorted(one for one in folder.rglob("*") if one.is_file())
    return _plays_once(folder, units, tuple((one, (stat := one.stat()).st_mtime_ns, stat.st_size) for one in files_there))


@lru_cache(maxsize=4)
def _plays_once(folder: Path, units: frozenset[str], _files: tuple[tuple[Path, int, int], ...]) -> tuple[Play, ...]:
    return tuple(play for _, play in sorted(read(folder, units).plays.items()))


def check(folder: Path | None, units: frozenset[str] | None = None) -> list[Finding]:
    """Everything that is wrong with the playbook in a folder, or with the shipped one; empty when it holds. Raises CannotDo when the folder is not there."""
    try:
        read(folder, units)
    except PlaybookFaults as faults:
        return faults.findings
    return []


def shipped() -> dict[str, str]:
    """The plays that Omtanke brings, by name."""
    folder = files(SHIPPED) / "shipped"
    return {one.name.removesuffix(ENDING): one.read_text(encoding="utf-8") for one in folder.iterdir() if one.name.endswith(ENDING)}


def write_shipped(folder: Path) -> int:
    """The shipped plays and messages as files, to be changed; how many. Raises CannotDo when something is there already."""
    if folder.exists() and any(folder.iterdir()):
        raise CannotDo(f"{folder} is not empty, and nothing in it is written over. Name another folder with --folder, and take from it what you want.")
    brought = [(files(SHIPPED) / "shipped", FOLDER), (shipped_folder(), MESSAGES)]
    return sum(_write(one, folder / name) for one, name in brought)


def _write(source: Traversable, to: Path) -> int:
    """A folder of the package, without what is Python's."""
    if source.is_file():
        to.write_bytes(source.read_bytes())
        return 1
    to.mkdir(parents=True)
    return sum(_write(one, to / one.name) for one in source.iterdir() if not one.name.startswith("__"))


def units_of(policy: Policy) -> frozenset[str]:
    """The units that answer for something by the policy."""
    return frozenset({*policy.units, *(kind.owner for kind in policy.promises.values()), *(kind.owner for kind in policy.surveys.kinds.values())})


def own_messages(folder: Path | None) -> Messages | None:
    """The shop's own messages in its playbook; None when it has none."""
    within = folder / MESSAGES if folder is not None else None
    return read_messages(within, MESSAGES) if within is not None and within.is_dir() else None


def classes_of(folder: Path | None) -> dict[str, str]:
    """The class of every message that a play may say, by name: the shop's own, and the shipped ones."""
    own = own_messages(folder)
    every = {**shipped_messages().by_name, **(own.by_name if own else {})}
    return {name: message.class_ for name, message in every.items()}


def without_text_message(folder: Path) -> list[str]:
    """The messages that a play says as text messages too, and that have none in some language. Raises PlaybookFaults."""
    own = own_messages(folder)
    every = {**shipped_messages().by_name, **(own.by_name if own else {})}
    steps = (step for play in read(folder).plays.values() for step in play.steps if isinstance(step, Say | Ask))
    said = {step.message for step in steps if "sms" in step.channels}
    return sorted(name for name in said if name in every and not all(words.sms for words in every[name].words.values()))


def _texts(folder: Path) -> tuple[dict[str, str], list[Finding]]:
    """The text of each play by its name, and what is no play."""
    if not folder.is_dir():
        raise CannotDo(f"{folder} is not a folder. A playbook is a folder with {FOLDER}/NAME{ENDING}; name one with --folder.")
    within = folder / FOLDER
    entries = sorted(within.iterdir()) if within.is_dir() else []
    texts: dict[str, str] = {}
    findings: list[Finding] = []
    for entry in entries:
        if entry.name.startswith((".", "README")):
            continue
        if entry.suffix != ENDING or not entry.is_file():
            findings.append(Finding(f"{FOLDER}/{entry.name}", 1, "", f"is not a play; a play is a file that ends in {ENDING}"))
            continue
        _take_text(entry, texts, findings)
    if not texts and not findings:
        findings.append(Finding(FOLDER, 1, "", f"there is no play in it; write one as {FOLDER}/order_confirmed{ENDING}"))
    return texts, findings


def _take_text(file: Path, texts: dict[str, str], findings: list[Finding]) -> None:
    name = f"{FOLDER}/{file.name}"
    try:
        with file.open("rb") as opened:
            data = opened.read(4 * LONGEST_FILE + 1)  # a character is four bytes at most
        texts[file.stem] = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        findings.append(Finding(name, line, "", f"is not UTF-8 text: byte {data[error.start]:#04x} is none; save the file as UTF-8"))
    except OSError as error:
        findings.append(Finding(name, 1, "", f"cannot be read: {error.strerror}"))
