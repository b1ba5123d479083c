"""What the message check looks for. Errors keep a message from being used; advice is for whoever writes it."""

from __future__ import annotations

from msgspec import Struct

from omtanke.messages.findings import ADVICE, ERROR
from omtanke.messages.tone.rules import KINDS


class Rule(Struct, frozen=True):
    """`severity` of most of its findings, and what it asks."""

    severity: str
    meaning: str


SUBJECT_ADVICE, SUBJECT_MOST = 60, 100
PREHEADER_MOST = 140
MAIL_ADVICE, MAIL_MOST = 80_000, 102_000
SEGMENTS_ADVICE, SEGMENTS_MOST = 2, 6
LONGEST_SENTENCE = 28

RULES: dict[str, Rule] = {
    "files": Rule(ERROR, "the folder holds what a message is made of, and nothing else"),
    "template": Rule(ERROR, "the template uses only what a message may use"),
    "name": Rule(ERROR, "names and fields are those of the context"),
    "mjml": Rule(ERROR, "the mail is well-formed, and made of elements that mail clients show"),
    "render": Rule(ERROR, "the message can be made also when little is known"),
    "untracked-date": Rule(ERROR, "a day, a time or a deadline comes from a promise or an unexpired quote"),
    "ended": Rule(ERROR, "a promise that has ended and a quote that has expired are not said"),
    "greets": Rule(ERROR, "it greets first"),
    "names": Rule(ERROR, "it names the customer where the name is known"),
    "next": Rule(ERROR, "it says what happens next and when, by a promise or quote; `ends = true` says that nothing more is owed"),
    "action": Rule(ERROR, "one button at most"),
    "signs": Rule(ERROR, "it says who writes; a temporary colleague says so"),
    "unsubscribe": Rule(ERROR, "what wants something of the customer can be stopped in one click"),
    "language": Rule(ERROR, "it is in the language that it says"),
    "link": Rule(ERROR, "links go over https, and say where they lead"),
    "alt": Rule(ERROR, "a picture has words for those who do not see it"),
    "size": Rule(ERROR, f"a mail has less than {MAIL_MOST // 1000} kB, so that no client cuts it; a template less than 64 KB"),
    "subject": Rule(ADVICE, f"a subject has {SUBJECT_ADVICE} characters or fewer; more than {SUBJECT_MOST} is an error"),
    "preheader": Rule(ADVICE, f"there is a preheader, of {PREHEADER_MOST} characters or fewer, that says more than the subject"),
    "segments": Rule(ADVICE, f"a text message has {SEGMENTS_ADVICE} segments or fewer; more than {SEGMENTS_MOST} is an error"),
    "readability": Rule(ADVICE, "a text of 30 words or more is easy to read: LIX 40 or less, ARI 8 or less"),
    "long-sentence": Rule(ADVICE, f"a sentence has {LONGEST_SENTENCE} words or fewer"),
    "shouts": Rule(ADVICE, "it does not shout"),
    **{kind: Rule(ERROR if kind in ("blame", "no-reply") else ADVICE, meaning) for kind, meaning in KINDS.items()},
}
