"""Words for codes that each shop chooses itself, where they are common ones: lives, wishes, fields of forms, tools."""

from __future__ import annotations

from omtanke.web.words.names import CHANNELS, name_in, say

# What has happened in a customer's life.
MOODS = {"glad": say("Something glad has happened"), "sad": say("Something sad has happened"), "neither": say("Something has happened in their life")}
LIFE_EVENTS = {
    "moved": say("has moved"),
    "child_born": say("has had a child"),
    "new_dog": say("has got a dog"),
    "dog_died": say("the dog has died"),
    "pet_died": say("a pet has died"),
    "bereavement": say("has lost somebody"),
    "wedding": say("has married"),
    "race_finished": say("has finished a race"),
}
PURPOSES = {
    "marketing": say("news and offers"),
    "recognition": say("being recognised"),
    "profiling": say("advice that fits"),
    "surveys": say("questions from us"),
    "advertising": say("our advertisements elsewhere"),
    "personalisation": say("content that fits"),
}
PREFERENCES = {
    "channel": say("the way we turn to them"),
    "subject": say("what we write about"),
    "frequency": say("how often"),
    "quiet_hours": say("when we are quiet"),
    "language": say("the language"),
    "pause": say("a pause until"),
}
CHOSEN = {
    "daily": say("daily"),
    "weekly": say("every week"),
    "monthly": say("every month"),
    "never": say("never"),
    "as_usual": say("as usual"),
    "on": say("yes"),
    "off": say("no"),
    "none": say("none"),
    "no_offers": say("no offers"),
    "sv": say("Swedish"),
    "en": say("English"),
}
# Where reviews stand; other places are said by their names.
PLACES = {"shop": say("our own pages")}
# Fields of forms, and tools, that most shops have.
FIELDS = {
    "name": say("the name"),
    "first_name": say("the first name"),
    "last_name": say("the last name"),
    "email": say("the e-mail address"),
    "recipient_email": say("the e-mail address of the one who gets it"),
    "phone": say("the telephone number"),
    "address": say("the address"),
    "street": say("the street"),
    "postal_code": say("the postal code"),
    "city": say("the town"),
    "card_number": say("the card number"),
    "company": say("the company"),
    "delivery_way": say("the way of delivery"),
    "password": say("the password"),
    "personal_number": say("the personal identity number"),
    "message": say("the message"),
}
TOOLS = {"tablet": say("the tablet"), "wall": say("the screen on the wall"), "screen": say("the screen"), "till": say("the till"), "desk": say("the desk")}


def mood(code: str) -> str:
    """What sort of thing has happened in a customer's life."""
    return name_in(MOODS, code or "neither")


def life_event(code: str) -> str:
    return name_in(LIFE_EVENTS, code)


def purpose(code: str) -> str:
    return name_in(PURPOSES, code)


def preference(code: str) -> str:
    return name_in(PREFERENCES, code)


def chosen(code: str) -> str:
    """What was chosen: a common word, a channel, or as the shop names it."""
    return name_in(CHOSEN | CHANNELS, code) if code in CHOSEN or code in CHANNELS else code


def review_place(code: str) -> str:
    """Where somebody has said in public what they think."""
    return name_in(PLACES, code)


def field(code: str) -> str:
    """A field of a form."""
    return name_in(FIELDS, code)


def tool(code: str) -> str:
    """A tool, screen or sign."""
    return name_in(TOOLS, code)
