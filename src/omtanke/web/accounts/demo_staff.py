"""Who works in the demo shop: a lead who comes in by a link, and four colleagues, each with a unit. None has a password."""

from __future__ import annotations

from omtanke.web.accounts.models import Role, Staff
from omtanke.web.accounts.units import units_known, write_units

LEAD_EMAIL = "lead@demo.example"
LEAD_NAME = "Demo"
COLLEAGUES = (
    ("sara@demo.example", "Sara", Role.SERVICE, "service"),
    ("johan@demo.example", "Johan", Role.SERVICE, "logistics"),
    ("amira@demo.example", "Amira", Role.STORE, "store"),
    ("lennart@demo.example", "Lennart", Role.SERVICE, "finance"),
)


def demo_lead() -> Staff:
    """The lead of the demo, who answers for everything."""
    return Staff.objects.filter(email=LEAD_EMAIL).first() or Staff.objects.create_staff(LEAD_EMAIL, LEAD_NAME, Role.LEAD, units=units_known())


def make_staff() -> None:
    """The lead and the colleagues, when the lead has not been there yet."""
    is_new = not Staff.objects.filter(email=LEAD_EMAIL).exists()
    demo_lead()
    for email, name, role, unit in COLLEAGUES:
        if is_new and not Staff.objects.filter(email=email).exists():
            Staff.objects.create_staff(email, name, role, units=[unit])
    if is_new:
        write_units()
