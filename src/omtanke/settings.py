"""The shop's settings: `omtanke.toml` in the data folder. All faults are shown together."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.vocabulary.money import read_currency
from omtanke.vocabulary.refusal import CannotDo, Refused
from omtanke.vocabulary.time import zone_named

LOCALES = ("sv", "en")


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """What a shop sets once. Each has a default that is right for a Swedish shop on one machine.

    name: what the shop is called on its pages. zone: IANA zone of the shop's days. locale: sv or en, when a
    browser asks for neither. currency: ISO 4217. country: ISO 3166, for telephone numbers. host: where the
    processes listen. pages_port, door_port: their ports. pages_hosts: further host names under which the pages
    are reached.
    """

    name: str = "Butiken"
    zone: str = "Europe/Stockholm"
    locale: str = "sv"
    currency: str = "SEK"
    country: str = "SE"
    host: str = "127.0.0.1"
    pages_port: int = 8400
    door_port: int = 8401
    pages_hosts: tuple[str, ...] = ()


class SettingsFaults(CannotDo):
    """Everything that is wrong with the settings, all at once."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        super().__init__(f"{path}:\n" + "\n".join(f"  {fault}" for fault in faults))
        self.faults = faults


def read_settings(path: Path) -> Settings:
    """The settings in the file; the defaults where there is none. Raises SettingsFaults."""
    if not path.exists():
        return Settings()
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsFaults(path, [f"is not TOML: {error}"]) from error
    faults = [
        f"{name}: is not a setting; the settings are {', '.join(Settings.__struct_fields__)}" for name in written if name not in Settings.__struct_fields__
    ]
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(Settings):
        if field.name in written:
            try:
                values[field.name] = msgspec.convert(written[field.name], field.type)
            except msgspec.ValidationError as error:
                faults.append(f"{field.name}: {written[field.name]!r}: {error}")
    settings = Settings(**values)
    faults += _broken_rules(settings)
    if faults:
        raise SettingsFaults(path, faults)
    return settings


def _broken_rules(settings: Settings) -> list[str]:
    faults = []
    try:
        zone_named(settings.zone)
    except Refused as refused:
        faults.append(str(refused))
    try:
        read_currency(settings.currency, "currency")
    except Refused as refused:
        faults.append(str(refused))
    if settings.locale not in LOCALES:
        faults.append(f"locale: {settings.locale!r} is not one of {', '.join(LOCALES)}")
    if not (len(settings.country) == 2 and settings.country.isalpha()):
        faults.append(f"country: {settings.country!r} is not two letters as in SE")
    faults += [
        f"{name}: {port} is not a port; choose 1 to 65535" for name in ("pages_port", "door_port") if not 1 <= (port := getattr(settings, name)) <= 65535
    ]
    if settings.pages_port == settings.door_port:
        faults.append(f"pages_port and door_port: both are {settings.pages_port}; choose two")
    return faults
