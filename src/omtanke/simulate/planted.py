"""What is put into the shop, with its size: what comes out can be held against it (docs/explanation/the-demo-shop.md).

Sizes on satisfaction are differences of means on the scale 1 to 5. They are the same in every county, with every
carrier and for every person, so whichever of them a question weights by, the answer is the same.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct


class Effects(Struct, frozen=True, kw_only=True):
    """The planted effects."""

    broken: float = -1.5
    told_first: float = 1.0
    new_date_broken_too: float = -0.2
    exceeded: float = 0.25
    new_date_kept: float = 1.4
    heard_from_us: float = 0.3
    remedy: float = 0.8
    last_quarter: float = -0.8
    case_late: float = -1.8
    refund_late: float = -1.5
    put_right_late: float = -1.8
    stays_away: float = 0.35
    asks_when_late: float = 0.55
    asks_when_told: float = 0.15
    thin_content_returns: float = 2.0
    persuadable: float = 0.6
    comes_back_when_reminded: float = 0.03
    stays_away_when_annoyed: float = 0.25
    says_no_when_annoyed: float = 0.30


class ShopSettings(Struct, frozen=True, kw_only=True):
    """How the shop runs.

    `surveys`: the shop asks by itself, or nobody is asked unless a SurveyLink comes. `answers`: a link is answered by
    an event, or handed out by `Shop.answers()`. `intensity` scales all visits, `browsing` those that only look around, `carts` those
    that only leave a cart.
    `telling_first_share`: of the late deliveries, how many the shop tells first in the middle of the country; in the
    north 0.6 times as many, in the south 1.1 times. `capacity`: the warehouse's parcels on a working day beside the
    orders of an ordinary day. `repeats`: how many messages come twice. `undeclared`: at how many visits of those that look
    around the shop tells something that is declared nowhere. `live_from`: the moment to which the stories of the cast relate; without it there is no cast.
    `knows_everybody`: the shop begins by telling who its customers are, as one does that has had them for years.
    """

    surveys: Literal["shop", "omtanke"] = "shop"
    answers: Literal["events", "links"] = "events"
    intensity: float = 1.0
    browsing: float = 1.0
    carts: float = 1.0
    telling_first_share: float = 0.4
    capacity: float = 3.6
    repeats: float = 0.003
    undeclared: float = 0.0
    knows_everybody: bool = False
    live_from: datetime | None = None
    effects: Effects = Effects()


# How glad people are where they live and with who comes, whatever is promised: it goes with being late, and misleads.
ZONE_SHIFT = {"north": -0.55, "middle": -0.1, "south": 0.05}
CARRIER_SHIFT = {"PostNord": -0.1, "Instabox": 0.15, "Budbee": 0.15, "DHL": -0.25, "Bring": 0.0}
TOLD_BY_ZONE = {"north": 0.6, "middle": 1.0, "south": 1.1}
STORE_MEANS = {"nordstan": 4.30, "utopia": 4.55, "birger-jarl": 4.05, "triangeln": 4.20, "granby": 4.40, "tornby": 3.90}
# Some are hard to please and some are easily pleased; it has nothing to do with what happens to them.
MILDNESS = (-0.2, 0.0, 0.2)
