"""Service: questions, call backs, wrong and damaged goods put right. Each with a promise of its own.

The reply is promised within one working day, in the chat within the hour; 95 % are in time. One case in six is a call
back, promised before an hour of the same day, 94 % made in time, 2 % not before somebody reminds us. The right goods
are promised three working days on, kept in 88 %. With less pace in service more are late, in proportion.
A promise that we broke is mended in part by a new date that holds, a word from us, a remedy.
"""

from __future__ import annotations

from random import Random
from typing import Any

from omtanke.simulate import asking
from omtanke.simulate.customer import Customer
from omtanke.simulate.days import HOUR, MINUTE, WEEKDAYS, at, day_of, days_in_words, evening_of, local, within, working_day, written
from omtanke.simulate.outcomes import settle_case
from omtanke.simulate.truth import Help
from omtanke.simulate.work import Case
from omtanke.simulate.world import World

LATE, CALL_LATE, NEVER_CALLED, PUT_RIGHT_LATE = 0.05, 0.04, 0.02, 0.12
BY_PHONE, NUDGES = 0.17, 0.4
OPENS, CLOSES = 8, 18
KEEPS_NEW_DATE, CALLS_WITHIN = 0.93, 8 * MINUTE
Way = tuple[str, str]
WAYS: tuple[Way, ...] = (("mail", "service/mail"), ("chat", "service/chat"), ("phone", "service/phone"))
QUESTIONS = {
    "where_is_it": ("Hej! Var är mitt paket?", "Det skulle ha kommit i går. Vad händer?", "Spårningen rör sig inte. Kan ni kolla?"),
    "size": ("Är skorna små i storleken?", "Jag ligger mellan M och L i jackan, vad brukar ni råda?"),
    "product": ("Går sovsäcken att tvätta i maskin?", "Har ni bindningar till skidorna också?", "Passar dubbdäcken på en 45 mm fälg?"),
    "change": ("Kan jag ändra leveransadressen?", "Kan ni byta till utlämning i butik?"),
    "wrong_item": ("Jag fick fel färg.", "Det låg fel storlek i paketet.", "Det kom en hjälm i stället för ett par skor."),
    "damaged_item": ("Kartongen var krossad och lampan sprucken.", "Det är ett hål i jackan."),
    "broken_item": ("Dragkedjan gick sönder första gången.", "Pumpen läcker."),
    "bereavement": ("Vår hund har gått bort. Skicka inte fler påminnelser om foder, tack.",),
}
ANSWERS = (
    "Hej! Tack för att du skrev. Nu är det ordnat.",
    "Hej! Jag har pratat med transportören, paketet är på väg till dig.",
    "Hej! De flesta tar sin vanliga storlek, och vill du byta är det fritt i alla våra butiker.",
    "Hej! Det här är vårt fel och vi ordnar det.",
)


def ask_later(world: World, now: int, customer: Customer, topic: str, order: str) -> None:
    """A question is planned."""
    world.plan(now, question, customer, topic, order)


def question(world: World, now: int, customer: Customer, topic: str, order: str) -> None:
    """A case with a promise to reply, or a promise to call."""
    case_id = customer.next_number("arende")
    rng = world.dice("case", customer.number, customer.count)
    if rng.random() < BY_PHONE:
        call_back(world, now, customer, rng, case_id, topic, order)
    else:
        written_case(world, now, customer, rng, case_id, topic, order)


def open_case(
    world: World, now: int, customer: Customer, rng: Random, case_id: str, topic: str, order: str, kind: str, way: Way, until_at: int, late_chance: float
) -> tuple[Case, bool]:
    """The case, how its customer will feel, and whether we will be late."""
    truth = Help("return" if kind == "refund" else "case", customer.user_id, case_id, order, topic, now, until_at)
    case = Case(case_id, customer, order, topic, kind, way, until_at, truth)
    case.dice = rng.random()
    case.table = {"repair": "put_right", "refund": "refunded"}.get(kind, "answered")
    case.late_by = {"repair": world.effects.put_right_late, "refund": world.effects.refund_late}.get(kind, world.effects.case_late)
    world.cases[case_id] = case
    world.truth.help.append(truth)
    pace = max(world.pace("service", now), 0.05)
    is_late = rng.random() < min(0.95, late_chance / pace)
    return case, is_late


def written_case(world: World, now: int, customer: Customer, rng: Random, case_id: str, topic: str, order: str) -> None:
    """Opened, answered in time or not, over."""
    way = rng.choice(WAYS[:2])
    until, words = reply_by(now, way)
    case, is_late = open_case(world, now, customer, rng, case_id, topic, order, "reply", way, until, LATE)
    promise = {
        "promise_id": f"svar-{case_id}",
        "kind": "reply",
        "case_id": case_id,
        "words": words,
        "place": way[1],
        "until": written(until),
        "owner": "service",
    }
    text = rng.choice(QUESTIONS[topic])
    if way[0] == "chat":
        world.tell(now, "Live Chat Conversation Started", {"conversation_id": case_id}, way, customer)
    said = {**about(case), "topic": topic, "text": text, "promises": [promise]}
    world.tell(now, "Case Opened", said, way, customer)
    if way[0] == "chat":
        world.tell(now + 20, "Live Chat Message Received", {"conversation_id": case_id, "message_body": "Är det någon där?"}, way, customer)
    answers = until + rng.randrange(1, 40) * HOUR if is_late else now + max(60, int((until - now) * (0.1 + 0.85 * rng.random())))
    if is_late and rng.random() < NUDGES:
        world.plan(until + 20 * MINUTE, nudge, case)
    plan_answer(world, case, answers)


def reply_by(now: int, way: Way) -> tuple[int, str]:
    """Within the hour in the chat when service is open, else by 18 the next working day."""
    when = local(now)
    if way[0] == "chat" and when.weekday() < 5 and OPENS <= when.hour < CLOSES - 1:
        return now + HOUR, "Vi svarar inom en timme"
    day = working_day(when.date(), 1)
    return at(day, CLOSES), f"Vi svarar senast {WEEKDAYS[day.weekday()]} kl. 18"


def about(case: Case) -> dict[str, Any]:
    return {"case_id": case.case_id, **({"order_id": case.order_id} if case.order_id else {})}


def nudge(world: World, now: int, case: Case) -> None:
    """Nobody has answered, and the customer says so."""
    if not case.answered_at and not case.told_at:
        world.tell(now, "Case Message Received", {**about(case), "text": "Hallå? Jag har inte fått något svar."}, case.way, case.customer)


def call_back(world: World, now: int, customer: Customer, rng: Random, case_id: str, topic: str, order: str) -> None:
    """The customer asks us to call, and we say before what hour."""
    before = hour_to_call(now)
    case, is_late = open_case(world, now, customer, rng, case_id, topic, order, "call_back", WAYS[2], before, CALL_LATE + NEVER_CALLED)
    tell_call_back(world, now, case, f"Vi ringer dig {WEEKDAYS[day_of(before).weekday()]} före kl. {local(before).hour}")
    called = before + rng.randrange(20, 300) * MINUTE if is_late else now + max(90, int((before - now) * (0.15 + 0.8 * rng.random())))
    if is_late and rng.random() < NEVER_CALLED / (CALL_LATE + NEVER_CALLED):
        world.plan(before + 20 * HOUR, never_called, case)
        return
    plan_answer(world, case, called)


def tell_call_back(world: World, now: int, case: Case, words: str, text: str = "") -> None:
    """Opened on the phone, with the promise to call."""
    promise = {"promise_id": f"ring-{case.case_id}", "kind": "call_back", "case_id": case.case_id, "words": words, "place": "telefon"}
    promise |= {"until": written(case.until_at), "owner": "service"}
    world.tell(now, "Case Opened", {**about(case), "topic": case.topic, **({"text": text} if text else {})}, case.way, case.customer)
    said = {"case_id": case.case_id, "phone": case.customer.person.phone, "promises": [promise]}
    world.tell(now + MINUTE, "Callback Requested", said, case.way, case.customer)


def hour_to_call(now: int) -> int:
    """Two to three hours on at a full hour; by 10 the next working day when that is after 17."""
    when = local(now)
    if when.weekday() >= 5 or when.hour >= CLOSES - 4:
        return at(working_day(when.date(), 1), 10)
    return at(when.date(), max(when.hour, OPENS) + 3)


def never_called(world: World, now: int, case: Case) -> None:
    """Nobody has thought of it; the customer will not wait for ever."""
    if not case.answered_at and case.answers_at == 0:
        settle_case(world, case, now)
        asking.plan_survey(world, "case", case.customer, now, case.case_id)


def plan_answer(world: World, case: Case, answers_at: int) -> None:
    """We will answer then, unless something changes it before."""
    case.answers_at = answers_at
    world.plan(answers_at, do_answer, case, answers_at)


def do_answer(world: World, now: int, case: Case, planned: int) -> None:
    """What was promised is done."""
    if case.answers_at != planned or case.answered_at:
        return
    case.answered_at = now
    world.keep_for_a_while(now, world.cases, case.case_id)
    world.note_load("finance" if case.kind == "refund" else "service", now > case.until_at)
    settle_case(world, case, now)
    rng = world.dice("answer_case", case.customer.number, asking.hash_of(case.case_id))
    over = now + (2 * MINUTE if case.is_scripted else rng.randrange(20, 600) * MINUTE)
    match case.kind:
        case "reply":
            words = rng.choice(ANSWERS)
            if case.topic == "change" and case.order_id:
                world.tell(now, "Order Updated", {"order_id": case.order_id}, ("none", "orders"), case.customer)
            if case.way[0] != "chat":
                world.tell(now, "Case Message Sent", {**about(case), "text": words}, case.way, case.customer)
            else:
                world.tell(
                    now, "Live Chat Message Sent", {"conversation_id": case.case_id, "message_body": words, "agent_name": "Sara"}, case.way, case.customer
                )
                world.tell(over, "Live Chat Conversation Ended", {"conversation_id": case.case_id}, case.way, case.customer)
            world.plan(over, close, case, "answered")
        case "call_back":
            world.tell(now, "Callback Made", {"case_id": case.case_id, "phone": case.customer.person.phone}, case.way, case.customer)
            world.plan(over, close, case, "called")
        case "repair":
            done = {**about(case), "line_id": "1", "text": "Rätt vara lämnad, fel vara hämtad."}
            world.tell(now, "Repair Completed", done, WAYS[0], case.customer)
            world.plan(now + 3 * HOUR, close, case, "put_right")
        case _:
            money = {"order_id": case.order_id, "amount": case.worth, "currency": "SEK"}
            world.tell(now, "Refund Issued", money, ("none", "finance"), case.customer)
            asking.plan_survey(world, "return", case.customer, now + rng.randrange(2, 20) * HOUR, case.case_id)


def close(world: World, now: int, case: Case, outcome: str) -> None:
    """The matter is over, as we see it."""
    case.is_over = True
    world.tell(now, "Case Resolved", {"case_id": case.case_id, "outcome": outcome}, case.way, case.customer)
    asking.plan_survey(world, "case", case.customer, now + HOUR, case.case_id)


def wrong_goods(world: World, now: int, customer: Customer, order: str, line: str, topic: str) -> None:
    """The wrong thing, or a damaged one: we say when the right one comes, and send it the same day."""
    case_id = customer.next_number("arende")
    rng = world.dice("case", customer.number, customer.count)
    way, day = rng.choice(WAYS), working_day(day_of(now), 3)
    case, is_late = open_case(world, now, customer, rng, case_id, topic, order, "repair", way, evening_of(day), PUT_RIGHT_LATE)
    words = f"Rätt vara hos dig senast {days_in_words(day_of(now), day, day)}, och vi hämtar den andra"
    promise = {
        "promise_id": f"ratt-{case_id}",
        "kind": "repair",
        "case_id": case_id,
        "words": words,
        "place": way[1],
        "until": day.isoformat(),
        "owner": "service",
    }
    said = {**about(case), "line_id": line, "topic": topic, "text": rng.choice(QUESTIONS[topic]), "promises": [promise]}
    world.tell(now, "Case Opened", said, way, customer)
    world.tell(now + 12 * MINUTE, "Case Message Sent", {**about(case), "text": words}, way, customer)
    come = working_day(day, rng.randrange(1, 5) if is_late else -rng.randrange(0, 2))
    plan_answer(world, case, max(now + HOUR, within(rng, come, 10, 18)))


def new_date(world: World, now: int, case: Case, until_at: int) -> None:
    """A new date has been agreed: what was promised is mostly done by then."""
    case.told_at = case.heard_at = now
    case.new_until = until_at
    if case.answered_at:
        return
    rng = world.dice("touch", case.customer.number, asking.hash_of(case.case_id))
    if case.is_scripted or rng.random() < KEEPS_NEW_DATE:
        soonest = now + CALLS_WITHIN if case.kind in ("call_back", "reply") else now + HOUR
        plan_answer(world, case, max(now + MINUTE, min(soonest, until_at - MINUTE)))
    elif case.answers_at <= until_at:
        plan_answer(world, case, until_at + rng.randrange(1, 24) * HOUR)
