"""What Django keeps of those who work here, from `staff.db` into PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, transaction

from omtanke.storage.databases import make_room
from omtanke.web.app import configure
from omtanke.web.settings import staff_file

BEFORE = "before"


def move_staff(data: Path) -> None:
    """All rows of all tables, as they are. PostgreSQL, which the environment names, holds them in whole or not at all."""
    configure(data)
    make_room(data, "staff")
    connections.settings[BEFORE] = connections.configure_settings({"default": staff_file(data)})["default"]
    call_command("migrate", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0, interactive=False, database=BEFORE)
    models = apps.get_models(include_auto_created=True)
    with transaction.atomic():
        for model in models:
            model._base_manager.all().delete()
        for model in models:
            for row in model._base_manager.using(BEFORE).order_by("pk").iterator():
                row.save_base(raw=True, force_insert=True, using="default")
        with connections["default"].cursor() as cursor:
            for statement in connections["default"].ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
    connections[BEFORE].close()
