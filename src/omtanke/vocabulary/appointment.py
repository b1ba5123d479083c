"""Appointments: a time agreed."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.fields import code, items, reference
from omtanke.vocabulary.promise import Stated, read_stated

APPOINTMENT = reference("appointment", "appointment_id", what="the appointment", required=True)
MISSED_BY = {"us": "we were not there", "customer": "the customer did not come"}


class AppointmentBooked(Observed, frozen=True, kw_only=True):
    """A time has been agreed; the promise is stated with it."""

    name = "Appointment Booked"
    personal = {"place": "where", "text": "about what", "promises[].words": "the words shown"}

    appointment: Annotated[int, APPOINTMENT]
    stated: Annotated[tuple[Stated, ...], items(read_stated, "promises", what="the promises shown", form="promises")] = ()


class AppointmentHeld(Observed, frozen=True, kw_only=True):
    """We met as agreed."""

    name = "Appointment Held"

    appointment: Annotated[int, APPOINTMENT]


class AppointmentMissed(Observed, frozen=True, kw_only=True):
    """It did not happen. Missed by us, it breaks the promise; by the customer, we no longer owe it."""

    name = "Appointment Missed"

    appointment: Annotated[int, APPOINTMENT]
    by: Annotated[str, code("by", what="who was not there", required=True, one_of=MISSED_BY)]
