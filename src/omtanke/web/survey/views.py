"""The page of a survey: asked, answered by one click, a line of one's own words if one likes."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from msgspec import Struct

from omtanke.runtime.survey_links import asked_at
from omtanke.settings import read_settings
from omtanke.storage.database import FAILURES
from omtanke.vocabulary.survey import BOUNDS, SurveyAnswered, SurveyAsked, SurveyCommented
from omtanke.web.shop import Shop, shop
from omtanke.web.survey.leave import AGAIN, KEY, NO_MORE, new_key, put_wish, words_of
from omtanke.web.survey.words import asking, ends_of, steps_of

LONGEST_COMMENT = 4_000


class Asking(Struct, frozen=True):
    """A question that was asked of a customer."""

    customer: int
    locale: str
    survey: SurveyAsked

    @property
    def properties(self) -> dict[str, object]:
        """What every event about it says."""
        return {"survey_id": f"omtanke:{self.survey.survey}", "asked": self.survey.survey}


@dataclass(frozen=True)
class Step:
    """A possible answer. score: on the scale. label: for those who do not see its place. is_chosen: whether it is the one sent with the link."""

    score: int
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class SurveyPage:
    """A question to a customer.

    shop: what the shop is called. language: the customer's. state: asked, answered, commented, not_saved, over, no_more, again or unknown.
    question: in words. steps: the possible answers. is_long: there are more than seven. low, high: what the ends of the scale mean.
    score: the answer given, none before. comment: the words, kept when they could not be saved. comment_length: the most letters.
    wish: whether to be asked no more, or again; wish_words: as the button says it; key: makes the press count once.
    """

    shop: str
    language: str
    state: str
    question: str = ""
    steps: tuple[Step, ...] = ()
    is_long: bool = False
    low: str = ""
    high: str = ""
    score: int | None = None
    comment: str = ""
    comment_length: int = LONGEST_COMMENT
    wish: str = ""
    wish_words: str = ""
    key: str = ""


@csrf_exempt  # the link itself is what lets in; it signs nobody in
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """The question, or what became of it. Only a POST answers: programs that open links in mails answer nothing."""
    here = shop()
    found = asking_of(here, token)
    if found is None:
        return show(request, SurveyPage(shop=shop_name(here), language=translation.get_language(), state="unknown"), 404)
    with translation.override("sv" if found.locale.startswith("sv") else "en" if found.locale else translation.get_language()):
        if request.POST.get("wish") in (NO_MORE, AGAIN):
            return wished(request, here, found, request.POST["wish"], request.POST.get("key", ""))
        if here.clock.now() > found.survey.expires_at and state_of(request) not in (NO_MORE, AGAIN):
            return show(request, page_of(here, found, "over"), 410)
        if request.method == "POST":
            return answer(request, here, found)
        return show(request, page_of(here, found, state_of(request), score_of(found, request.GET.get("score", ""))))


def asking_of(here: Shop, token: str) -> Asking | None:
    """What the link asks; None when it was not made here, or its asking has been erased."""
    position = asked_at(here.keys, token)
    found = here.pages.facts_at([position]) if position else []
    if not found or not isinstance(found[0][1].body, SurveyAsked):
        return None
    person, fact = found[0]
    known = here.pages.known([person])
    return Asking(fact.customer, known[0].locale if known else "", fact.body)  # type: ignore[arg-type]


def state_of(request: HttpRequest) -> str:
    done = request.GET.get("done", "")
    return done if done in ("answered", "commented", NO_MORE, AGAIN) else "asked"


def score_of(found: Asking, written: str) -> int | None:
    """The score that was written, when it lies on the scale."""
    least, most = BOUNDS[found.survey.scale]
    return int(written) if written.isascii() and written.isdigit() and least <= int(written) <= most else None


def answer(request: HttpRequest, here: Shop, found: Asking) -> HttpResponse:
    """Make the answer or the comment durable; what could not be saved is said, and kept on the page."""
    score, comment = score_of(found, request.POST.get("score", "")), request.POST.get("comment", "").strip()
    if len(comment) > LONGEST_COMMENT or (score is None and not comment):
        return show(request, page_of(here, found, "asked", comment=comment), 400)
    try:
        done = put_comment(here, found, comment) if comment else put_score(here, found, score or 0)
    except (*FAILURES, OSError):
        return show(request, page_of(here, found, "not_saved", score, comment), 503)
    return redirect(f"{request.path}?done={done}" + (f"&score={score}" if score is not None else ""))


def wished(request: HttpRequest, here: Shop, found: Asking, wish: str, key: str) -> HttpResponse:
    """Also when the time for the question is over: leave is taken back as long as the link leads somewhere."""
    if not KEY.fullmatch(key):
        return show(request, page_of(here, found, "asked"), 400)
    try:
        put_wish(here, found.customer, found.survey.survey, wish, key)
    except (*FAILURES, OSError):
        return show(request, page_of(here, found, "not_saved"), 503)
    return redirect(f"{request.path}?done={wish}")


def put_score(here: Shop, found: Asking, score: int) -> str:
    asked = found.survey
    properties = found.properties | {"question": asked.question, "scale": asked.scale, "score": score, "about": asked.about}
    here.answers.put(SurveyAnswered, f"answer:{asked.survey}:{score}", found.customer, properties, channel="survey", touchpoint=asked.about)
    return "answered"


def put_comment(here: Shop, found: Asking, comment: str) -> str:
    """The same words twice are said once."""
    key = here.keys.subject_key("comment", f"{found.survey.survey}:{comment}").hex()
    properties = found.properties | {"comment": comment}
    here.answers.put(SurveyCommented, f"comment:{key}", found.customer, properties, channel="survey", touchpoint=found.survey.about)
    return "commented"


def page_of(here: Shop, found: Asking, state: str, score: int | None = None, comment: str = "") -> SurveyPage:
    asked = found.survey
    low, high = ends_of(asked.question)
    steps = steps_of(asked.question, BOUNDS[asked.scale])
    wish = AGAIN if state == NO_MORE else NO_MORE
    return SurveyPage(
        shop=shop_name(here),
        language=translation.get_language(),
        state=state,
        question=asking(asked.question, asked.about, shop_name(here)),
        steps=tuple(Step(number, label, number == score) for number, label in steps),
        is_long=len(steps) > 7,
        low=low,
        high=high,
        score=score,
        comment=comment,
        wish=wish,
        wish_words=words_of(wish),
        key=new_key(),
    )


def shop_name(here: Shop) -> str:
    return read_settings(here.data / "omtanke.toml").name


def show(request: HttpRequest, page: SurveyPage, status: int = 200) -> HttpResponse:
    response = render(request, "survey/survey.html", {"page": page, "title": _("How was it?")}, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
