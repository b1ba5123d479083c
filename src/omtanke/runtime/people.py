"""Who it was: from identifiers and numbers to a customer, with the links that follow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence, Set
from itertools import islice
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from omtanke.runtime.devices import Change, Joining, anonymous, of_the_other, signed_in, signed_out
from omtanke.storage.handed import Handed
from omtanke.storage.keys import Keys
from omtanke.storage.ports import Device, Link, Log
from omtanke.vocabulary.identity import ACCOUNT, ADDRESSES, DEVICE, PREVIOUS, STRONG, CustomerAliased, Identifier, SignedOut
from omtanke.vocabulary.reading import Understood
from omtanke.vocabulary.refusal import Refused

# Numbers that belong to one customer: a fact without identifiers is found by them, the first that is named.
OWNED = ("order", "parcel", "case", "cart", "appointment", "promise")
# Things whose whole story is recorded with the customer whose they are, whoever of the same person a message names.
TOLD_TOGETHER = ("order", "parcel", "case", "appointment")
# Things whose own ledger holds what concerns everyone; a fact about one without a customer goes there.
LEDGERS = ("store", "product")
# Of each; the half that was remembered first is forgotten when there are more. All of them full take some 120 MB.
MOST_REMEMBERED = 100_000
# So many accounts may name the same id as theirs before it is known whose it is; a device in a shop is named by everybody.
MOST_NAMING = 20
# Keys are hashed anew in a moment, and those that the door hands on need no hashing.
MOST_KEYS = 20_000

# By what somebody is known otherwise than by a device.
KNOWN_BY = (*STRONG, *ADDRESSES)

NO_DEVICE = Device()
NOBODY, NOBODYS = 0, (0, 0)
NO_KINDS: frozenset[str] = frozenset()
NO_LINKS: dict[tuple[int, int], int] = {}

K = TypeVar("K")

# Where identifiers are found, and things that a message names, by kind.
Keyed = list[tuple[bytes, Identifier]]
Things = list[tuple[str, bytes]]


def unknown_of(keys: Iterable[K], known: Container[K]) -> set[K]:
    """Those that are not known. What two views of keys leave of one another is found by going through all that is known."""
    return {key for key in keys if key not in known}


class Resolved(Struct, frozen=True):
    """Whose fact it is, and who turns out before to be one person, or two."""

    customer: int
    changes: tuple[Change, ...]


class People:
    """Identifiers, numbers and customers: what the log knows, and what the batch under way adds to it."""

    def __init__(self, log: Log, keys: Keys) -> None:
        self._log = log
        self.keys = keys
        self.may_identify = keys.may_identify
        self._identifiers: dict[bytes, int] = {}
        self._subjects: dict[bytes, tuple[int, int]] = {}
        self._customers: dict[int, tuple[int, str]] = {}
        self._subject_keys: dict[tuple[str, str, str], bytes] = {}
        self._identifier_keys: dict[tuple[str, str], tuple[bytes, bytes]] = {}
        self._devices: dict[bytes, Device] = {}
        self._led_to: dict[int, set[int]] = {}
        self._strong: dict[int, bool] = {}
        # A row of nobody's says that there are any; most shops send none, and new accounts need not be looked for among them.
        self._keeps_aliases = log.has_identifier(NOBODY, (PREVIOUS,))
        # Whether a person may be recognised by a device; whoever knows what they allow says it.
        self.allows: Callable[[int], bool] = lambda person: True
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
        self.new_links: dict[tuple[int, int], Link] = {}
        self.new_devices: dict[bytes, Device] = {}
        self._new_kinds: dict[int, set[str]] = {}
        self._stored_subjects: dict[bytes, tuple[int, int] | None] = {}
        self._stored_devices: dict[bytes, Device | None] = {}
        self._stored_links: dict[int, list[Link]] = {}
        self._linked_to: dict[int, dict[tuple[int, int], int]] = {}
        for keys in (self._subject_keys, self._identifier_keys):
            if len(keys) > MOST_KEYS:
                keys.clear()
        every: tuple[dict[Any, Any], ...] = (self._identifiers, self._subjects, self._customers, self._devices, self._led_to, self._strong)
        for remembered in every:
            if len(remembered) > MOST_REMEMBERED:
                for key in list(islice(remembered, MOST_REMEMBERED // 2)):
                    del remembered[key]
                self._remembers_all = False

    # What a batch is about

    def foresee(self, told: Collection[Handed]) -> set[int]:
        """Ask the log for all that messages name, in a few statements; the persons whom they lead to, as far as that is known before."""
        identifiers = {key: (kind, value) for handed in told for kind, value, key, _ in handed.identifiers}
        numbers = {key for handed in told for _, _, key in handed.numbers}
        if not self._remembers_all:
            self._foresee_keys(identifiers, numbers)
            if self._keeps_aliases:
                identifiers |= self._foresee_aliases(identifiers)
        customers = {self._identifiers.get(key, 0) for key in identifiers} | {self._subjects.get(key, NOBODYS)[1] for key in numbers}
        return self.foresee_customers(customers - {0})

    def _foresee_aliases(self, identifiers: Mapping[bytes, tuple[str, str]]) -> dict[bytes, tuple[str, str]]:
        """Accounts that are new may have been named by an alias before: where that is found."""
        new = [value for key, (kind, value) in identifiers.items() if kind == ACCOUNT and not self._identifiers[key]]
        named = {self._identifier_key(PREVIOUS, value)[0]: (PREVIOUS, value) for value in new}
        unknown = unknown_of(named, self._identifiers)
        self._identifiers |= dict.fromkeys(unknown, 0) | self._log.identifiers(unknown)
        return named

    def _foresee_keys(self, identifiers: Mapping[bytes, tuple[str, str]], numbers: Set[bytes]) -> None:
        unknown, things = unknown_of(identifiers, self._identifiers), unknown_of(numbers, self._subjects)
        devices = unknown_of((key for key, (kind, _) in identifiers.items() if kind == DEVICE), self._devices)
        self._identifiers |= dict.fromkeys(unknown, 0) | self._log.identifiers(unknown)
        stored = self._log.subjects(things)
        self._subjects |= stored
        self._stored_subjects = dict.fromkeys(things - stored.keys())
        self._stored_devices = dict.fromkeys(devices) | self._log.devices(devices)

    def foresee_customers(self, customers: Set[int]) -> set[int]:
        """Ask the log where customers lead to, in one statement; those persons."""
        self._customers |= self._log.customers(unknown_of(customers, self._customers))
        return {self._customers[customer][0] for customer in customers}

    # Numbers

    def referring(self, source: str) -> Callable[[str, str], int]:
        """Gives the surrogate of a number; ids of promises count within their source."""

        def refer(kind: str, number: str) -> int:
            return self._subject(self._subject_key(source, kind, number), kind)[0]

        return refer

    def surrogate(self, kind: str, key: bytes) -> int:
        """The same for a number that has been hashed."""
        return self._subject(key, kind)[0]

    def _subject_key(self, source: str, kind: str, number: str) -> bytes:
        key = self._subject_keys.get((source, kind, number))
        if key is None:
            key = self._subject_keys[source, kind, number] = self.keys.number_key(source, kind, number)
        return key

    def _identifier_key(self, kind: str, value: str) -> tuple[bytes, bytes]:
        keys = self._identifier_keys.get((kind, value))
        if keys is None:
            keys = self._identifier_keys[kind, value] = self.keys.identifier_keys(kind, value)
        return keys

    def _subject(self, key: bytes, kind: str) -> tuple[int, int]:
        known = self._subjects.get(key)
        if known is None:
            known = None if self._remembers_all else self._stored_subjects[key] if key in self._stored_subjects else self._log.subject(key)
            if known is None:
                known = (self.next_surrogate, 0)
                self.next_surrogate += 1
                self.new_subjects[key] = (kind, *known)
            self._subjects[key] = known
        return known

    def forget(self, keys: Iterable[bytes]) -> None:
        """Identifiers and numbers that nobody has any more; numbers as written are not remembered either."""
        for key in keys:
            self._identifiers.pop(key, None)
            self._subjects.pop(key, None)
        self._subject_keys.clear()
        self._identifier_keys.clear()
        self._devices.clear()
        self._strong.clear()

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
        return sorted(number for number in self._ever_led_to(person) if self.person_of(number) == person)

    def _ever_led_to(self, person: int) -> set[int]:
        """Every customer who leads to the person, and some who did before."""
        known = self._led_to.get(person)
        if known is None:
            known = self._led_to[person] = {person} if self.is_new(person) else {*self._log.customers_of(person)}
        return known

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

    def lead(self, customers: Iterable[int], person: int) -> None:
        """These customers lead to the person from now on."""
        for customer in customers:
            self._customers[customer] = (person, self._customer(customer)[1])
            self.new_persons[customer] = person
            self._ever_led_to(person).add(customer)

    def links_of(self, customers: Sequence[int]) -> list[Link]:
        """What is known of these customers and others, with what the batch under way has made of it."""
        places = {pair: place for customer in customers for pair, place in self._linked_to.get(customer, NO_LINKS).items()}
        new = {pair: self.new_links[pair] for pair in sorted(places, key=places.__getitem__)}
        return list(({(link.one, link.two): link for link in self._stored_links_of(customers)} | new).values())

    def _stored_links_of(self, customers: Sequence[int]) -> list[Link]:
        """What the log knows of these customers and others, asked once a batch."""
        unknown = {customer for customer in customers if customer not in self._stored_links and not self.is_new(customer)}
        self._stored_links |= {customer: [] for customer in unknown}
        for link in self._log.links_of(sorted(unknown)) if unknown else ():
            for customer in unknown & {link.one, link.two}:
                self._stored_links[customer].append(link)
        found = {(link.one, link.two): link for customer in customers for link in self._stored_links.get(customer, ())}
        return [found[pair] for pair in sorted(found)]

    def put_link(self, link: Link) -> None:
        """What is known of two customers from now on; that they were linked once is never forgotten."""
        known = next((one for one in self.links_of([link.one]) if one.two == link.two), link)
        position = link.linked_position or known.linked_position
        pair = (link.one, link.two)
        for customer in pair:
            self._linked_to.setdefault(customer, {}).setdefault(pair, len(self.new_links))
        self.new_links[pair] = replace(link, linked_at=link.linked_at or known.linked_at, linked_position=position)

    def _identifier(self, key: bytes) -> int:
        """The customer of an identifier, 0 when nobody has it yet; that is remembered too."""
        known = self._identifiers.get(key)
        if known is None:
            known = self._identifiers[key] = 0 if self._remembers_all else self._log.identifier(key)
        return known

    # Resolving

    def resolve(self, understood: Understood, source: str, handed: Handed | None = None) -> Resolved:
        """The customer of a fact, made at first sight.

        Strong identifiers that stand in one message are one person's; so are they, or another order or case
        that the message names, and an order or case of which nobody was known. Addresses find a customer; only an account
        that tells one is linked by it, with whoever has it and has no account. Devices are told in `omtanke.runtime.devices`.
        An alias says that two are one: a device of nobody's, and an account, known by then or not, becomes that of the other.
        `handed`: where the door has found what is named, if it has.
        """
        if understood.customer:
            return Resolved(understood.customer, ())
        things = self._things(understood, source, handed)
        owned = [(key, kind) for kind, key in things if kind in OWNED]
        if not understood.identifiers and len(owned) == 1 and (owner := self._subject(*owned[0])[1]):
            return Resolved(owner, ())  # the common case, cut short
        keyed = self._keyed(understood, handed)
        owners = [(owner, kind) for key, kind in owned if (owner := self._subject(key, kind)[1])] if owned else []
        unnamed = [(owner, kind) for owner, kind in owners if self.kind_of(owner) == "unnamed"] if owners else []
        is_alias = isinstance(understood.body, CustomerAliased)
        accounts, strong, device, others = False, list[tuple[int, str]](), b"", list[tuple[int, str]]()
        told = list[tuple[int, str]]()
        for key, one in keyed:
            if one.kind in STRONG:
                accounts = True
                if customer := self._identifier(key):
                    strong.append((customer, "alias" if is_alias and one.kind == ACCOUNT else one.kind))
                elif self._keeps_aliases and one.kind == ACCOUNT:
                    others += self._named_before(one.value)
            elif one.kind == DEVICE:
                device = device or key
            elif owner := self._identifier(key):
                told.append((owner, one.kind))
        changes: list[Change] = []
        if not keyed:
            customer = self._by_number(things, owners)
        elif strong:
            customer = strong[0][0]
        elif accounts:
            customer = unnamed[0][0] if unnamed and not told else self._new_customer("person")
        else:
            customer = self._by_address(keyed, told, device, unnamed) or self._by_device(device, understood.occurred_at, changes)
        if accounts:
            for key in dict.fromkeys(key for key, one in keyed if one.kind == DEVICE) if is_alias else (device,) if device else ():
                self._sign_in(key, customer, understood, changes)
            others += [one for one in told if one[0] != customer and self._is_guest(one[0], customer)]
            if is_alias:
                self._remember_alias(customer, understood)
        if others := [*strong[1:], *others, *unnamed]:
            changes += [Joining(customer, other, by) for other, by in others if other != customer]
        if keyed:
            is_device_theirs = accounts or self._devices.get(device, NO_DEVICE).customer == customer
            self._name(customer, keyed if is_device_theirs else [(key, one) for key, one in keyed if key != device])
        for key, kind in owned:
            self._own(key, kind, customer)
        return Resolved(self._told_with(customer, owners) if owners else customer, tuple(changes))

    def _things(self, understood: Understood, source: str, handed: Handed | None) -> Things:
        """What the message names, each with where it is found."""
        if handed is not None:
            return [(kind, key) for kind, _, key in handed.numbers]
        return [(kind, self._subject_key(source, kind, number)) for kind, _, number in understood.numbers]

    def _keyed(self, understood: Understood, handed: Handed | None) -> Keyed:
        """What says who it was, each with where it is found; the shop's own addresses, and what it has blocked, do not."""
        if isinstance(understood.body, CustomerAliased):
            return [found for one in understood.identifiers if self.may_identify(one.kind, one.value) for found in self._called_before(one)]
        if handed is None:
            return [(self._key_of(one), one) for one in understood.identifiers if self.may_identify(one.kind, one.value)]
        told = zip(handed.identifiers, understood.identifiers, strict=True)
        return [(self._today_or_before(key, before), one) for (kind, value, key, before), one in told if self.may_identify(kind, value)]

    def _key_of(self, one: Identifier) -> bytes:
        return self._today_or_before(*self._identifier_key(one.kind, one.value))

    def _today_or_before(self, key: bytes, before: bytes) -> bytes:
        """Where it is found: as it is written today, or as it was when it was first seen."""
        return before if before and not self._identifier(key) and self._identifier(before) else key

    def _called_before(self, one: Identifier) -> Keyed:
        """What an alias calls the customer until now: a device of that name, and the account if there is one."""
        if one.kind != PREVIOUS:
            return [(self._key_of(one), one)]
        device, account = Identifier(DEVICE, one.value), Identifier(ACCOUNT, one.value)
        found = [(self._key_of(device), device)]
        return [(key, account), *found] if self._identifier(key := self._key_of(account)) else found

    def _naming(self, value: str) -> Iterator[bytes]:
        """Where those are found who have named an id as theirs, one after another, and where the next one will be."""
        for n in range(MOST_NAMING):
            key = self._identifier_key(PREVIOUS, f"{value}\x1f{n}" if n else value)[0]
            yield key
            if not self._identifier(key):
                return

    def _named_before(self, value: str) -> list[tuple[int, str]]:
        """The customers of whom an alias has said that they were an account which had not been seen then."""
        return [(customer, "alias") for key in self._naming(value) if (customer := self._identifier(key))]

    def _remember_alias(self, customer: int, understood: Understood) -> None:
        """An account that is not known yet is found to be the customer's when it is first seen; said again, it is known already."""
        for one in understood.identifiers:
            if one.kind == PREVIOUS and self.may_identify(one.kind, one.value) and not self._identifier(self._identifier_key(ACCOUNT, one.value)[0]):
                *known, free = self._naming(one.value)
                if self.person_of(customer) not in {self.person_of(self._identifier(key)) for key in known} and not self._identifier(free):
                    self._name(customer, [(free, one)])
                    self._keep_aliases()

    def _keep_aliases(self) -> None:
        """From now on new accounts are looked for among those that aliases have named."""
        if not self._keeps_aliases:
            self._keeps_aliases = True
            self.new_identifiers[self._identifier_key(PREVIOUS, "")[0]] = (PREVIOUS, NOBODY)

    def _is_guest(self, owner: int, customer: int) -> bool:
        """Whether somebody who has an address that an account tells is another person, and has no account."""
        return self.person_of(owner) != self.person_of(customer) and not self.is_somebody(owner)

    def _by_address(self, keyed: Keyed, told: list[tuple[int, str]], device: bytes, unnamed: list[tuple[int, str]]) -> int:
        """Whose the address is; a new one is that of the device, unless that is shared or knows another. 0: the device tells."""
        kinds = [one.kind for _, one in keyed if one.kind in ADDRESSES]
        if told or not kinds:
            return told[0][0] if told else 0
        if device:
            seen = self._device(device)
            is_theirs = not seen.is_shared and not (seen.customer and self._has(seen.customer, kinds))
            return 0 if is_theirs else self._new_customer("person")
        return unnamed[0][0] if unnamed else self._new_customer("person")

    def _by_device(self, key: bytes, at: int, changes: list[Change]) -> int:
        """Whose it is that something was done on a device without an account."""
        device, customer, shown = anonymous(self._device(key), at, lambda: self._new_customer("person"), self)
        self._put_device(key, device)
        changes += shown
        return customer

    def _sign_in(self, key: bytes, account: int, understood: Understood, changes: list[Change]) -> None:
        device, shown = signed_in(self._device(key), account, understood.occurred_at, self)
        self._put_device(key, signed_out(device) if isinstance(understood.body, SignedOut) else device)
        changes += shown

    def _device(self, key: bytes) -> Device:
        """As it stands; one on which nobody has signed in is known by its identifier alone."""
        known = self._devices.get(key)
        if known is None:
            stored = None if self._remembers_all else self._stored_devices[key] if key in self._stored_devices else self._log.device(key)
            known = self._devices[key] = stored or Device(customer=self._identifier(key))
        return known

    def part_devices(self, one_side: Collection[int], other_side: Collection[int]) -> None:
        """Two persons are two: a device of the one, on which the other was without an account, is the other's from now on."""
        for key in self._log.devices_of([*one_side, *other_side]) | self._devices.keys():
            known = self._device(key)
            if any(known.account in mine and known.customer in theirs for mine, theirs in ((one_side, other_side), (other_side, one_side))):
                self._put_device(key, of_the_other(known))

    def seen_on(self, device: Identifier) -> set[int]:
        """The customers whose a device is: who signed in last, and with whom what is done without an account is recorded."""
        known = self._device(self._identifier_key(device.kind, device.value)[0])
        return {known.account, known.customer} - {0}

    def _put_device(self, key: bytes, device: Device) -> None:
        if device is not self._devices[key]:
            self._devices[key] = device
            if device.account:
                self.new_devices[key] = device

    def _by_number(self, things: Things, owners: list[tuple[int, str]]) -> int:
        """Nobody is named: whose the order or case is, first of those who are known."""
        known = next((owner for owner, _ in owners if self.kind_of(owner) != "unnamed"), owners[0][0] if owners else 0)
        return known or self._of_nobody(things)

    def _name(self, customer: int, keyed: Keyed) -> None:
        """Identifiers that nobody has yet are the customer's from now on."""
        if self.kind_of(customer) == "unnamed":
            self._customers[customer] = (self.person_of(customer), "person")
            self.new_customers[customer] = "person"
        for key, one in keyed:
            if not self._identifier(key):
                self._identifiers[key] = customer
                self.new_identifiers[key] = (one.kind, customer)
                self._new_kinds.setdefault(customer, set()).add(one.kind)
                if one.kind in STRONG:
                    self._strong[customer] = True

    def _told_with(self, customer: int, owners: list[tuple[int, str]]) -> int:
        """The customer with whom a fact is recorded: the one whose the order or case is, when that is the same person."""
        for owner, kind in owners:
            if kind in TOLD_TOGETHER:
                return owner if owner != customer and self.person_of(owner) == self.person_of(customer) else customer
        return customer

    def is_somebody(self, customer: int) -> bool:
        """Whether the person has a strong identifier."""
        return any(self._is_strong(one) for one in self.customers_of(self.person_of(customer)))

    def _is_strong(self, customer: int) -> bool:
        """Whether a customer has a strong identifier; what is seen later is seen here first."""
        known = self._strong.get(customer)
        if known is None:
            known = self._strong[customer] = self._has(customer, STRONG)
        return known

    def is_recognised(self, customer: int) -> bool:
        """Whether what names only a device may be theirs: not when they do not want it, and are known by anything else."""
        person = self.person_of(customer)
        return self.allows(person) or not any(self._has(one, KNOWN_BY) for one in self.customers_of(person))

    def _has(self, customer: int, kinds: Sequence[str]) -> bool:
        """Whether a customer has an identifier of one of the kinds."""
        is_new = not self._new_kinds.get(customer, NO_KINDS).isdisjoint(kinds)
        return is_new or (not self.is_new(customer) and self._log.has_identifier(customer, kinds))

    def _of_nobody(self, things: Things) -> int:
        """No identifiers, and no number that is somebody's: a thing's own ledger, or a customer still to be known."""
        ledgers = [(kind, key) for kind, key in things if kind in LEDGERS]
        if not ledgers or any(kind in OWNED and kind != "promise" for kind, _ in things):
            return self._new_customer("unnamed")
        kind, key = ledgers[0]
        if not self._subject(key, kind)[1]:
            self._own(key, kind, self._new_customer("subject"))
        return self._subject(key, kind)[1]

    def adopt(self, customer: int, identifiers: Iterable[Identifier]) -> None:
        """Identifiers that nobody has yet become the customer's; those of somebody else stay theirs."""
        self._name(customer, [(self._key_of(one), one) for one in identifiers if self.may_identify(one.kind, one.value)])
