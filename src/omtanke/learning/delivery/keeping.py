"""Fitted models in the data folder: `models/delivery/0001.json` and so on. None is written over; the newest counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from omtanke.learning.delivery import numbered
from omtanke.learning.delivery.model import Model
from omtanke.learning.delivery.numbered import write_next
from omtanke.vocabulary.refusal import CannotDo

FORMAT = 1
FOLDER = Path("models") / "delivery"


class Kept(msgspec.Struct, frozen=True, eq=False):
    """A file. `version`: its number, which a quote names."""

    format: int
    version: int
    model: Model


def keep(data: Path, model: Model) -> Kept:
    """Write the model under the next number."""
    version = write_next(data / FOLDER, lambda number: msgspec.json.encode(Kept(FORMAT, number, model), enc_hook=listed))
    return Kept(FORMAT, version, model)


def newest(data: Path) -> Kept | None:
    """The model that counts; None when the shop has none. Raises CannotDo for a file that cannot be read."""
    path = numbered.newest(data / FOLDER)
    return read(path) if path else None


def read(path: Path) -> Kept:
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=Kept, dec_hook=arrayed)
    except msgspec.DecodeError as fault:
        raise CannotDo(f"{path} is no model of delivery ({fault}). Delete it, or learn anew: omtanke learn delivery") from fault
    if kept.format != FORMAT:
        raise CannotDo(f"{path} has format {kept.format}, and this version reads {FORMAT}. Learn anew: omtanke learn delivery")
    return kept


def versions(data: Path) -> list[int]:
    """The numbers of the models that are there."""
    return numbered.numbers(data / FOLDER)


def listed(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [round(float(one), 9) for one in value]
    raise NotImplementedError(f"{type(value).__name__} cannot be written")


def arrayed(kind: Any, value: Any) -> Any:
    return np.asarray(value, dtype=np.float64)
