"""The shop's settings: `omtanke.toml` in the data folder. All faults are shown together."""

from __future__ import annotations

import re
import tomllib
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from omtanke.storage.databases import has_database
from omtanke.vocabulary.money import read_currency
from omtanke.vocabulary.reading import LONGEST_IDENTIFIER
from omtanke.vocabulary.refusal import CannotDo, Refused
from omtanke.vocabulary.time import zone_named

PORTS = ("pages_port", "door_port", "worker_port", "lake_port", "dispatch_port")
LOCALES = ("sv", "en")
MOST_DEBUGGER_HOURS = 30 * 24
MOST_EXPORT_DAYS, MOST_LOOK_MONTHS = 90, 120
MOST_AT_ONCE = 12
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SECURITIES = ("none", "starttls", "tls")
SMS_PROVIDERS = ("46elks", "twilio")
# What a telephone can show as the sender: up to eleven signs with a letter among them (3GPP TS 23.040), or a number (E.164); at Twilio also
# the id of a messaging service.
SMS_SENDER = re.compile(r"(?=[0-9 ]*[A-Za-z])[A-Za-z0-9 ]{1,11}|\+[1-9][0-9]{6,14}")
SMS_SERVICE = re.compile(r"MG[0-9a-f]{32}")
TWILIO_ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
OWN = re.compile(r"[^@\s<>,]*@[^@\s<>,]+|[+(]?\d[\d\s()/-]{3,20}")
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|[a-z-]+-extension://[a-z0-9-]+")
CART = "{cart}"
ADDRESS = re.compile(r"[^@\s<>,]+@[^@\s<>,]+")
# With a plus and the forty signs of a message it is as long as a local part may be (RFC 5321).
RETURN_PATH = re.compile(r"[A-Za-z0-9._-]{1,23}@[^@\s<>,]+")
HOST_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*")


class SignInElsewhere(Struct, frozen=True, forbid_unknown_fields=True):
    """A provider of OpenID Connect that signs staff in; none without an issuer. Its secret stands in `keys/oidc.secret`.

    issuer: its address, as it names itself. client_id: what it calls us. name: what staff call it.
    """

    issuer: str = ""
    client_id: str = ""
    name: str = ""


class MailServer(Struct, frozen=True, forbid_unknown_fields=True):
    """The server that takes mail to staff; none without a host. Its password stands in `keys/mail.secret`.

    host, port: where it is. security: none, starttls or tls. user: who signs in, empty for nobody. sender: the address mail is from.
    """

    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    sender: str = ""

    def __bool__(self) -> bool:
        """Whether there is one."""
        return bool(self.host)


class CustomerMail(MailServer, frozen=True, forbid_unknown_fields=True):
    """The server that takes mail to customers; none without a host. Its password stands in `keys/customer_mail.secret`.

    sender_name: whom mail is from, in words, empty for the name of the shop. dkim_selector, dkim_domain: under which the public
    half of the key in `keys/dkim.key` stands in the DNS, empty for mail that somebody further on signs. at_once: so many
    connections at the same time. return_path: where mail comes back to that cannot be delivered, as returns@butiken.example; each mail has
    its own, with a sign after a plus. Empty for sender, whose mail nobody here reads.
    """

    sender_name: str = ""
    dkim_selector: str = ""
    dkim_domain: str = ""
    at_once: int = 8
    return_path: str = ""


class CustomerSms(Struct, frozen=True, forbid_unknown_fields=True):
    """Who takes text messages to customers; nobody without a provider. The secret stands in `keys/customer_sms.secret`.

    provider: 46elks or twilio. sender: what the telephone shows, up to eleven letters and figures, or a number as +46701234567, or the id of
    a messaging service at Twilio. user: the API's user name at 46elks, the account's SID at Twilio. api: the address of the API, empty for
    the provider's own. at_once: so many messages at the same time.
    """

    provider: str = ""
    sender: str = ""
    user: str = ""
    api: str = ""
    at_once: int = 4

    def __bool__(self) -> bool:
        """Whether there is one."""
        return bool(self.provider)


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """What a shop sets once. Each has a default that is right for a Swedish shop on one machine.

    name: what the shop is called on its pages. zone: IANA zone of the shop's days. locale: sv or en, when a
    browser asks for neither. currency: ISO 4217. country: ISO 3166, for telephone numbers. host: where the
    processes listen. pages_port, door_port: their ports. pages_hosts: further host names under which the pages
    are reached. leads_need_code: whether those who lead must sign in with a code from their phone. oidc: a provider
    that signs staff in, a table with issuer, client_id and name. pages_address: the address of the pages as staff reach them,
    as in https://omtanke.shop.example; links in mail, chat and webhooks begin with it (none: host and port). mail: the server that takes
    mail to staff, a table with host, port, security (none, starttls or tls), user and sender. customer_mail: the server that takes mail to
    customers, a table with the same and sender_name, dkim_selector, dkim_domain, at_once and return_path. customer_sms: who takes text messages to customers,
    a table with provider (46elks or twilio), sender, user, api and at_once. webhook_allow: receivers in the shop's
    own network, as host:port; no other address inside a house is sent to. risk_burst: so many promises at risk within ten minutes
    are an alert. door_events_per_second: so many events a second may one write key send in the long run, and door_burst: so many at
    once. door_origins: the pages that may send from a browser, as https://shop.example (none: any page that has a write key).
    door_address: the address of the door as browsers reach it, as in https://in.shop.example (none: as it is asked).
    keep_free_mb: with less free on the disk, in millions of bytes, the door answers 503 until there is more, and with half of it the
    worker waits too. worker_port, lake_port, dispatch_port: where these processes answer /healthz and /metrics, 0 for nowhere. debugger_hours: how
    long the last events of each write key can be looked at, 0 for not at all. own_addresses: the shop's own e-mail addresses, domains as in
    @butik.se, and telephone numbers, which identify no customer. blocked_values: accounts, club numbers, addresses, devices and other
    identifiers that are written when nobody is known, as in kassa-1, and identify no customer. exports_kept_days: how long a file
    with everything about a customer lies in the folder. looks_kept_months: how long it is on record who has looked at whom.
    cart_address: where a customer goes on with a cart,
    as in https://shop.example/cart/{cart}, the cart's number as the shop wrote it standing for {cart} (none: the cart is shown here).
    database: the PostgreSQL database that holds everything, as in postgresql://omtanke@db.example/shop (none: files in the data folder).
    """

    name: str = "Butiken"
    zone: str = "Europe/Stockholm"
    locale: str = "sv"
    currency: str = "SEK"
    country: str = "SE"
    host: str = "127.0.0.1"
    pages_port: int = 8400
    door_port: int = 8401
    pages_hosts: tuple[str, ...] = ()
    leads_need_code: bool = False
    oidc: SignInElsewhere = SignInElsewhere()
    pages_address: str = ""
    mail: MailServer = MailServer()
    customer_mail: CustomerMail = CustomerMail()
    customer_sms: CustomerSms = CustomerSms()
    webhook_allow: tuple[str, ...] = ()
    risk_burst: int = 20
    door_events_per_second: int = 5_000
    door_burst: int = 20_000
    door_origins: tuple[str, ...] = ()
    door_address: str = ""
    keep_free_mb: int = 500
    worker_port: int = 0
    lake_port: int = 0
    dispatch_port: int = 0
    debugger_hours: int = 24
    own_addresses: tuple[str, ...] = ()
    blocked_values: tuple[str, ...] = ()
    exports_kept_days: int = 30
    looks_kept_months: int = 24
    cart_address: str = ""
    database: str = ""


def existing(data: Path) -> Path:
    """The data folder, which has to be there. Raises CannotDo."""
    if not has_database(data, "log"):
        raise CannotDo(f"{data} is not a data folder: it has no log.db. Name one with --data, or make one with `omtanke demo` or an import.")
    return data


class SettingsFaults(CannotDo):
    """Everything that is wrong with the settings, all at once."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        super().__init__(f"{path}:\n" + "\n".join(f"  {fault}" for fault in faults))
        self.faults = faults


def read_settings(path: Path) -> Settings:
    """The settings in the file; the defaults where there is none. Raises SettingsFaults."""
    if not path.exists():
        return Settings()
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsFaults(path, [f"is not TOML: {error}"]) from error
    faults = [
        f"{name}: is not a setting; the settings are {', '.join(Settings.__struct_fields__)}" for name in written if name not in Settings.__struct_fields__
    ]
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(Settings):
        if field.name in written:
            try:
                values[field.name] = msgspec.convert(written[field.name], field.type)
            except msgspec.ValidationError as error:
                faults.append(f"{field.name}: {written[field.name]!r}: {error}")
    settings = Settings(**values)
    faults += _broken_rules(settings)
    if faults:
        raise SettingsFaults(path, faults)
    return settings


def _broken_rules(settings: Settings) -> list[str]:
    faults = []
    try:
        zone_named(settings.zone)
    except Refused as refused:
        faults.append(str(refused))
    try:
        read_currency(settings.currency, "currency")
    except Refused as refused:
        faults.append(str(refused))
    if settings.locale not in LOCALES:
        faults.append(f"locale: {settings.locale!r} is not one of {', '.join(LOCALES)}")
    if not (len(settings.country) == 2 and settings.country.isalpha()):
        faults.append(f"country: {settings.country!r} is not two letters as in SE")
    faults += _broken_rules_of_provider(settings.oidc)
    faults += _broken_rules_of_sending(settings)
    faults += _broken_rules_of_the_door(settings)
    faults += [
        f"own_addresses: {one!r} is neither an e-mail address, a domain as in @butik.se, nor a telephone number"
        for one in settings.own_addresses
        if not OWN.fullmatch(one)
    ]
    faults += [
        f"blocked_values: {one!r} is not the value of an identifier; write 1 to {LONGEST_IDENTIFIER} characters"
        for one in settings.blocked_values
        if not 0 < len(one.strip()) <= LONGEST_IDENTIFIER
    ]
    faults += _broken_rules_of_rights(settings)
    faults += _broken_rules_of_carts(settings)
    faults += _broken_rules_of_ports(settings)
    return faults


def _broken_rules_of_ports(settings: Settings) -> list[str]:
    """Each process has one of its own; worker and dispatch may have none."""
    faults = [f"{name}: {port} is not a port; choose 1 to 65535" for name in PORTS[:2] if not 1 <= (port := getattr(settings, name)) <= 65535]
    faults += [f"{name}: {port} is not a port; choose 1 to 65535, or 0 for none" for name in PORTS[2:] if not 0 <= (port := getattr(settings, name)) <= 65535]
    named = [(name, getattr(settings, name)) for name in PORTS if getattr(settings, name)]
    faults += [f"{one} and {two}: both are {port}; choose two" for (one, port), (two, other) in combinations(named, 2) if port == other]
    return faults


def _broken_rules_of_the_door(settings: Settings) -> list[str]:
    """How much one sender may send, from which pages, and how long it can be looked at."""
    faults = [f"{name}: {number} is less than 1" for name in ("door_events_per_second", "door_burst") if (number := getattr(settings, name)) < 1]
    faults += [
        f"door_origins: {origin!r} is not the origin of a page; write it as in https://shop.example, without a path"
        for origin in settings.door_origins
        if not ORIGIN.fullmatch(origin)
    ]
    address = settings.door_address
    if address and not (address.startswith(("https://", "http://")) and urlsplit(address).hostname):
        faults.append(f"door_address: {address!r} is not an address; write it as in https://in.shop.example")
    if not 0 <= settings.debugger_hours <= MOST_DEBUGGER_HOURS:
        faults.append(f"debugger_hours: {settings.debugger_hours} is not 0 to {MOST_DEBUGGER_HOURS}; what the door shows is personal, and goes")
    if settings.keep_free_mb < 0:
        faults.append(f"keep_free_mb: {settings.keep_free_mb} is less than 0; 0 keeps nothing free")
    return faults


def _broken_rules_of_rights(settings: Settings) -> list[str]:
    """What is kept for those who ask about their data."""
    faults = []
    if not 1 <= settings.exports_kept_days <= MOST_EXPORT_DAYS:
        faults.append(f"exports_kept_days: {settings.exports_kept_days} is not 1 to {MOST_EXPORT_DAYS}; everything about somebody is in such a file")
    if not 1 <= settings.looks_kept_months <= MOST_LOOK_MONTHS:
        faults.append(f"looks_kept_months: {settings.looks_kept_months} is not 1 to {MOST_LOOK_MONTHS}")
    return faults


def _broken_rules_of_carts(settings: Settings) -> list[str]:
    """The cart stands in the path or what follows it: a number that somebody made up must not lead to another host."""
    address = settings.cart_address
    place, _cart, rest = address.partition(CART)
    parts = urlsplit(place)
    is_safe = parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))
    if not address or (is_safe and parts.path and _cart and not set("{}") & set(place + rest)):
        return []
    return [f"cart_address: {address!r} is not an https address with {CART} once, after the host; write it as in https://shop.example/cart/{CART}"]


def _broken_rules_of_sending(settings: Settings) -> list[str]:
    """What leaves the house: links, mail, webhooks."""
    faults = []
    address, mail = settings.pages_address, settings.mail
    if address and not (address.startswith(("https://", "http://")) and urlsplit(address).hostname):
        faults.append(f"pages_address: {address!r} is not an address; write it as in https://omtanke.shop.example")
    for place in settings.webhook_allow:
        name, _colon, port = place.rpartition(":")
        if not name or not port.isdecimal() or not 1 <= int(port) <= 65535:
            faults.append(f"webhook_allow: {place!r} is not host:port; write it as in 127.0.0.1:9009")
    faults += _broken_rules_of_server("mail", mail)
    faults += _broken_rules_of_customer_mail(settings)
    faults += _broken_rules_of_customer_sms(settings)
    if settings.risk_burst < 2:
        faults.append(f"risk_burst: {settings.risk_burst} is too few; choose 2 or more")
    return faults


def _broken_rules_of_server(name: str, mail: MailServer) -> list[str]:
    faults = []
    if mail.security not in SECURITIES:
        faults.append(f"{name}.security: {mail.security!r} is not one of {', '.join(SECURITIES)}")
    if not 1 <= mail.port <= 65535:
        faults.append(f"{name}.port: {mail.port} is not a port; choose 1 to 65535")
    if mail.host and not ADDRESS.fullmatch(mail.sender):
        faults.append(f"{name}.sender: {mail.sender!r} is not the address that mail is to be from, as in omtanke@shop.example")
    if mail.user and mail.security == "none" and mail.host not in LOOPBACK:
        faults.append(f"{name}.security: none would show the password of {name}.user to everybody on the way; choose starttls or tls")
    return faults


def _broken_rules_of_customer_mail(settings: Settings) -> list[str]:
    """What a customer is sent has links, and whoever takes mail today asks who has signed it."""
    mail = settings.customer_mail
    faults = _broken_rules_of_server("customer_mail", mail)
    if bool(mail.dkim_selector) != bool(mail.dkim_domain):
        faults.append("customer_mail: dkim_selector and dkim_domain go together; name both, or neither")
    faults += [
        f"customer_mail.{name}: {value!r} is not a name in the DNS"
        for name in ("dkim_selector", "dkim_domain")
        if (value := getattr(mail, name)) and not HOST_NAME.fullmatch(value)
    ]
    if not 1 <= mail.at_once <= MOST_AT_ONCE:
        faults.append(f"customer_mail.at_once: {mail.at_once} is not 1 to {MOST_AT_ONCE}")
    if mail.return_path and not RETURN_PATH.fullmatch(mail.return_path):
        faults.append(f"customer_mail.return_path: {mail.return_path!r} is not an address with at most 23 signs before the @, as in returns@shop.example")
    address = settings.pages_address
    stays_here = not settings.customer_sms and not address and mail.host in LOOPBACK and settings.host in LOOPBACK
    is_sent = bool(mail or settings.customer_sms)
    if is_sent and not (address.startswith("https://") or urlsplit(address).hostname in LOOPBACK or stays_here):
        faults.append(f"pages_address: {address!r} is not an https address, and links in mail to customers begin with it")
    return faults


def _broken_rules_of_customer_sms(settings: Settings) -> list[str]:
    """Who takes text messages, under which name, and where. Nothing of it counts without a provider, save what is written wrongly."""
    sms, faults = settings.customer_sms, []
    if sms == CustomerSms():
        return []
    is_twilio = sms.provider == "twilio"
    if sms.provider not in SMS_PROVIDERS:
        faults.append(f"customer_sms.provider: {sms.provider!r} is not one of {', '.join(SMS_PROVIDERS)}")
    if not SMS_SENDER.fullmatch(sms.sender) and not (is_twilio and SMS_SERVICE.fullmatch(sms.sender)):
        faults.append(f"customer_sms.sender: {sms.sender!r} is neither up to eleven letters and figures, as in Butiken, nor a number, as in +46701234567")
    if not sms.user or ":" in sms.user:
        faults.append(f"customer_sms.user: {sms.user!r} is not the user name of the API")
    elif is_twilio and not TWILIO_ACCOUNT.fullmatch(sms.user):
        faults.append(f"customer_sms.user: {sms.user!r} is not the SID of an account at Twilio: AC and 32 signs")
    if sms.api and not _is_safe(sms.api, settings.webhook_allow):
        faults.append(f"customer_sms.api: {sms.api!r} is not an https address; one in your own network is named in webhook_allow as host:port")
    if not 1 <= sms.at_once <= MOST_AT_ONCE:
        faults.append(f"customer_sms.at_once: {sms.at_once} is not 1 to {MOST_AT_ONCE}")
    return faults


def _is_safe(address: str, allowed: tuple[str, ...]) -> bool:
    """Whether a secret may be sent to an address: over TLS, or to a place that the shop has named as its own."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.netloc in allowed))


def _broken_rules_of_provider(oidc: SignInElsewhere) -> list[str]:
    if oidc == SignInElsewhere():
        return []
    host = urlsplit(oidc.issuer).hostname or ""
    is_safe = host and (oidc.issuer.startswith("https://") or (oidc.issuer.startswith("http://") and host in ("127.0.0.1", "localhost", "::1")))
    faults = [] if is_safe else [f"oidc.issuer: {oidc.issuer!r} is not an https address"]
    return faults + [f"oidc.{name}: is missing" for name in ("client_id", "name") if not getattr(oidc, name)]
