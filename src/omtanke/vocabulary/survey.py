"""Surveys: one question, and what was answered."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.fields import code, reference, whole

SCALES = {
    "1-5": "stars, 5 is best",
    "0-10": "likely to recommend, 10 is best",
    "1-7": "made it easy, 7 is best",
    "1-3": "faces, 3 is best",
}
SURVEY = reference("survey", "survey_id", what="the survey", required=True)
ORDER = reference("order", "order_id", what="the order it is about")
CASE = reference("case", "case_id", what="the case it is about")
SCALE = code("scale", what="the scale", one_of=SCALES)


class SurveySent(Observed, frozen=True, kw_only=True):
    """A question has gone to the customer."""

    name = "Survey Sent"

    survey: Annotated[int, SURVEY]
    order: Annotated[int, ORDER] = 0
    case: Annotated[int, CASE] = 0
    question: Annotated[str, code("question", what="a code for the question")] = ""
    scale: Annotated[str, SCALE] = ""


class SurveyAnswered(Observed, frozen=True, kw_only=True):
    """The customer has answered."""

    name = "Survey Answered"
    personal = {"comment": "in their own words", "comment_title": "its heading"}

    survey: Annotated[int, SURVEY]
    order: Annotated[int, ORDER] = 0
    case: Annotated[int, CASE] = 0
    question: Annotated[str, code("question", what="a code for the question")] = ""
    scale: Annotated[str, SCALE] = "1-5"
    score: Annotated[int, whole("score", what="the answer on the scale", required=True, most=10)]
