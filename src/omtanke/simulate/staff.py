"""Those who work here: each Friday at 14 a short pulse, 1 to 5, that feels how the week went for their unit.

Staff are no customers: pulses are kept apart and never told as events. Of those who work in a unit 60 % answer. The mean
of “I can do a good job” is 4.1 less three times the share of promises the unit broke in the week, that of “we help each
other” 4.3 less once the share, that of the warehouse's pace falls with its queue.
"""

from __future__ import annotations

from omtanke.simulate.days import HOUR, at, day_of
from omtanke.simulate.feelings import score
from omtanke.simulate.stores import STORES
from omtanke.simulate.work import Pulse
from omtanke.simulate.world import World

STAFF = {"service": 14, "logistics": 22, "finance": 5, **{f"store/{store.store_id}": 9 for store in STORES}}
ANSWER, QUESTIONS = 0.6, (("good_job", 4.1, 3.0), ("help_each_other", 4.3, 1.0))


def ask_pulse(world: World, midnight: int) -> None:
    """On Fridays."""
    if day_of(midnight).weekday() == 4:
        world.plan(at(day_of(midnight), 14), pulse)


def pulse(world: World, now: int) -> None:
    """Everybody is asked, most answer; the week begins anew."""
    for n, (unit, people) in enumerate(STAFF.items()):
        rng = world.dice("pulse", n, now)
        kept, broken = world.load.get(unit, (0, 0))
        share = broken / max(1, kept + broken)
        if unit == "logistics":
            share += min(0.4, len(world.warehouse.waiting) / (world.warehouse.a_day * 8))
        for _ in range(people):
            if rng.random() < ANSWER:
                for question, mean, weight in QUESTIONS:
                    world.pulses.append(Pulse(unit, question, score("kept", mean - weight * share, rng.random()), (now + rng.randrange(HOUR)) * 1_000_000))
    world.load.clear()
