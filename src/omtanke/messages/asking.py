"""What is asked in a mail, in the words of the page on which it is answered (`omtanke.web.survey.words`; a test holds them together)."""

from __future__ import annotations

from omtanke.messages.context import Link, Score, Survey
from omtanke.vocabulary.survey import BOUNDS

RECOMMENDATION, EFFORT = "recommendation", "effort"
RECOMMENDED = {"sv": "Hur troligt är det att du rekommenderar {shop} till en vän?", "en": "How likely are you to recommend {shop} to a friend?"}
MADE_EASY = {
    "sv": {
        "case": "Vi gjorde det lätt för dig att få hjälp. Håller du med?",
        "return": "Vi gjorde det lätt för dig att lämna tillbaka. Håller du med?",
        "": "Vi gjorde det lätt för dig. Håller du med?",
    },
    "en": {
        "case": "We made it easy for you to get help. Do you agree?",
        "return": "We made it easy for you to send it back. Do you agree?",
        "": "We made it easy for you. Do you agree?",
    },
}
LIKED = {
    "sv": {
        "delivery": "Vad tyckte du om leveransen?",
        "store_visit": "Vad tyckte du om ditt besök i butiken?",
        "case": "Vad tyckte du om vår hjälp?",
        "return": "Hur var det att lämna tillbaka?",
        "": "Hur var det?",
    },
    "en": {
        "delivery": "How did you like the delivery?",
        "store_visit": "How did you like your visit to the store?",
        "case": "How did you like our help?",
        "return": "How did you like sending it back?",
        "": "How was it?",
    },
}
# What the lowest and the highest answer mean; of every other question the last.
ENDS = {
    "sv": {RECOMMENDATION: ("inte alls", "mycket troligt"), EFFORT: ("inte alls", "helt och hållet"), "": ("dåligt", "mycket bra")},
    "en": {RECOMMENDATION: ("not at all", "very likely"), EFFORT: ("not at all", "completely"), "": ("poor", "very good")},
}


def asking(question: str, about: str, shop: str, language: str) -> str:
    """The question in words. `language`: sv or en."""
    if question == RECOMMENDATION:
        return RECOMMENDED[language].format(shop=shop)
    words = MADE_EASY[language] if question == EFFORT else LIKED[language]
    return words.get(about, words[""])


def ends_of(question: str, language: str) -> tuple[str, str]:
    return ENDS[language].get(question, ENDS[language][""])


def survey_of(question: str, about: str, scale: str, shop: str, language: str, page: str) -> Survey:
    """The question with a link for each answer; `page` is the address where it is answered. Raises Refused for one that is no https address."""
    least, most = BOUNDS[scale]
    lowest, highest = ends_of(question, language)
    scores = tuple(Score(value=score, link=Link(f"{page}?score={score}")) for score in range(least, most + 1))
    return Survey(question=asking(question, about, shop, language), lowest=lowest, highest=highest, scores=scores, link=Link(page))
