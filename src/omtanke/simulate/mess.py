"""What real senders do: 0.3 % of the messages come twice, and the shop has events of its own that nobody declared (1 % of the customers)."""

from __future__ import annotations

from random import Random

from omtanke.simulate.days import MINUTE
from omtanke.simulate.people import Person
from omtanke.simulate.telling import Story, Told

TWICE, OF_THEIR_OWN = 0.003, 0.01
THEIR_OWN = (
    ("Wishlist Shared By Dog", {"dog": "Bosse", "treats": 3}),
    ("Ski Wax Quiz Finished", {"snow": "ny", "advice": "blå extra"}),
    ("Trail Map Printed", {"trail": "Bohusleden, etapp 4"}),
)


def up(rng: Random, story: Story, who: Person) -> list[Told]:
    """The story as it is sent."""
    if story.told and rng.random() < OF_THEIR_OWN:
        event, said = rng.choice(THEIR_OWN)
        story.tell(story.told[0][0] + 5 * MINUTE, event, dict(said), ("web", "inspiration"), who)
    again = [one for one in story.told if rng.random() < TWICE]
    return story.told + again
