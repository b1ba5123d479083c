"""A shop whose customers have links: Maja waits for shoes, has left a cart and been asked how it was; Aisha and Liv are others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fakes.living import AISHA, LIV, MAJA, Living, promised
from fakes.shop import wire
from omtanke.playbook import shipped
from omtanke.runtime.customer_links import path_of
from omtanke.vocabulary.fact import Mode

PLAYS = ("remembered_cart", "survey_delivery")
CART = "korg 7/å"
AISHAS = ("Vinterjacka", "10477", "Aisha", "Warsame", "korg-aisha", "Umbra")
SOCKS = {"cart_id": CART, "product_id": "S1", "name": "Löparstrumpor", "variant": "38–40", "price": 149, "quantity": 2}


class Evening(Living):
    """The shop, with the links that its customers are given."""

    def customer(self, user: str) -> int:
        (row,) = self.log.connection.execute("SELECT customer FROM card WHERE email = ? ORDER BY customer LIMIT 1", (f"{user}@example.com",)).fetchall()
        return int(row[0])

    def link(self, purpose: str, user: str = MAJA, about: int = 0, at: int = 0) -> str:
        return path_of(self.folder.keys, purpose, self.customer(user), at or self.now, about)

    def hear_of(self, user: str, context: dict[str, Any]) -> None:
        """A context that says more of who it is."""
        source = self.inbox.source("door", Mode.LIVE, "Europe/Stockholm", "SEK").source
        message = {"type": "identify", "messageId": f"of {user}", "userId": user, "context": context}
        self.inbox.append(source, [wire(message)], self.now)

    def message(self, class_: str) -> int:
        """The number of the message of that class that was due."""
        return int(self.message_page(class_).split("/")[-2])

    def message_page(self, class_: str) -> str:
        """Where the console shows the message of that class that was due."""
        found: list[Any] = self.facts("message_due")
        return next(f"/messages/{one.customer}/{one.body.message}/" for one in found if one.body.message_class == class_)

    def cart(self, user: str = MAJA) -> int:
        found: list[Any] = [fact for fact in self.facts("product_added") if fact.customer == self.customer(user)]
        return int(found[-1].body.cart)


def an_evening(path: Path) -> Evening:
    """It is Tuesday at 9: Maja has shoes and a cart to come back to, Aisha a jacket and a cart, Liv waits for what we broke."""
    plays = path / "playbook" / "plays"
    plays.mkdir(parents=True)
    for name in PLAYS:
        (plays / f"{name}.toml").write_text(shipped()[name].replace("holdout_percent = 10\n", ""), encoding="utf-8")
    shop = Evening(path, "2026-11-21 09:00")
    for user in (MAJA, AISHA, LIV):
        shop.meet(user)
    shop.tell_of(MAJA, {"phone": "+46701740605"})
    shop.hear(MAJA, "Consent Given", purpose="marketing", for_channel="mail", words="Ja, skriv gärna till mig")
    shop.hear(MAJA, "Order Completed", order_id="10466", products=[{"sku": "B2", "name": "Regnjacka"}], promises=[promised("2026-11-23", "Hos dig måndag")])
    shop.hear(MAJA, "Order Completed", order_id="10482", products=[{"sku": "T3", "name": "Löparskor"}], promises=[promised("2026-11-26", "Hos dig torsdag")])
    shop.hear(AISHA, "Order Completed", order_id="10477", products=[{"sku": "V1", "name": "Vinterjacka"}], promises=[promised("2026-11-26", "Hos Aisha")])
    shop.hear(LIV, "Order Completed", order_id="10401", promises=[promised("2026-11-22", "With you by Sunday")])
    shop.work()
    shop.until("2026-11-22 10:00")
    shop.hear(MAJA, "Shipment Delivered", order_id="10466")
    shop.until("2026-11-23 20:00")
    shop.hear(MAJA, "Product Added", **SOCKS)
    shop.hear(AISHA, "Product Added", cart_id="korg-aisha", product_id="U1", name="Umbra", price=99)
    shop.until("2026-11-24 09:00")
    return shop


__all__ = ["AISHA", "AISHAS", "CART", "LIV", "MAJA", "Evening", "an_evening"]
