"""What is wrong in a file of the playbook, and where."""

from __future__ import annotations

from msgspec import Struct

from omtanke.vocabulary.refusal import CannotDo


class Finding(Struct, frozen=True, order=True):
    """One thing that is wrong. `file`: from the playbook's folder, as `plays/remembered_cart.toml`; `line`: from 1;
    `key`: as in `step[2].wait`, empty for the whole file; `says`: the value, the rule and what to write instead."""

    file: str
    line: int
    key: str
    says: str

    def __str__(self) -> str:
        """One line, whatever stood in the file."""
        text = ": ".join(part for part in (f"{self.file}:{self.line}", self.key, self.says) if part)
        return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


class PlaybookFaults(CannotDo):
    """Everything that is wrong with a playbook, all at once."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings
