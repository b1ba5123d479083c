"""Who it was: from identifiers and numbers to a customer, with the links that follow."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec import Struct

from omtanke.storage.keys import Keys
from omtanke.storage.ports import Log
from omtanke.vocabulary.identity import PREVIOUS, STRONG, CustomerAliased, Identifier
from omtanke.vocabulary.reading import Understood
from omtanke.vocabulary.refusal import Refused

# Numbers that belong to one customer: a fact without identifiers is found by them, the first that is named.
OWNED = ("order", "parcel", "case", "cart", "appointment", "promise")
# Things whose own ledger holds what concerns everyone; a fact about one without a customer goes there.
LEDGERS = ("store", "product")
MOST_REMEMBERED = 400_000


class Link(Struct, frozen=True):
    """Two persons turn out to be one; the lower number lives on."""

    survivor: int
    other: int
    by: str


class Resolved(Struct, frozen=True):
    """Whose fact it is, and what has to be linked first."""

    customer: int
    links: tuple[Link, ...]


class People:
    """Identifiers, numbers and customers: what the log knows, and what the batch under way adds to it."""

    def __init__(self, log: Log, keys: Keys) -> None:
        self._log = log
        self._keys = keys
        self._identifiers: dict[bytes, int] = {}
        self._subjects: dict[bytes, tuple[int, int]] = {}
        self._customers: dict[int, tuple[int, str]] = {}
        self._subject_keys: dict[tuple[str, str], bytes] = {}
        self.next_customer, self.next_surrogate = log.counters()
        # A log that was empty holds nothing that has not been remembered since, until something is forgotten.
        self._remembers_all = (self.next_customer, self.next_surrogate) == (1, 1)
        self.begin()

    def begin(self) -> None:
        """A new batch: nothing is added yet."""
        self._first_new = self.next_customer
        self.new_customers: dict[int, str] = {}
        self.new_persons: dict[int, int] = {}
        self.new_identifiers: dict[bytes, tuple[str, int]] = {}
        self.new_subjects: dict[bytes, tuple[str, int, int]] = {}
        for remembered in (self._identifiers, self._subjects, self._customers, self._subject_keys):
            if len(remembered) > MOST_REMEMBERED:
                remembered.clear()
                self._remembers_all = False

    # Numbers

    def referring(self, source: str) -> Callable[[str, str], int]:
        """Gives the surrogate of a number; ids of promises count within their source."""

        def refer(kind: str, number: str) -> int:
            return self._subject(self._subject_key(source, kind, number), kind)[0]

        return refer

    def _subject_key(self, source: str, kind: str, number: str) -> bytes:
        if kind in ("promise", "quote"):
            number = f"{source}\x1f{number}"
        key = self._subject_keys.get((kind, number))
        if key is None:
            key = self._subject_keys[kind, number] = self._keys.subject_key(kind, number)
        return key

    def _subject(self, key: bytes, kind: str) -> tuple[int, int]:
        known = self._subjects.get(key)
        if known is None:
            known = None if self._remembers_all else self._log.subject(key)
            if known is None:
                known = (self.next_surrogate, 0)
                self.next_surrogate += 1
                self.new_subjects[key] = (kind, *known)
            self._subjects[key] = known
        return known

    def _own(self, key: bytes, kind: str, customer: int) -> None:
        surrogate, owner = self._subject(key, kind)
        if not owner:
            self._subjects[key] = (surrogate, customer)
            self.new_subjects[key] = (kind, surrogate, customer)

    # Customers

    def person_of(self, customer: int) -> int:
        """The person that a customer leads to."""
        return self._customer(customer)[0]

    def is_new(self, customer: int) -> bool:
        """Whether the batch under way has made it; nothing is stored of it yet."""
        return customer >= self._first_new

    def require_known(self, customer: int) -> None:
        """Raises Refused when no customer has the number; 0 names nobody."""
        if customer >= self.next_customer:
            raise Refused("customer", customer, "is not the number of a customer")

    def kind_of(self, customer: int) -> str:
        return self._customer(customer)[1]

    def customers_of(self, person: int) -> list[int]:
        """Every customer of a person, with the links of the batch under way."""
        found = {number for number in self._log.customers_of(person) if self.person_of(number) == person}
        found |= {number for number in (*self.new_customers, *self.new_persons) if self.person_of(number) == person}
        return sorted(found)

    def _customer(self, customer: int) -> tuple[int, str]:
        known = self._customers.get(customer)
        if known is None:
            known = self._customers[customer] = self._log.customer(customer)
        return known

    def _new_customer(self, kind: str) -> int:
        customer = self.next_customer
        self.next_customer += 1
        self._customers[customer] = (customer, kind)
        self.new_customers[customer] = kind
        return customer

    def join(self, survivor: int, other: int) -> None:
        """All customers of the other person lead to the survivor."""
        for customer in self.customers_of(other):
            self._customers[customer] = (survivor, self._customer(customer)[1])
            self.new_persons[customer] = survivor

    def _identifier(self, key: bytes) -> int:
        """The customer of an identifier, 0 when nobody has it yet; that is remembered too."""
        known = self._identifiers.get(key)
        if known is None:
            known = self._identifiers[key] = 0 if self._remembers_all else self._log.identifier(key)
        return known

    # Resolving

    def resolve(self, understood: Understood, source: str) -> Resolved:
        """The customer of a fact, made at first sight.

        Strong identifiers that stand in one message are one person's; so are they, or another order or case
        that the message names, and an order or case of which nobody was known. Weak identifiers find a
        customer, and link nobody: a new strong one on a device that is somebody's is somebody else. An alias says
        that two are one: a device of nobody's, or an account, becomes that of the other.
        """
        if understood.customer:
            return Resolved(understood.customer, ())
        if not understood.identifiers and understood.numbers and (owner := self._owner_of_first(understood, source)):
            return Resolved(owner, ())
        is_alias = isinstance(understood.body, CustomerAliased)
        identifiers = map(self._told, understood.identifiers) if is_alias else understood.identifiers
        keyed = [(self._keys.identifier_key(one.kind, one.value), one) for one in identifiers]
        owned = [(self._subject_key(source, kind, number), kind) for kind, _, number in understood.numbers if kind in OWNED]
        strong = [(customer, one.kind) for key, one in keyed if one.is_strong and (customer := self._identifier(key))]
        owners = [(owner, kind) for key, kind in owned if (owner := self._subject(key, kind)[1])]
        unnamed = [(owner, kind) for owner, kind in owners if self.kind_of(owner) == "unnamed"]
        weak = [customer for key, one in keyed if not one.is_strong and (customer := self._identifier(key))]
        if strong:
            customer = strong[0][0]
        elif weak and not (any(one.is_strong for _, one in keyed) and self._is_somebody(weak[0])):
            customer = weak[0]
        elif keyed:
            customer = unnamed[0][0] if unnamed else self._new_customer("person")
        elif owners:
            customer = next((owner for owner, _ in owners if self.kind_of(owner) != "unnamed"), owners[0][0])
        else:
            customer = self._of_nobody(understood, source)
        links = self._links(customer, [*strong, *unnamed, *(self._devices(weak) if is_alias else [])])
        if keyed and self.kind_of(customer) == "unnamed":
            self._customers[customer] = (self.person_of(customer), "person")
            self.new_customers[customer] = "person"
        for key, one in keyed:
            if not self._identifier(key):
                self._identifiers[key] = customer
                self.new_identifiers[key] = (one.kind, customer)
        for key, kind in owned:
            self._own(key, kind, customer)
        return Resolved(customer, links)

    def _told(self, one: Identifier) -> Identifier:
        """What an alias calls the customer until now: an account where there is one of that name, else a device."""
        if one.kind != PREVIOUS:
            return one
        account = Identifier("user_id", one.value)
        return account if self._identifier(self._keys.identifier_key(*msgspec.structs.astuple(account))) else Identifier("anonymous_id", one.value)

    def _devices(self, weak: list[int]) -> list[tuple[int, str]]:
        """Customers of whom no account is known; a device that is somebody's stays theirs."""
        return [(customer, "anonymous_id") for customer in weak if not self._is_somebody(customer)]

    def _is_somebody(self, customer: int) -> bool:
        """Whether the person has a strong identifier."""
        customers = self.customers_of(self.person_of(customer))
        new = any(kind in STRONG and owner in customers for kind, owner in self.new_identifiers.values())
        return new or any(self._log.has_identifier(one, STRONG) for one in customers)

    def _owner_of_first(self, understood: Understood, source: str) -> int:
        """The common case, cut short: one owned number, whose owner is known. 0 when it is another case."""
        owned = [(kind, number) for kind, _, number in understood.numbers if kind in OWNED]
        if len(owned) != 1:
            return 0
        kind, number = owned[0]
        return self._subject(self._subject_key(source, kind, number), kind)[1]

    def _of_nobody(self, understood: Understood, source: str) -> int:
        """No identifiers, and no number that is somebody's: a thing's own ledger, or a customer still to be known."""
        things = [(kind, number) for kind, _, number in understood.numbers if kind in LEDGERS]
        if not things or any(kind in OWNED and kind != "promise" for kind, *_ in understood.numbers):
            return self._new_customer("unnamed")
        kind, number = things[0]
        key = self._subject_key(source, kind, number)
        if not self._subject(key, kind)[1]:
            self._own(key, kind, self._new_customer("subject"))
        return self._subject(key, kind)[1]

    def _links(self, customer: int, found: list[tuple[int, str]]) -> tuple[Link, ...]:
        links: list[Link] = []
        survivor = self.person_of(customer)
        for other, by in found:
            person = self.person_of(other)
            if person != survivor and all(person not in (link.survivor, link.other) for link in links):
                links.append(Link(min(survivor, person), max(survivor, person), by))
                survivor = min(survivor, person)
        return tuple(links)
