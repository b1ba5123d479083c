"""What a process that lives long loads: not what only few who use it need."""

from __future__ import annotations

import subprocess
import sys

import pytest

# What reads plays and makes messages: a shop without a playbook needs none of it.
PLAYS = ("cel_expr_python", "jinja2", "mjml", "css_inline")
HEAVY = ("pyarrow", "numpy", "pandas", "splink", "altair", "pyspark")


@pytest.mark.parametrize(
    ("process", "leaves"),
    [
        ("web", (*HEAVY, "holidays", "cryptography", "authlib", "requests", *PLAYS)),
        ("door", (*HEAVY, "duckdb", "django", "holidays", *PLAYS)),
        ("worker", (*HEAVY, "duckdb", "django", "holidays", *PLAYS)),
        ("dispatch", (*HEAVY, "duckdb", "django", "holidays", "dkim", *PLAYS)),
    ],
)
def test_process_starts_without_what_few_need(process: str, leaves: tuple[str, ...]) -> None:
    said = f"import sys; import omtanke.processes.{process}; print([name for name in {leaves!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout.strip() == "[]"
