"""What the shop sells: sports and outdoor goods, prices in kronor with tax."""

from __future__ import annotations

from itertools import accumulate
from random import Random

from msgspec import Struct

SHOES = tuple(str(size) for size in range(36, 47))
CLOTHES = ("XS", "S", "M", "L", "XL")
CHILDREN = ("110", "116", "122", "128", "134", "140")
NO_SIZES = ("",)


class Product(Struct, frozen=True):
    """One article. `wanted` is how often it is chosen within its category; `returns` the share sent back.

    `is_thin`: too little is said about it on its page, so it disappoints and comes back more often.
    """

    product_id: str
    name: str
    category: str
    price: int
    sizes: tuple[str, ...] = NO_SIZES
    wanted: int = 10
    returns: float = 0.04

    @property
    def is_thin(self) -> bool:
        return self.product_id in THIN


# One description in nine is too short to choose by.
THIN = {"LOP-104", "LOP-109", "VAN-103", "VAN-110", "SKI-106", "KLA-102", "CYK-102", "BAR-102", "TRA-102"}


def _articles(category: str, prefix: str, *rows: tuple[str, int, tuple[str, ...], int]) -> tuple[Product, ...]:
    return tuple(
        Product(f"{prefix}-{100 + n}", name, category, price, sizes, wanted, returns=0.13 if sizes in (SHOES, CLOTHES, CHILDREN) else 0.04)
        for n, (name, price, sizes, wanted) in enumerate(rows, start=1)
    )


RANGE: dict[str, tuple[Product, ...]] = {
    "löpning": _articles(
        "löpning",
        "LOP",
        ("Löparskor Trail 3", 1499, SHOES, 14),
        ("Löparskor Väg Lätt", 1299, SHOES, 12),
        ("Löparskor Dubb", 1699, SHOES, 5),
        ("Löpartights vinter", 699, CLOTHES, 8),
        ("Löparjacka reflex", 899, CLOTHES, 7),
        ("Löparstrumpor ull, 2 par", 249, SHOES, 14),
        ("Pannlampa 600 lumen", 795, NO_SIZES, 8),
        ("Pulsklocka GPS", 3290, NO_SIZES, 4),
        ("Löparväst 5 liter", 849, CLOTHES, 4),
        ("Energigel, 12-pack", 299, NO_SIZES, 9),
        ("Vätskebälte", 349, NO_SIZES, 4),
    ),
    "vandring": _articles(
        "vandring",
        "VAN",
        ("Vandringskängor läder", 2299, SHOES, 9),
        ("Skaljacka 3 lager", 2999, CLOTHES, 7),
        ("Vandringsbyxor stretch", 1199, CLOTHES, 9),
        ("Ryggsäck 45 liter", 1799, NO_SIZES, 6),
        ("Dagsäck 22 liter", 799, NO_SIZES, 8),
        ("Tält 2 personer", 3499, NO_SIZES, 3),
        ("Sovsäck 3 säsonger", 1899, NO_SIZES, 4),
        ("Liggunderlag uppblåsbart", 999, NO_SIZES, 5),
        ("Stormkök", 1095, NO_SIZES, 5),
        ("Underställ merinoull", 899, CLOTHES, 11),
        ("Vandringsstavar", 699, NO_SIZES, 6),
        ("Mössa ull", 299, NO_SIZES, 10),
    ),
    "skidor": _articles(
        "skidor",
        "SKI",
        ("Längdskidor skin", 3299, NO_SIZES, 6),
        ("Längdpjäxor", 1799, SHOES, 5),
        ("Längdstavar kolfiber", 1199, NO_SIZES, 5),
        ("Alpinhjälm", 1299, CLOTHES, 5),
        ("Skidglasögon", 999, NO_SIZES, 6),
        ("Skidjacka", 2499, CLOTHES, 7),
        ("Skidbyxor", 1799, CLOTHES, 6),
        ("Skidhandskar", 699, CLOTHES, 9),
        ("Valla blå extra", 129, NO_SIZES, 8),
        ("Skidfodral", 499, NO_SIZES, 3),
    ),
    "klättring": _articles(
        "klättring",
        "KLA",
        ("Klätterskor Boulder", 1399, SHOES, 9),
        ("Klättersele", 899, CLOTHES, 6),
        ("Kritpåse", 199, NO_SIZES, 10),
        ("Rep 60 m", 1799, NO_SIZES, 4),
        ("Karbinset, 6 st", 899, NO_SIZES, 5),
        ("Bouldermatta", 2199, NO_SIZES, 3),
        ("Klätterhjälm", 699, CLOTHES, 4),
    ),
    "cykel": _articles(
        "cykel",
        "CYK",
        ("Cykelhjälm", 899, CLOTHES, 9),
        ("Cykelbyxor", 799, CLOTHES, 7),
        ("Dubbdäck 28 tum", 549, NO_SIZES, 9),
        ("Cykellysen, set", 399, NO_SIZES, 10),
        ("Cykelhandskar vinter", 449, CLOTHES, 7),
        ("Golvpump", 499, NO_SIZES, 5),
        ("Barnsits", 1299, NO_SIZES, 3),
        ("Kedjeolja", 119, NO_SIZES, 7),
    ),
    "barn": _articles(
        "barn",
        "BAR",
        ("Vinterjacka barn", 999, CHILDREN, 11),
        ("Overall barn", 1199, CHILDREN, 8),
        ("Regnställ barn", 599, CHILDREN, 9),
        ("Vinterkängor barn", 699, CHILDREN, 9),
        ("Pulka", 449, NO_SIZES, 5),
        ("Skidpaket barn", 1499, NO_SIZES, 5),
        ("Vantar barn, 2 par", 199, CHILDREN, 10),
        ("Skridskohjälm barn", 399, NO_SIZES, 4),
    ),
    "träning": _articles(
        "träning",
        "TRA",
        ("Träningsskor", 999, SHOES, 9),
        ("Sport-bh", 499, CLOTHES, 8),
        ("T-shirt funktion", 299, CLOTHES, 12),
        ("Yogamatta", 449, NO_SIZES, 8),
        ("Hantlar 2 x 5 kg", 499, NO_SIZES, 5),
        ("Gummiband, set", 199, NO_SIZES, 7),
        ("Vattenflaska 0,75 l", 179, NO_SIZES, 11),
        ("Sportväska", 599, NO_SIZES, 6),
    ),
    "hund": _articles(
        "hund",
        "HUN",
        ("Draghundssele", 799, CLOTHES, 6),
        ("Canicrossbälte", 599, NO_SIZES, 5),
        ("Hundtäcke", 499, CLOTHES, 6),
        ("Hundfoder aktiv 12 kg", 749, NO_SIZES, 9),
        ("Reflexkoppel", 249, NO_SIZES, 8),
    ),
}
LIKED = {"löpning": 24, "vandring": 24, "skidor": 15, "träning": 16, "barn": 13, "cykel": 11, "klättring": 6, "hund": 5}
TRUE_TO_INTEREST = 0.8
WANTED = {category: [sum(product.wanted for product in products[: n + 1]) for n in range(len(products))] for category, products in RANGE.items()}
BY_ID = {product.product_id: product for products in RANGE.values() for product in products}
CATEGORIES, LIKED_UP_TO = tuple(LIKED), list(accumulate(LIKED.values()))
SUBSCRIBED = ("HUN-104", "LOP-110")
GIFT_CARD = Product("GIF-001", "Presentkort, digitalt", "presentkort", 500)


class Pick(Struct, frozen=True):
    """One product in one size, as it stands in a cart or an order."""

    product: Product
    size: str
    quantity: int = 1


def likes(rng: Random) -> tuple[str, ...]:
    """One to three categories that a customer cares about."""
    return tuple(dict.fromkeys(rng.choices(CATEGORIES, cum_weights=LIKED_UP_TO, k=rng.randrange(1, 4))))


def pick(rng: Random, liked: tuple[str, ...]) -> Pick:
    """A product from what the customer likes (80 %) or from anywhere."""
    category = liked[int(len(liked) * rng.random() ** 1.5)] if rng.random() < TRUE_TO_INTEREST else rng.choice(CATEGORIES)
    product = rng.choices(RANGE[category], cum_weights=WANTED[category])[0]
    cheap = product.price < 300
    return Pick(product, rng.choice(product.sizes), 2 if cheap and rng.random() < 0.2 else 1)


def picks(rng: Random, liked: tuple[str, ...]) -> list[Pick]:
    """What goes into one cart: one product (58 %), two (28 %), three (14 %), none twice."""
    wished = 1 + (rng.random() < 0.42) + (rng.random() < 0.33)
    chosen = {one.product.product_id: one for one in (pick(rng, liked) for _ in range(wished))}
    return list(chosen.values())


def as_line(number: int, one: Pick) -> dict[str, object]:
    """The pick as a line of an order."""
    line: dict[str, object] = {
        "line_id": str(number),
        "product_id": one.product.product_id,
        "name": one.product.name,
        "category": one.product.category,
        "price": one.product.price,
        "quantity": one.quantity,
    }
    if one.size:
        line["variant"] = one.size
    return line


def worth(chosen: list[Pick]) -> int:
    """Kronor in all."""
    return sum(one.product.price * one.quantity for one in chosen)
