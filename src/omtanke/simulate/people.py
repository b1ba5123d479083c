"""The customers: names, ages, towns and counties as in Sweden today; nobody real.

Addresses are under example.com. Numbers lie in +46 74, the old paging series in which no telephone answers.
60 % are members with a loyalty number, 8 % read English rather than Swedish.
"""

from __future__ import annotations

from random import Random
from unicodedata import normalize

from msgspec import Struct

MEMBERS = 0.60
READS_ENGLISH = 0.08
YOUNGEST, TYPICAL, OLDEST = 18, 36, 84
BORN_LATER = 45

NAMES_OF_THE_YOUNGER = """
Maja Elsa Alva Ebba Wilma Ella Saga Moa Amanda Linnea Julia Emma Sofia Hanna Ida Felicia Amina Fatima Leila Zahra Noor Hodan Ayaan Nadia
Selma Tuva Signe Astrid William Oscar Elias Hugo Lucas Axel Filip Anton Viktor Emil Simon Albin Isak Jonathan Mohamed Ali Yusuf Omar Adam
Amir Goran Mateusz Milan Noah Leo Melker Sixten Otto
""".split()
NAMES_OF_THE_OLDER = """
Anna Eva Karin Kristina Birgitta Lena Ingrid Marie Monica Gunilla Annika Camilla Åsa Helena Susanne Pirjo Leena Tuula Siv Gun Berit Solveig
Marjatta Jasna Shirin Lars Anders Per Mikael Johan Peter Jan Thomas Hans Bengt Göran Ulf Kjell Stefan Magnus Mats Håkan Rolf Pekka Jukka
Olav Bjarne Reza Hassan Zoran Dragan Torbjörn Ingemar
""".split()
FAMILY_NAMES = """
Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson Jansson Hansson Bengtsson
Lindberg Lindström Lindgren Axelsson Berg Bergström Lundgren Lundqvist Mattsson Berglund Fredriksson Sandberg Henriksson Forsberg Sjöberg
Wallin Engström Danielsson Håkansson Eklund Lundin Björk Bergman Nyström Holm Samuelsson Fransson Söderberg Nyberg Arvidsson Isaksson Öberg
Åkesson Ström Hedlund Sundberg Norberg Sjögren Nordin Blom Ekman Hellström Falk Korhonen Virtanen Mäkinen Niemi Heikkinen Hansen Nielsen
Olsen Sørensen Haugen Ali Mohamed Ahmed Hassan Warsame Abdi Yusuf Hosseini Rezaei Petrović Hadžić Kowalska Nguyen Sarr
""".split()

# town, county, first figures of its postal codes, thousands of inhabitants (how often we meet it)
TOWNS = (
    ("Stockholm", "Stockholm", "113", 980),
    ("Solna", "Stockholm", "169", 85),
    ("Täby", "Stockholm", "183", 74),
    ("Södertälje", "Stockholm", "151", 75),
    ("Göteborg", "Västra Götaland", "411", 600),
    ("Mölndal", "Västra Götaland", "431", 70),
    ("Borås", "Västra Götaland", "503", 114),
    ("Trollhättan", "Västra Götaland", "461", 59),
    ("Skövde", "Västra Götaland", "541", 57),
    ("Malmö", "Skåne", "211", 360),
    ("Lund", "Skåne", "222", 128),
    ("Helsingborg", "Skåne", "252", 150),
    ("Kristianstad", "Skåne", "291", 86),
    ("Uppsala", "Uppsala", "753", 240),
    ("Enköping", "Uppsala", "745", 48),
    ("Linköping", "Östergötland", "582", 166),
    ("Norrköping", "Östergötland", "602", 144),
    ("Örebro", "Örebro", "702", 157),
    ("Västerås", "Västmanland", "722", 158),
    ("Jönköping", "Jönköping", "553", 144),
    ("Värnamo", "Jönköping", "331", 35),
    ("Halmstad", "Halland", "302", 105),
    ("Varberg", "Halland", "432", 67),
    ("Växjö", "Kronoberg", "352", 97),
    ("Kalmar", "Kalmar", "392", 72),
    ("Västervik", "Kalmar", "593", 36),
    ("Karlskrona", "Blekinge", "371", 66),
    ("Visby", "Gotland", "621", 61),
    ("Karlstad", "Värmland", "652", 96),
    ("Arvika", "Värmland", "671", 26),
    ("Eskilstuna", "Södermanland", "632", 108),
    ("Nyköping", "Södermanland", "611", 58),
    ("Gävle", "Gävleborg", "803", 103),
    ("Hudiksvall", "Gävleborg", "824", 38),
    ("Falun", "Dalarna", "791", 60),
    ("Mora", "Dalarna", "792", 21),
    ("Sundsvall", "Västernorrland", "852", 99),
    ("Örnsköldsvik", "Västernorrland", "891", 56),
    ("Östersund", "Jämtland", "831", 64),
    ("Åre", "Jämtland", "837", 12),
    ("Umeå", "Västerbotten", "903", 132),
    ("Skellefteå", "Västerbotten", "931", 77),
    ("Luleå", "Norrbotten", "972", 79),
    ("Kiruna", "Norrbotten", "981", 23),
    ("Piteå", "Norrbotten", "941", 42),
)
STREETS = """
Storgatan Kungsgatan Skolgatan Björkvägen Skogsvägen Ringvägen Nygatan Strandvägen Parkgatan Ängsvägen Granvägen Bäckvägen Kyrkogatan
Hantverkargatan
""".split()
TOWN_WEIGHTS = [sum(town[3] for town in TOWNS[: n + 1]) for n in range(len(TOWNS))]


class Person(Struct, frozen=True):
    """One customer. `likes` are categories of goods, dearest first; `device` is the browser's anonymous id."""

    user_id: str
    first_name: str
    last_name: str
    age: int
    city: str
    region: str
    postal_code: str
    street: str
    email: str
    phone: str
    loyalty_number: str
    locale: str
    device: str
    likes: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


def latin(name: str) -> str:
    """The name in the plain letters of an e-mail address."""
    plain = name.lower().translate(str.maketrans("øæđł", "oadl"))
    return normalize("NFKD", plain).encode("ascii", "ignore").decode()


def person(rng: Random, number: int, likes: tuple[str, ...]) -> Person:
    """The customer of that number."""
    age = round(rng.triangular(YOUNGEST, OLDEST, TYPICAL))
    first = rng.choice(NAMES_OF_THE_YOUNGER if age < BORN_LATER else NAMES_OF_THE_OLDER)
    last = rng.choice(FAMILY_NAMES)
    city, region, prefix, _ = rng.choices(TOWNS, cum_weights=TOWN_WEIGHTS)[0]
    return Person(
        user_id=f"kund-{number:05d}",
        first_name=first,
        last_name=last,
        age=age,
        city=city,
        region=region,
        postal_code=f"{prefix} {rng.randrange(10, 60)}",
        street=f"{rng.choice(STREETS)} {rng.randrange(1, 90)}",
        email=f"{latin(first)}.{latin(last)}{number}@example.com",
        phone=f"+4674{number:07d}",
        loyalty_number=f"ML{700_000 + number}" if rng.random() < MEMBERS else "",
        locale="en" if rng.random() < READS_ENGLISH else "sv",
        device=f"webb-{number:05d}-{rng.getrandbits(32):08x}",
        likes=likes,
    )


def traits(someone: Person) -> dict[str, object]:
    """What the shop's register tells about the customer."""
    told: dict[str, object] = {
        "first_name": someone.first_name,
        "last_name": someone.last_name,
        "name": someone.name,
        "age": someone.age,
        "email": someone.email,
        "phone": someone.phone,
        "region": someone.region,
        "country": "SE",
        "locale": someone.locale,
        "address": {"street": someone.street, "postal_code": someone.postal_code, "city": someone.city},
    }
    if someone.loyalty_number:
        told["loyalty_number"] = someone.loyalty_number
    return told
