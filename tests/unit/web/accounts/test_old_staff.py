"""Accounts made before invitations open today: whoever was there can sign in, and the first lead answers for everything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from conftest import ROOT

# Django is one data folder a process: an older schema has to be made in another one.
BEFORE = """
import sys; from pathlib import Path; from omtanke.web import app
app.configure(Path(sys.argv[1]))
from django.core.management import call_command
call_command("migrate", "accounts", "0001", verbosity=0); call_command("migrate", "sessions", verbosity=0)
from django.contrib.auth.hashers import make_password
from django.db import connection
with connection.cursor() as db:
    for email, role in (("bo@example.com", "service"), ("astrid@example.com", "lead"), ("eva@example.com", "lead")):
        columns = "password, email, name, role, language, is_active, joined_at"
        told = [make_password("hav strand tak lampa"), email, role]
        db.execute(f"INSERT INTO accounts_staff ({columns}) VALUES (%s, %s, 'Astrid', %s, '', 1, '2026-11-20 10:00')", told)
"""
AFTER = """
import json, sys; from pathlib import Path; from omtanke.web import app
app.migrate(Path(sys.argv[1]))
from django.contrib.auth import authenticate
from omtanke.web.accounts.models import Staff
came = authenticate(None, email="bo@example.com", password="hav strand tak lampa")
print(json.dumps([came.email, [[one.email, one.is_here, one.units] for one in Staff.objects.order_by("pk")]]))
"""


def run(script: str, data: Path) -> str:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.run([sys.executable, "-c", script, str(data)], capture_output=True, text=True, check=True, env=environment).stdout


def test_accounts_from_before_invitations_open(tmp_path: Path) -> None:
    run(BEFORE, tmp_path)
    came, everybody = json.loads(run(AFTER, tmp_path))
    units = ["club", "finance", "logistics", "privacy", "purchasing", "service", "store"]
    assert (came, everybody) == ("bo@example.com", [["bo@example.com", True, []], ["astrid@example.com", True, units], ["eva@example.com", True, []]])
    assert tomllib.loads((tmp_path / "policy" / "units.toml").read_text(encoding="utf-8")) == {"units": {unit: [2] for unit in units}}
