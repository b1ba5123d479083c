"""Each test of accounts begins with a shop where nobody works."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from omtanke.web.shop import Shop
from unit.web.accounts.people import nobody


@pytest.fixture(autouse=True)
def empty_house(here: Shop) -> None:
    nobody()


@pytest.fixture
def django_queries(here: Shop) -> Callable[[Callable[[], object]], int]:
    """How many statements something asks of Django's database."""

    def count(act: Callable[[], object]) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            act()
        return len(asked)

    return count
