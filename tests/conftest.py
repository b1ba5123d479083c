"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from fakes.postgres import Cluster, cluster

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("OMTANKE_SHARED", ROOT.parent / "shared"))

settings.register_profile("here", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "here"))


def missing(reason: str) -> None:
    """Skip, saying what this machine lacks; where everything has to be there, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; in CI nothing may be skipped")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def olist() -> Path:
    """The published Olist files."""
    folder = SHARED / "data" / "olist"
    if not folder.is_dir():
        missing("the Olist files are not beside this project")
    return folder


@pytest.fixture(scope="session")
def airline() -> Path:
    """The published survey of air passengers."""
    folder = SHARED / "data" / "airline"
    if not folder.is_dir():
        missing("the airline survey is not beside this project")
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server."""
    with cluster() as running:
        if running is None:
            missing("PostgreSQL's programs (initdb, pg_ctl) are not on this machine")
        assert running is not None
        yield running


@pytest.fixture
def database_url(postgres: Cluster) -> Iterator[str]:
    """A database in it that nobody has used."""
    url = postgres.database()
    yield url
    postgres.drop(url)
