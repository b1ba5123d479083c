"""What a process that lives long loads: not what only few who use it need."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("pyarrow", "numpy", "pandas", "splink", "altair", "pyspark")


@pytest.mark.parametrize(
    ("process", "leaves"),
    [
        ("web", (*HEAVY, "holidays", "cryptography", "authlib", "requests")),
        ("door", (*HEAVY, "duckdb", "django", "holidays")),
        ("worker", (*HEAVY, "duckdb", "django", "holidays")),
        ("dispatch", (*HEAVY, "duckdb", "django", "holidays", "mjml", "css_inline", "dkim", "dns")),
    ],
)
def test_process_starts_without_what_few_need(process: str, leaves: tuple[str, ...]) -> None:
    said = f"import sys; import omtanke.processes.{process}; print([name for name in {leaves!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout.strip() == "[]"
