"""Service: questions, call backs, wrong goods put right. Each with a promise of its own.

Of those whose parcel is late 55 % ask where it is, unless it comes before they get to it; 3 % of the others ask
something all the same, and 1.2 % of the visits are a question. The reply is promised within one working day, in the chat
within the hour; 95 % are in time. One case in six is a call back, promised before an hour of the same day,
94 % made in time, 2 % never. Wrong goods come in 1.1 % of the parcels: the right ones are promised two to
three working days later, kept in 88 %. Somebody whose case is over is asked how it was.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from omtanke.simulate.days import DAY, HOUR, MINUTE, WEEKDAYS, at, day_of, days_in_words, local, within, working_day, written
from omtanke.simulate.life import Life, Place, ask, evening_of
from omtanke.simulate.parcels import Parcel
from omtanke.simulate.returns import perhaps_return

ASKS_WHEN_LATE, ASKS_ANYWAY, WRONG_GOODS = 0.55, 0.03, 0.011
IN_TIME, BY_PHONE, NEVER_CALLED, PUT_RIGHT_IN_TIME = 0.95, 0.17, 0.02, 0.88
OPENS, CLOSES = 8, 18
WAYS: tuple[Place, ...] = (("mail", "service/mail"), ("chat", "service/chat"), ("phone", "service/phone"))
QUESTIONS = {
    "where_is_it": ("Hej! Var är mitt paket?", "Det skulle ha kommit i går. Vad händer?", "Spårningen rör sig inte. Kan ni kolla?"),
    "size": ("Är skorna små i storleken?", "Jag ligger mellan M och L i jackan, vad brukar ni råda?"),
    "product": ("Går sovsäcken att tvätta i maskin?", "Har ni bindningar till skidorna också?", "Passar dubbdäcken på en 45 mm fälg?"),
    "change": ("Kan jag ändra leveransadressen?", "Kan ni byta till utlämning i butik?"),
    "wrong_item": ("Jag fick fel färg.", "Det låg fel storlek i paketet.", "Det kom en hjälm i stället för ett par skor."),
    "broken_item": ("Dragkedjan gick sönder första gången.", "Pumpen läcker."),
}
ANSWERS = (
    "Hej! Tack för att du skrev. Nu är det ordnat.",
    "Hej! Jag har pratat med transportören, paketet är på väg till dig.",
    "Hej! De flesta tar sin vanliga storlek, och vill du byta är det fritt i alla våra butiker.",
    "Hej! Det här är vårt fel och vi ordnar det.",
)


def after_delivery(life: Life, order: str, last: Parcel, until: int) -> None:
    """Late: perhaps a question. Come: perhaps the wrong thing, perhaps sent back."""
    rng = life.rng
    asked = in_daytime(until + rng.randrange(2, 30) * HOUR)
    if asked < last.arrives_at:
        if rng.random() < ASKS_WHEN_LATE:
            question(life, asked, "where_is_it", order)
    elif rng.random() < ASKS_ANYWAY:
        question(life, in_daytime(max(last.packed_at + HOUR, last.arrives_at - rng.randrange(10, 40) * HOUR)), rng.choice(("where_is_it", "change")), order)
    if rng.random() < WRONG_GOODS:
        wrong_goods(life, order, last)
        return
    perhaps_return(life, order, last)


def in_daytime(moment: int) -> int:
    """The same moment, or 8.30 when people are awake again."""
    when = local(moment)
    return moment if 8 <= when.hour < 21 else at(when.date(), 8, 30) + (DAY if when.hour >= 21 else 0)


def asked_at_random(life: Life, moment: int) -> None:
    """A question that no order is behind."""
    life.become_known(moment - MINUTE, WAYS[0])
    question(life, in_daytime(moment), life.rng.choice(("size", "product", "broken_item")), "")


def question(life: Life, moment: int, topic: str, order: str) -> None:
    """A case with a promise to reply, or a promise to call."""
    if life.rng.random() < BY_PHONE:
        call_back(life, moment, topic, order)
    else:
        written_case(life, moment, topic, order)


def reply_promise(life: Life, case: str, moment: int, way: Place) -> dict[str, Any]:
    """Within the hour in the chat when service is open, else by 18 the next working day."""
    when = local(moment)
    open_now = when.weekday() < 5 and OPENS <= when.hour < CLOSES - 1
    if way[0] == "chat" and open_now:
        until, words = moment + HOUR, "Vi svarar inom en timme"
    else:
        day = working_day(when.date(), 1)
        until, words = at(day, CLOSES), f"Vi svarar senast {WEEKDAYS[day.weekday()]} kl. 18"
    return {
        "promise_id": f"svar-{case}",
        "kind": "reply",
        "case_id": case,
        "words": words,
        "place": way[1],
        "until": written(until),
        "owner": "service",
        "_until": until,
    }


def written_case(life: Life, moment: int, topic: str, order: str) -> None:
    """Opened, answered in time or not, over."""
    rng, story, case = life.rng, life.story, life.number("arende")
    way = rng.choice(WAYS[:2])
    promise = reply_promise(life, case, moment, way)
    until = promise.pop("_until")
    about = {"case_id": case, **({"order_id": order} if order else {})}
    story.tell(moment, "Case Opened", {**about, "topic": topic, "text": rng.choice(QUESTIONS[topic]), "promises": [promise]}, way, life.who)
    kept = rng.random() < IN_TIME
    answered = moment + int((until - moment) * (0.1 + 0.85 * rng.random())) if kept else until + rng.randrange(1, 40) * HOUR
    if not kept and rng.random() < 0.4:
        story.tell(until + 20 * MINUTE, "Case Message Received", {**about, "text": "Hallå? Jag har inte fått något svar."}, way, life.who)
    story.tell(answered, "Case Message Sent", {**about, "text": rng.choice(ANSWERS)}, way, life.who)
    over = answered + rng.randrange(20, 600) * MINUTE
    story.tell(over, "Case Resolved", {"case_id": case, "outcome": "answered"}, way, life.who)
    ask(life, over + HOUR, "case", way, {moment: "answered" if kept else "unanswered"}, case=case)


def call_back(life: Life, moment: int, topic: str, order: str) -> None:
    """The customer asks us to call, and we say before what hour."""
    rng, story, case = life.rng, life.story, life.number("arende")
    way = WAYS[2]
    before = hour_to_call(moment)
    clock = f"{WEEKDAYS[day_of(before).weekday()]} före kl. {local(before).hour}"
    promise = {
        "promise_id": f"ring-{case}",
        "kind": "call_back",
        "case_id": case,
        "words": f"Vi ringer dig {clock}",
        "place": "telefon",
        "until": written(before),
        "owner": "service",
    }
    about = {"case_id": case, **({"order_id": order} if order else {})}
    story.tell(moment, "Case Opened", {**about, "topic": topic}, way, life.who)
    story.tell(moment + MINUTE, "Callback Requested", {"case_id": case, "phone": life.who.phone, "promises": [promise]}, way, life.who)
    dice = rng.random()
    if dice < NEVER_CALLED:
        ask(life, before + 20 * HOUR, "case", way, {moment: "unanswered"}, case=case)
        return
    kept = dice >= 1 - 0.94 + NEVER_CALLED
    called = moment + int((before - moment) * (0.15 + 0.8 * rng.random())) if kept else before + rng.randrange(20, 300) * MINUTE
    story.tell(called, "Callback Made", {"case_id": case, "phone": life.who.phone}, way, life.who)
    story.tell(called + 25 * MINUTE, "Case Resolved", {"case_id": case, "outcome": "called"}, way, life.who)
    ask(life, called + 2 * HOUR, "case", way, {moment: "answered" if kept else "unanswered"}, case=case)


def hour_to_call(moment: int) -> int:
    """Two to three hours on at a full hour; by 10 the next working day when that is after 17."""
    when = local(moment)
    if when.weekday() >= 5 or when.hour >= CLOSES - 4:
        return at(working_day(when.date(), 1), 10)
    return at(when.date(), max(when.hour, OPENS) + 3)


def wrong_goods(life: Life, order: str, last: Parcel) -> None:
    """Fel vara: we say when the right one comes, and send it the same day."""
    rng, story, case = life.rng, life.story, life.number("arende")
    moment = in_daytime(last.arrives_at + rng.randrange(1, 40) * HOUR)
    way = rng.choice(WAYS)
    until = working_day(day_of(moment), 3)
    kept = rng.random() < PUT_RIGHT_IN_TIME
    come = working_day(until, -rng.randrange(0, 2) if kept else rng.randrange(1, 5))
    put_right(life, order, case, moment, until, str(last.lines[0]["line_id"]), way)
    done = within(rng, come, 10, 18)
    story.tell(
        done,
        "Repair Completed",
        {"case_id": case, "order_id": order, "line_id": last.lines[0]["line_id"], "text": "Rätt vara lämnad, fel vara hämtad."},
        WAYS[0],
        life.who,
    )
    story.tell(done + 3 * HOUR, "Case Resolved", {"case_id": case, "outcome": "put_right"}, WAYS[0], life.who)
    ask(life, done + DAY, "case", WAYS[0], {moment: "put_right" if kept else "put_right_late"}, case=case)
    if not kept:
        life.hurt_at = evening_of(until)


def put_right(life: Life, order: str, case: str, moment: int, until: date, line: str, way: Place, text: str = "") -> None:
    """A case about the wrong thing, with the promise of the right one."""
    words = f"Rätt vara hos dig senast {days_in_words(day_of(moment), until, until)}, och vi hämtar den andra"
    promise = {"promise_id": f"ratt-{case}", "kind": "repair", "case_id": case, "words": words, "place": way[1], "until": until.isoformat(), "owner": "service"}
    said = {
        "case_id": case,
        "order_id": order,
        "line_id": line,
        "topic": "wrong_item",
        "text": text or life.rng.choice(QUESTIONS["wrong_item"]),
        "promises": [promise],
    }
    life.story.tell(moment, "Case Opened", said, way, life.who)
    life.story.tell(moment + 12 * MINUTE, "Case Message Sent", {"case_id": case, "order_id": order, "text": words}, way, life.who)
