"""What a deed is about: a promise, a low answer, what a play gave somebody to do, what did not reach the customer, or a customer; with what has
to be known to act."""

from __future__ import annotations

from msgspec import Struct

from omtanke.storage.pages import Pages
from omtanke.storage.play_pages import PlayPages
from omtanke.storage.seen import FactSeen, PromiseSeen, TaskSeen
from omtanke.vocabulary.survey import SurveyAnswered, SurveyCommented
from omtanke.vocabulary.task import TaskAssigned
from omtanke.web.words.stated import Shown, shown_with


class About(Struct, frozen=True):
    """`number`: of the promise or task, 0 for a customer as such. `customer`: whose fact it becomes; `person`: whom they lead to today. `owner`: the unit.
    `entered`: how they came into the play that gave the task."""

    number: int
    customer: int
    person: int
    name: str = ""
    city: str = ""
    kind: str = ""
    owner: str = ""
    promise: PromiseSeen | None = None
    shown: Shown = Shown()
    task: TaskSeen | None = None
    answer: FactSeen | None = None
    comment: FactSeen | None = None
    entered: FactSeen | None = None

    @property
    def is_store(self) -> bool:
        """Whether it is a store's own ledger, and nobody's."""
        return self.promise is not None and self.promise.customer_kind == "subject"


def about_promise(pages: Pages, number: int) -> About | None:
    """A promise, with its task where there is one."""
    found = pages.promises([number])
    if not found:
        return None
    one = found[0]
    shown = shown_with(one, pages.stating([number]).get(number, ()))
    task = pages.tasks([number]).get(number)
    return About(number, one.customer, one.person, one.name, one.city, one.kind, one.owner, one, shown, task)


def about_task(pages: Pages, number: int) -> About | None:
    """A low answer that became a task, what a play gave somebody to do, or what did not reach the customer."""
    task = pages.tasks([number]).get(number)
    if task is None or task.about == "promise":
        return None
    (known,) = pages.known([task.person])
    if task.about == "message":
        return About(number, task.customer, task.person, known.name, known.city, "message", task.unit, task=task)
    if task.about == "play":
        entered = PlayPages(pages).entries_of_tasks([number]).get(number)
        return About(number, task.customer, task.person, known.name, known.city, "play", task.unit, task=task, entered=entered)
    answer, comment = answered_of(task, pages.answers_of_tasks([number]).get(number, []))
    return About(number, task.customer, task.person, known.name, known.city, "answer", task.unit, task=task, answer=answer, comment=comment)


def about_customer(pages: Pages, number: int) -> About | None:
    """A customer, by whatever number they were known."""
    leads = pages.person_of(number)
    if leads is None or leads[1] == "subject":
        return None
    (known,) = pages.known([leads[0]])
    return About(0, leads[0], leads[0], known.name, known.city)


def answered_of(task: TaskSeen, facts: list[FactSeen]) -> tuple[FactSeen | None, FactSeen | None]:
    """The answer that the task was assigned for, as it was last given, and the words added to it. `facts`: the latest first."""
    causes = {fact.cause for fact in facts if isinstance(fact.body, TaskAssigned) and fact.body.task == task.task}
    first = next((fact for fact in facts if fact.fact_id in causes and isinstance(fact.body, SurveyAnswered)), None)
    if first is None or not isinstance(first.body, SurveyAnswered):
        return None, None
    survey, asked = first.body.survey, first.body.asked
    same = [fact for fact in facts if isinstance(fact.body, SurveyAnswered | SurveyCommented) and (fact.body.survey, fact.body.asked) == (survey, asked)]
    last = next((fact for fact in same if isinstance(fact.body, SurveyAnswered) and fact.body.order == first.body.order), first)
    return last, next((fact for fact in same if isinstance(fact.body, SurveyCommented)), None)
