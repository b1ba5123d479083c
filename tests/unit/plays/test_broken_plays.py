"""What is said of a play that is wrong: each fault with its line and what to write instead."""

from __future__ import annotations

import pytest

from omtanke.engine.finding import PlaybookFaults
from omtanke.engine.plays.reading import read_playbook
from omtanke.engine.plays.steps import Around

AROUND = Around(messages=dict.fromkeys(("hello", "order_confirmed", "survey_delivery"), ""), units=frozenset({"service", "store"}))
HEAD = 'class = "service"\nkey = "order"\n'
ENTRY = '[entry]\nfact = "order_completed"\n'
SAY = '[[step]]\nsay = "hello"\nchannels = ["mail"]\n'
PROMOTIONAL = 'class = "promotional"\nkey = "cart"\n[entry]\nfact = "cart_left"\n[[exit]]\nfact = "order_completed"\n'
SURVEY = 'class = "survey"\nkey = "order"\n[entry]\nfact = "shipment_delivered"\n'
WAITS = 'write "1 h", "until 08.00 local", "until cart_left of the same key or 2 days" or "2 days before the promise\'s end"'
KNOWN = "known are fact.cart, fact.touched_at, fact.pieces, fact.worth, fact.currency, person.region, person.country, person.locale, person.has_email"
KNOWN += ", person.has_phone, now"
SPANS = 'write "30 min", "1 h", "2 days" or "1 week"'
CLASSES = "service, transactional, promotional, survey"


def cart_when(condition: str) -> str:
    """A play whose entry, on line 5, has this condition."""
    return f"class = 'service'\nkey = 'cart'\n[entry]\nfact = 'cart_left'\nwhen = '''{condition}'''\n{SAY}"


def with_step(step: str) -> str:
    """A play whose one step begins on line 6."""
    return f"{HEAD}{ENTRY}[[step]]\n{step}\n"


def with_wait(wait: str) -> str:
    """A play whose first step waits, on line 6."""
    return f'{HEAD}{ENTRY}[[step]]\nwait = "{wait}"\n{SAY}'


BROKEN = {
    # The file
    "not TOML": ("class = \n", ["1: is not TOML: Invalid value"]),
    "ends too soon": (f'{HEAD}{ENTRY}when = """x', ["5: is not TOML: Unterminated string"]),
    "key twice": (f'{HEAD}class = "survey"\n', ["3: is not TOML: Cannot overwrite a value"]),
    "nested too deep": ("a = " + "[" * 5000 + "]" * 5000, ["1: is not TOML: it is nested too deep"]),
    "number of 5000 digits": (
        f"priority = {'1' * 5000}",
        ["1: is not TOML: a number has too many digits"],
    ),
    "too long": ("#" * 64_001, ["1: has 64001 characters; a play has at most 64000"]),
    "empty": (
        "",
        [
            f"1: class: is missing; write class = one of {CLASSES}",
            '1: entry.fact: is missing; write fact = "order_completed"',
            "1: key: is missing; write key = one of person, cart, order, case",
            '1: step: there is none; begin with [[step]] and say = "order_confirmed"',
        ],
    ),
    # The head
    "class misspelt": (
        f'class = "promo"\nkey = "order"\n{ENTRY}{SAY}',
        [f"1: class: 'promo' is not one of {CLASSES}"],
    ),
    "class is a number": (f'class = 7\nkey = "order"\n{ENTRY}{SAY}', [f"1: class: 7 is not one of {CLASSES}"]),
    "key unknown": (f'class = "service"\nkey = "basket"\n{ENTRY}{SAY}', ["2: key: 'basket' is not one of person, cart, order, case"]),
    "key that the entry has not": (
        f'class = "service"\nkey = "cart"\n[entry]\nfact = "order_shipped"\n{SAY}',
        ["2: key: 'cart' is not said by order_shipped; write one of person, order"],
    ),
    "unknown key": (
        f"{HEAD}prioritet = 7\n{ENTRY}{SAY}",
        ["3: prioritet: is not known here. Did you mean 'priority'?"],
    ),
    "unknown key that would write elsewhere on a terminal": (
        f'"{"k" * 90}" = 7\n"\\u001b[2J\\n" = 7\n{HEAD}{ENTRY}{SAY}',
        [
            f"1: {'k' * 80}…: is not known here; known are class, entry, key, step, again, exit, priority, holdout_percent, subject",
            "2: \\x1b[2J\\n: is not known here; known are class, entry, key, step, again, exit, priority, holdout_percent, subject",
        ],
    ),
    "name in the file": (f'name = "x"\n{HEAD}{ENTRY}{SAY}', ["1: name: 'x' need not be said: a play is called as its file; leave it out"]),
    "priority too high": (f"{HEAD}priority = 101\n{ENTRY}{SAY}", ["3: priority: 101 is not a whole number from 0 to 100; write priority = 50"]),
    "priority in words": (f'{HEAD}priority = "high"\n{ENTRY}{SAY}', ["3: priority: 'high' is not a whole number from 0 to 100; write priority = 50"]),
    "priority true": (f"{HEAD}priority = true\n{ENTRY}{SAY}", ["3: priority: true is not a whole number from 0 to 100; write priority = 50"]),
    "priority of 5000 hexadecimal digits": (
        f"{HEAD}priority = 0x{'f' * 5000}\n{ENTRY}{SAY}",
        ["3: priority: a int too long to be shown is not a whole number from 0 to 100; write priority = 50"],
    ),
    "holdout of everybody": (
        PROMOTIONAL.replace('key = "cart"', 'key = "cart"\nholdout_percent = 100') + SAY,
        ["3: holdout_percent: 100 is not a whole number from 0 to 90; write holdout_percent = 0"],
    ),
    "holdout of what we owe": (
        f"{HEAD}holdout_percent = 10\n{ENTRY}{SAY}",
        ["3: holdout_percent: 10 of a hundred would not be told what we owe them: a service play leaves nobody out; write 0 or leave it out"],
    ),
    "subject of what we owe": (
        f'{HEAD}subject = "cart"\n{ENTRY}{SAY}',
        ["3: subject: what we owe cannot be left out: a service play has no subject; leave it out"],
    ),
    "subject with capitals": (
        PROMOTIONAL.replace('key = "cart"', 'key = "cart"\nsubject = "My news"') + SAY,
        ["3: subject: 'My news' is not the name of a subject: small letters a to z, figures and _"],
    ),
    "again in other words": (
        f'{HEAD}again = "sometimes"\n{ENTRY}{SAY}',
        ['3: again: \'sometimes\' does not say whether one may enter again; write "never", "each time" or "after 30 days"'],
    ),
    "again after nothing": (f'{HEAD}again = "after a while"\n{ENTRY}{SAY}', [f"3: again: 'a while' is not a span; {SPANS}"]),
    "again a date": (f"{HEAD}again = 2026-11-21\n{ENTRY}{SAY}", ['3: again: 2026-11-21 is not text; write again = "never"']),
    # Entry
    "fact as senders write it": (
        f'{HEAD}[entry]\nfact = "Order Completed"\n{SAY}',
        ["4: entry.fact: 'Order Completed' is written 'order_completed' here, as in the log"],
    ),
    "fact misspelt": (
        f'{HEAD}[entry]\nfact = "order_complete"\n{SAY}',
        ["4: entry.fact: 'order_complete' is not a type of fact that a play can follow. Did you mean 'order_completed'?"],
    ),
    "fact of the store itself": (
        f'{HEAD}[entry]\nfact = "policy_activated"\n{SAY}',
        ["4: entry.fact: 'policy_activated' tells how the store runs, not what a customer did; write another, as 'order_completed'"],
    ),
    "fact that nothing is like": (
        f'{HEAD}[entry]\nfact = "full_moon"\n{SAY}',
        ["4: entry.fact: 'full_moon' is not a type of fact that a play can follow; docs/reference/facts.md names them, as in 'order_completed'"],
    ),
    "entry is text": (
        f'class = "service"\nkey = "order"\nentry = "order_completed"\n{SAY}',
        [
            "3: entry: 'order_completed' is not a table of keys",
            '3: entry.fact: is missing; write fact = "order_completed"',
        ],
    ),
    # Conditions
    "field misspelt": (cart_when("fact.worht > 1"), ["5: entry.when: 'fact.worht' is not known here. Did you mean 'fact.worth'?"]),
    "field that nothing is like": (cart_when("fact.xyzzy == 1"), [f"5: entry.when: 'fact.xyzzy' is not known here; {KNOWN}"]),
    "personal field": (cart_when("person.email != ''"), ["5: entry.when: 'person.email' is not known here. Did you mean 'person.has_email'?"]),
    "since at entry": (
        cart_when("since.order_completed == 0"),
        ["5: entry.when: 'since.order_completed' is not known here: nothing has happened since entry; ask for it in a step"],
    ),
    "amount with a point": (
        cart_when("fact.worth >= 149.50"),
        ["5: entry.when: >= does not mix whole numbers and numbers with a decimal point: amounts are whole, in minor units; write 14950 for 149.50, 3 for 3.0"],
    ),
    "text and number": (
        cart_when("fact.currency == 3"),
        ["5: entry.when: == does not fit text and a whole number; write both sides alike: text in quotes, numbers without"],
    ),
    "moment and number": (
        cart_when("now > 5"),
        ["5: entry.when: > does not fit a moment and a whole number; write now - fact.… > duration('48h'), or timestamp('2026-11-21T00:00:00Z')"],
    ),
    "not of a number": (cart_when("!fact.worth"), ["5: entry.when: ! does not fit a whole number; compare first, as in fact.cart > 0"]),
    "gives a number": (
        cart_when("fact.worth"),
        ["5: entry.when: gives a whole number, not true or false; compare it with something, as in fact.cart > 0"],
    ),
    "and in English": (
        cart_when("fact.worth > 1 and person.has_email"),
        ["5: entry.when: does not read at 'and person.has_email': and is written &&"],
    ),
    "not in English": (cart_when("not person.has_email"), ["5: entry.when: does not read at 'person.has_email': not is written !"]),
    "one equals sign": (cart_when("fact.worth = 1"), ["5: entry.when: does not read at '= 1': = is written =="]),
    "unfinished": (
        cart_when("fact.worth >"),
        ["5: entry.when: does not read: something is missing at the end; write one as in fact.cart > 0"],
    ),
    "capital False": (cart_when("person.has_email == False"), ["5: entry.when: False is written false"]),
    "function that is not": (
        cart_when("lower(fact.currency) == 'sek'"),
        ["5: entry.when: lower() is not something that conditions can do; size(), contains(), startsWith(), endsWith(), matches() and exists() are"],
    ),
    "span that is not": (
        cart_when("now - fact.touched_at > duration('2 days')"),
        ["5: entry.when: '2 days' is not a span; write duration('36h'), with h, m or s"],
    ),
    "moment that is not": (
        cart_when("now > timestamp('2026-11-21')"),
        ["5: entry.when: '2026-11-21' is not a moment; write timestamp('2026-11-21T09:14:00+01:00')"],
    ),
    "pattern that is not": (cart_when("fact.currency.matches('(')"), ["5: entry.when: '(' is not a regular expression (RE2)"]),
    "part of a number": (
        cart_when("fact.cart.id == 1"),
        [f"5: entry.when: asks for a part of something that has none at '.id == 1'; {KNOWN}"],
    ),
    "two faults in one": (
        cart_when("fact.worht > 1 && person.emial"),
        ["5: entry.when: 'fact.worht' is not known here. Did you mean 'fact.worth'?; 'person.emial' is not known here. Did you mean 'person.has_email'?"],
    ),
    "too deep": (cart_when("(" * 60 + "true" + ")" * 60), ["5: entry.when: is nested too deep; part it"]),
    "condition too long": (
        cart_when("true || " * 130 + "true"),
        ["5: entry.when: has 1044 characters; a condition has at most 1000: part it, or let the sender tell a fact of its own"],
    ),
    "condition is true": (f"{HEAD}{ENTRY}when = true\n{SAY}", ['5: entry.when: true is not text; write when = "person.has_email"']),
    "count of no fact": (
        with_step('only_if = "since.order_complete == 0"\n[[step]]\ntask = "service"'),
        ["6: step[0].only_if: 'since.order_complete' counts no type of fact. Did you mean 'since.order_completed'?"],
    ),
    # Steps
    "step without an act": (
        with_step('channels = ["mail"]'),
        ["5: step[0]: says not what it does; a step has one of wait, only_if, say, ask, promise, task, webhook"],
    ),
    "step misspelt": (
        with_step('sya = "hello"'),
        ["5: step[0]: 'sya' is not a step. Did you mean 'say'?; a step has one of wait, only_if, say, ask, promise, task, webhook"],
    ),
    "two acts in one step": (with_step('wait = "1 h"\nsay = "hello"'), ["5: step[0]: does wait and say at once; write a [[step]] for each"]),
    "step is one table": (
        f'{HEAD}{ENTRY}[step]\nsay = "hello"\n',
        [
            "5: step: a table is not a list of tables; write [[step]]",
            '5: step: there is none; begin with [[step]] and say = "order_confirmed"',
        ],
    ),
    "ends with a wait": (
        f'{HEAD}{ENTRY}{SAY}[[step]]\nwait = "1 h"\n',
        ["8: step[1]: is the last, and nothing follows it; write what is to be done, as say, or leave it out"],
    ),
    "too many steps": (f"{HEAD}{ENTRY}{SAY * 31}", ["5: step: 31 steps are too many; at most 30"]),
    "message that is not there": (
        with_step('say = "helo"\nchannels = ["mail"]'),
        ["6: step[0].say: message 'helo' is not there. Did you mean 'hello'?"],
    ),
    "message to be written": (
        with_step('say = "thanks"\nchannels = ["mail"]'),
        ["6: step[0].say: message 'thanks' is not there; write it in the folder messages/thanks/"],
    ),
    "message outside the playbook": (
        with_step('say = "../hello"\nchannels = ["mail"]'),
        ["6: step[0].say: '../hello' is not a name: small letters a to z, figures and _; write say = \"order_confirmed\""],
    ),
    "no channels": (with_step('say = "hello"'), ['5: step[0].channels: is missing; write channels = ["mail", "sms"]']),
    "channel unknown": (
        with_step('say = "hello"\nchannels = ["email"]'),
        ["7: step[0].channels: 'email' is not one of mail, sms. Did you mean 'mail'?"],
    ),
    "channel twice": (
        with_step('say = "hello"\nchannels = ["mail", "mail"]'),
        ["7: step[0].channels: mail, mail: each is tried once; leave out what stands there twice"],
    ),
    "key of another step": (
        with_step('say = "hello"\nchannels = ["mail"]\nwithin = "1 h"'),
        ["8: step[0].within: is not known here; known are say, channels, when"],
    ),
    "unit unknown": (with_step('task = "servce"'), ["6: step[0].task: unit 'servce' answers for nothing in the policy. Did you mean 'service'?"]),
    "unit is a number": (with_step("task = 3"), ['6: step[0].task: 3 is not text; write task = "service"']),
    "kind of promise unknown": (
        with_step('promise = "callback"\nwithin = "4 h"'),
        [
            "6: step[0].promise: 'callback' is not one of delivery, pickup, refund, call_back, reply, repair, restock, appointment, opening_hours, "
            "benefit. Did you mean 'call_back'?"
        ],
    ),
    "promise without a time": (with_step('promise = "call_back"'), ['5: step[0].within: is missing; write within = "4 h"']),
    "promise within no span": (with_step('promise = "call_back"\nwithin = "soon"'), [f"7: step[0].within: 'soon' is not a span; {SPANS}"]),
    "webhook by address": (
        with_step('webhook = "https://shop.example/x"'),
        ["6: step[0].webhook: 'https://shop.example/x' is not a name: small letters a to z, figures and _; write webhook = \"cart_remembered\""],
    ),
    # Waits
    "wait in other words": (with_wait("a while"), [f"6: step[0].wait: 'a while' is not a wait; {WAITS}"]),
    "wait of nothing": (with_wait("0 h"), ["6: step[0].wait: '0 h' is not a span from 1 min to 366 days"]),
    "wait of years": (with_wait("9999 days"), ["6: step[0].wait: '9999 days' is not a span from 1 min to 366 days"]),
    "hour that is not": (with_wait("until 25.00 local"), ["6: step[0].wait: '25.00' is not a time of day; write 00.00 to 23.59"]),
    "wait without an end": (
        with_wait("until order_shipped of the same key"),
        ["6: step[0].wait: 'until order_shipped of the same key' may never end; write \"until order_shipped of the same key or 2 days\""],
    ),
    "wait for no fact": (
        with_wait("until order_shiped of the same key or 2 days"),
        ["6: step[0].wait: 'order_shiped' is not a type of fact that a play can follow. Did you mean 'order_shipped'?"],
    ),
    "wait for a fact of another key": (
        with_wait("until store_visited of the same key or 2 days"),
        ['6: step[0].wait: store_visited names no order, so that it is never of the same key; write "of the same person"'],
    ),
    "wait for the promise of a cart": (
        PROMOTIONAL + '[[step]]\nwait = "2 days before the promise\'s end"\n' + SAY,
        [
            '8: step[0].wait: "2 days before the promise\'s end": a play about a cart has no promise; its key must be order or case, '
            "or cart_left a fact about a promise"
        ],
    ),
    # Exits
    "promotional without an exit": (
        PROMOTIONAL.partition("[[exit]]")[0] + SAY,
        ['1: exit: there is none, so that the play would go on after its goal; write [[exit]] and fact = "order_completed"'],
    ),
    "exit of another key": (
        PROMOTIONAL.replace("order_completed", "case_opened") + SAY,
        ['5: exit[0].same: case_opened names no cart, so that it is never of the same key; write same = "person"'],
    ),
    "exit of whom": (PROMOTIONAL + 'same = "everybody"\n' + SAY, ["7: exit[0].same: 'everybody' is not one of key, person"]),
    "exit's condition": (
        PROMOTIONAL + 'when = "fact.totl > 0"\n' + SAY,
        ["7: exit[0].when: 'fact.totl' is not known here. Did you mean 'fact.total'?"],
    ),
    # Questions
    "question in a service play": (
        with_step('ask = "satisfaction"\nabout = "delivery"\nmessage = "survey_delivery"\nchannels = ["mail"]'),
        ['6: step[0].ask: a service play asks nothing; write class = "survey", in a play of its own'],
    ),
    "survey without a question": (
        SURVEY + SAY,
        ['5: step: none asks, and a survey play is a question; write ask = "satisfaction", or another class'],
    ),
    "question unknown": (
        SURVEY + '[[step]]\nask = "happiness"\nabout = "delivery"\nmessage = "survey_delivery"\nchannels = ["mail"]\n',
        ["6: step[0].ask: 'happiness' is not one of satisfaction, effort, recommendation"],
    ),
    "question about what": (
        SURVEY + '[[step]]\nask = "effort"\nabout = "weather"\nmessage = "survey_delivery"\nchannels = ["mail"]\n',
        ["7: step[0].about: 'weather' is not one of delivery, store_visit, case, return"],
    ),
}


def said_of(text: str) -> list[str]:
    """Every fault of a play, as it is said, without the file."""
    with pytest.raises(PlaybookFaults) as raised:
        read_playbook({"broken": text}, AROUND)
    lines = str(raised.value).splitlines()
    assert [line for line in lines if not line.startswith("plays/broken.toml:")] == []
    return [line.removeprefix("plays/broken.toml:") for line in lines]


@pytest.mark.parametrize("name", BROKEN)
def test_broken_play_is_told_what_to_write_instead(name: str) -> None:
    text, says = BROKEN[name]
    assert said_of(text) == says


def test_what_is_right_beside_what_is_broken_has_no_faults() -> None:
    play = f"{HEAD}{ENTRY}{SAY}"
    assert list(read_playbook({"whole": play}, AROUND).plays) == ["whole"]


def test_all_faults_of_all_files_are_said_together() -> None:
    with pytest.raises(PlaybookFaults) as raised:
        read_playbook({"b": f'class = "x"\nkey = "y"\n{ENTRY}{SAY}', "a": "class ="}, AROUND)
    assert [(finding.file, finding.line, finding.key) for finding in raised.value.findings] == [
        ("plays/a.toml", 1, ""),
        ("plays/b.toml", 1, "class"),
        ("plays/b.toml", 2, "key"),
    ]


@pytest.mark.parametrize(("name", "instead"), [("Remembered Cart", "remembered_cart"), ("påminnelse", "p_minnelse"), ("7up", "up"), ("åäö", "remembered_cart")])
def test_file_of_another_name_is_told_how_to_be_called(name: str, instead: str) -> None:
    with pytest.raises(PlaybookFaults) as raised:
        read_playbook({name: f"{HEAD}{ENTRY}{SAY}"}, AROUND)
    says = f"{name!r} is not the name of a play: small letters a to z, figures and _; call the file plays/{instead}.toml"
    assert [finding.says for finding in raised.value.findings] == [says]


def test_more_plays_than_anybody_reads_are_too_many() -> None:
    with pytest.raises(PlaybookFaults) as raised:
        read_playbook({f"play_{n}": "" for n in range(201)})
    assert str(raised.value) == "plays:1: 201 plays are more than anybody can keep in mind; at most 200"
