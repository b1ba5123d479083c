"""Who answers for which unit: chosen on the page *Staff*, and written where the engine reads it.

`policy/units.toml` holds numbers of staff, no names. Whoever answers for the fewest units stands first: a row goes to
the one whose own it is before it goes to the one who answers for everything.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from django.conf import settings
from django.db import transaction

from omtanke.engine.rights import UNIT
from omtanke.folder import Folder
from omtanke.vocabulary.refusal import CannotDo
from omtanke.web.accounts.models import Role, Staff

BARE = re.compile(r"[A-Za-z0-9_-]+")


def units_known() -> tuple[str, ...]:
    """The units that the policy names, and the law's, in the order of the alphabet; those in use while the policy cannot be read."""
    try:
        return tuple(sorted({UNIT, *(kind.owner for kind in Folder(settings.OMTANKE_DATA).policy().promises.values())}))
    except CannotDo:
        return tuple(sorted({unit for one in Staff.objects.all() for unit in one.units}))


def who_answers() -> dict[str, list[int]]:
    """By unit: those who are here and answer for it, the one with the fewest units first."""
    here = sorted((one for one in Staff.objects.all() if one.is_here), key=lambda one: (len(one.units), one.pk))
    return {unit: [one.pk for one in here if unit in one.units] for unit in sorted({unit for one in here for unit in one.units})}


def write_units() -> None:
    """Put it where the engine reads it, whole or not at all."""
    path = units_file()
    path.parent.mkdir(exist_ok=True)
    with transaction.atomic():
        lines = [f"{unit if BARE.fullmatch(unit) else json.dumps(unit)} = {numbers}" for unit, numbers in who_answers().items()]
        new = path.with_suffix(f".{os.getpid()}")
        new.write_text("\n".join(["[units]", *lines, ""]), encoding="utf-8")
        new.replace(path)


def ensure_units() -> None:
    """When somebody works here and nothing is written yet: the first lead answers for everything."""
    if units_file().exists():
        return
    lead = Staff.objects.filter(role=Role.LEAD, is_active=True, accepted_at__isnull=False).order_by("pk").first()
    if lead is None:
        return
    if not who_answers():
        lead.units = list(units_known())
        lead.save(update_fields=["units"])
    write_units()


def units_file() -> Path:
    return Path(settings.OMTANKE_DATA) / "policy" / "units.toml"
