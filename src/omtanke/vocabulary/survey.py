"""Surveys: one question, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Struct

from omtanke.vocabulary.fact import Decided, Observed
from omtanke.vocabulary.fields import Reading, code, items, own, reference, take, whole
from omtanke.vocabulary.refusal import Refused

SCALES = {
    "1-5": "stars, 5 is best",
    "0-10": "likely to recommend, 10 is best",
    "1-7": "made it easy, 7 is best",
    "1-3": "faces, 3 is best",
    "0-1": "yes or no, 1 is best",
}
BOUNDS = {scale: (int(scale.split("-")[0]), int(scale.split("-")[1])) for scale in SCALES}
ABOUT = {
    "delivery": "goods that have reached the customer",
    "store_visit": "a visit to a store",
    "case": "our help with something",
    "return": "something sent back",
    "order": "a purchase as a whole",
    "product": "a product",
}
NOT_GIVEN = -1
SURVEY = reference("survey", "survey_id", what="the survey", required=True)
ORDER = reference("order", "order_id", what="the order it is about")
CASE = reference("case", "case_id", what="the case it is about")
STORE = reference("store", "store_id", what="the store it is about")
SCALE = code("scale", what="the scale", one_of=SCALES)
SUBJECT = code("about", what="what it is about", one_of=ABOUT)
QUESTION = code("question", what="a code for the question")


class Answered(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One of several questions answered in the same survey."""

    question: Annotated[str, code("question", what="a code for the question", required=True)]
    touchpoint: Annotated[str, code("touchpoint", what="the touchpoint it is about")] = ""
    scale: Annotated[str, SCALE] = "1-5"
    score: Annotated[int, whole("score", what="the answer on the scale", required=True, most=10)]


def read_answered(item: Mapping[str, Any], path: str, reading: Reading) -> Answered:
    rest = dict(item)
    values = take(Answered, rest, path, reading)
    answered = Answered(**values)
    require_on_scale(answered.score, answered.scale, path)
    reading.keep(path, rest)
    return answered


def require_on_scale(score: int, scale: str, path: str) -> None:
    """Raises Refused when the score does not lie on the scale."""
    least, most = BOUNDS[scale]
    if not least <= score <= most:
        raise Refused(f"{path}.score", score, f"does not lie on the scale {scale}")


class SurveySent(Observed, frozen=True, kw_only=True):
    """A question has gone to the customer."""

    name = "Survey Sent"

    survey: Annotated[int, SURVEY]
    order: Annotated[int, ORDER] = 0
    case: Annotated[int, CASE] = 0
    store: Annotated[int, STORE] = 0
    about: Annotated[str, SUBJECT] = ""
    question: Annotated[str, QUESTION] = ""
    scale: Annotated[str, SCALE] = ""


class SurveyAnswered(Observed, frozen=True, kw_only=True):
    """The customer has answered: one question, or several in `answers`. A score of -1 was not given.

    `asked` is our own number of the survey, when we asked. Answered again, the later answer counts.
    """

    name = "Survey Answered"
    personal = {"comment": "in their own words", "comment_title": "its heading"}

    survey: Annotated[int, SURVEY]
    asked: Annotated[int, own("asked", what="our own number of the survey")] = 0
    order: Annotated[int, ORDER] = 0
    case: Annotated[int, CASE] = 0
    store: Annotated[int, STORE] = 0
    about: Annotated[str, SUBJECT] = ""
    question: Annotated[str, QUESTION] = ""
    scale: Annotated[str, SCALE] = "1-5"
    score: Annotated[int, whole("score", what="the answer on the scale", most=10)] = NOT_GIVEN
    answers: Annotated[tuple[Answered, ...], items(read_answered, "answers", what="what was answered to several questions", form="answers")] = ()

    def require_sense(self) -> None:
        """Raises Refused when nothing was answered, or the score does not lie on its scale."""
        if self.score == NOT_GIVEN and not self.answers:
            raise Refused("properties.score", None, "is missing: the answer on the scale, or a list of answers")
        if self.score != NOT_GIVEN:
            require_on_scale(self.score, self.scale, "properties")


class SurveyCommented(Observed, frozen=True, kw_only=True):
    """The customer has added words to an answer."""

    name = "Survey Commented"
    personal = {"comment": "in their own words"}

    survey: Annotated[int, SURVEY]
    asked: Annotated[int, own("asked", what="our own number of the survey")] = 0


class SurveyAsked(Decided, frozen=True, kw_only=True):
    """The moment to ask one question has come. It leaves with a link that is answered by one click."""

    survey: int
    about: str
    question: str
    scale: str
    order: int = 0
    case: int = 0
    store: int = 0
    expires_at: int


class SurveyWithheld(Decided, frozen=True, kw_only=True):
    """There was something to ask about, and we did not; the reason says why. `survey` is the number it would have had."""

    survey: int
    about: str
    order: int = 0
    case: int = 0
    store: int = 0
