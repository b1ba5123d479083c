"""Moments of clocks on the wall, also in the nights when they change."""

from datetime import datetime, timedelta

import pytest

from omtanke.vocabulary.time import moment_of, moment_of_local, read_moment, zone_named

NIGHTS = ("2026-03-29 00:00:00", "2026-10-25 00:00:00", "2017-10-15 00:00:00", "2018-02-17 18:00:00", "1900-01-01 00:00:00", "2199-12-31 18:00:00")


@pytest.mark.parametrize("zone", ["Europe/Stockholm", "America/Sao_Paulo", "Asia/Kathmandu", "UTC"])
@pytest.mark.parametrize("night", NIGHTS)
def test_local_moment_is_that_of_the_datetime_with_its_zone(zone: str, night: str) -> None:
    began = datetime.fromisoformat(night)
    for minutes in range(0, 6 * 60, 10):
        when = began + timedelta(minutes=minutes, microseconds=7)
        assert moment_of_local(when, zone_named(zone)) == moment_of(when.replace(tzinfo=zone_named(zone)))


def test_moment_without_an_offset_is_local() -> None:
    stockholm = zone_named("Europe/Stockholm")
    assert read_moment("2026-11-21 09:14:00", "timestamp", stockholm) == read_moment("2026-11-21T08:14:00Z", "timestamp", stockholm)
