"""Everyone who was ever linked, together: what a replay sees as a whole, and what a larger store is parted by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def clusters(customers: Iterable[int], links: Iterable[tuple[int, int]]) -> Iterator[tuple[int, list[int]]]:
    """The lowest number of each cluster and all its customers, both in order; costs next to nothing for those who were never linked."""
    leads: dict[int, int] = {}

    def root(customer: int) -> int:
        above = customer
        while (next_above := leads.get(above, above)) != above:
            above = next_above
        if above != customer:
            leads[customer] = above
        return above

    for one, two in links:
        low, high = sorted((root(one), root(two)))
        if low != high:
            leads[high] = low
    grouped: dict[int, list[int]] = {}
    for customer in sorted(customers):
        grouped.setdefault(root(customer) if leads else customer, []).append(customer)
    return iter(grouped.items())
