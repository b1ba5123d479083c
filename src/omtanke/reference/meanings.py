"""What the code leaves unsaid because names say it to those who know: meanings of fields that no sender writes.

A field that is missing here stops the pages from being written.
"""

from __future__ import annotations

# Fields of decided facts and of the runtime's own inputs, and those that reading adds to an observed one.
FIELDS = {
    "timestamp": "the sender's own timestamp, as written, with its offset",
    "promise": "the promise",
    "kind": "what is promised",
    "subject_kind": "what it is about",
    "subject": "the thing it is about",
    "order": "the order it belongs to",
    "from_at": "not before",
    "until_at": "at the latest; this moment is inside the window",
    "risk_at": "when it may break if nothing has been heard",
    "lapse_at": "when it is broken if nothing has been heard: the window's end and the grace of its kind",
    "exceeds_before": "met at this moment or earlier it is exceeded; none when the window has a beginning or the kind no margin",
    "attended": "the customer waits at the door in the window",
    "owner": "the unit that answers for it",
    "zone": "the IANA zone in which dates of the window are meant",
    "statement": "its number in the list of the fact that stated it, from 0; there the words shown are found",
    "follows": "the promise that is over and that it comes after",
    "given": "the sender's id of the promise, 0 for none; those that follow it share it",
    "met_at": "when it was met",
    "first_window_met": "whether what was said first was held",
    "incident": "the incident that the broken promise is",
    "met": "how many lines have arrived",
    "lines": "how many lines are owed",
    "ending": "the ending that counts from now on, or `open`",
    "was": "the ending that counted until now",
    "cart": "the cart",
    "touched_at": "when something last happened in it",
    "pieces": "how many things lie in it",
    "worth": "what they cost, as far as prices were told",
    "currency": "the currency of every amount in the fact",
    "due_at": "the moment that was asked for",
    "policy": "the version of the policy",
    "digest": "of a policy the beginning of the SHA-256 of its text; of facts their BLAKE2b-128, in log order",
    "until": "the last position that it speaks for",
    "facts": "how many facts it stands for",
    "condensed_at": "when they left, by the store's clock",
    "state": "what was left of them, by names, as MessagePack",
    "other": "the person on the other side, who joins the one of the fact or has left it",
    "by": "what showed it",
    "staff": "who of those who work here said so; 0 for nobody",
    "one": "one of the two customers as recorded of whom it was shown",
    "two": "the other of them",
    "left": "the customers who are no longer of this person; empty in the fact of the one who has left",
    "has_email": "an e-mail address was told",
    "has_phone": "a telephone number was told",
    "stated": "the promises stated",
    "subject_id": "the thing it is about",
    "is_known": "the message says who it was",
    "survey": "our own number of the survey, 0 for none",
    "about": "what it is about",
    "question": "which question: satisfaction, effort or recommendation",
    "scale": "the scale of the answer",
    "case": "the case it is about",
    "store": "the store it is about",
    "expires_at": "until when the link can be used",
    "task": "the task; that of a promise has the promise's number",
    "unit": "the unit that answers for it",
    "assignee": "who of them, by their number in the console; 0 for nobody by name",
    "outcome": "how it ended",
    "banner": "our own number of the banner that said it; 0 when it was said in so many words",
    "purpose": "what it is for",
    "for_channel": "the channel it is about; empty for all",
    "customers": "how many customers, as recorded, the person was",
    "parts": "how many facts lost their personal part",
    "identifiers": "how many identifiers lead to nobody any more",
    "numbers": "how many numbers of orders, parcels, cases … lead to nobody any more",
    "quarantined": "how many messages that had not been understood went too",
    "latest_at": "at the latest, if it is given more time",
}

# What ends a promise of each kind, beside Promise Fulfilled, Promise Retracted and what is said below the table.
MET_BY = {
    "delivery": ("Shipment Delivered", "Pickup Ready"),
    "pickup": ("Pickup Ready", "Pickup Collected"),
    "refund": ("Refund Issued", "Order Refunded"),
    "call_back": ("Callback Made",),
    "reply": ("Case Message Sent", "Live Chat Message Sent"),
    "repair": ("Repair Completed",),
    "restock": ("Product Restocked",),
    "appointment": ("Appointment Held", "Appointment Missed"),
    "opening_hours": ("Store Opened", "Store Closed"),
    "benefit": (),
}

POLICY_KEYS = {
    "grace_seconds": "how long after the window's end late evidence is waited for, before the promise is broken",
    "at_risk_seconds": "how long before the window's end a promise without evidence may break; at least half of its time passes first",
    "margin_seconds": "how much earlier than said is better than said, when the window has no beginning (0: never)",
    "owner": "the unit that answers for a promise whose statement names none",
    "idle_seconds": "nothing has happened with a cart for so long: it has been left",
    "target_percent": "so many of a hundred promises of the kind the shop means to keep, 0 to 100",
    "rest_days": "the least time between two questions to the same customer, 0 to 366 days",
    "expires_days": "for so long the link to a question can be used, 1 to 366 days",
    "recommendation_percent": "in so many of a hundred we ask whether the customer would recommend us, instead of the occasion's own question",
    "low": "by scale: this score or a lower one needs a person",
    "after_seconds": "how long after what has happened we ask",
    "question": "what we ask: satisfaction (1 to 5), effort (1 to 7) or recommendation (0 to 10)",
    "share_percent": "so many of a hundred are asked",
    "surveys.OCCASION.owner": "the unit that answers for low answers",
    "basis": "`opt_in`: only after a yes; `opt_out`: until a no. A purpose of the shop's own is opt_in unless it says otherwise",
    "direct_marketing": "an objection to direct marketing covers it. True for a purpose of the shop's own unless it says otherwise",
    "categories": "what a banner asks under: categories in Segment's or RudderStack's context, Consent Mode signals, TCF purposes as `tcf.4`",
    "without_consent": "what becomes of the device of one who does not want to be recognised: `apart` (joined with nobody) or `drop`",
    "UNIT": "who answers for the unit, by their numbers in the console; the console writes it to `policy/units.toml`, and nobody has to",
}

PLAY_KEYS = {
    "class": ("yes", "what sort of play it is; what follows from it stands below"),
    "key": ("yes", "whose number it is about"),
    "again": ("", "whether a person may enter again for the same key"),
    "priority": ("", "0 to 100: of two plays the higher goes first"),
    "holdout_percent": ("", "so many of a hundred are left out, 0 to 90, to see what the play does"),
    "entry.fact": ("yes", "the type of fact that lets a person in, by its name in the log"),
    "entry.when": ("", "a condition on it"),
    "exit[].fact": ("", "a type of fact that lets a person out, from any channel and any device"),
    "exit[].same": ("", "whose facts count"),
    "exit[].when": ("", "a condition on the fact that lets out"),
    "step[]": ("yes", "what happens, one after the other"),
}

STEP_KEYS = {
    "channels": 'the first that reaches the person is taken, as in `["mail", "sms"]`',
    "when": "a condition; where it does not hold, the step is passed over",
    "about": "what the question is about",
    "message": "the message in which it is asked, by its name",
    "within": "a span, from this step: until then we owe it",
    "owner": "the unit that answers for it; left out, the one in the policy",
}

CONDITION_TYPES = {
    "whole number": "fact.total >= 200000",
    "text": "person.locale.startsWith('sv')",
    "true or false": "!person.has_phone",
    "moment": "now - fact.touched_at > duration('48h')",
    "list of whole numbers": "fact.lines.price.exists(one, one > 50000)",
    "list of texts": "'shoes' in fact.lines.category",
    "list of true or false": "true in fact.stated.attended",
    "list of moments": "fact.stated.until_at.all(one, one > now)",
}

# What lies in a data folder; each file that any command makes is here.
FILES = {
    "inbox.db": "what has come in and is durable, until it has become facts; which messages have come before; rows of imports that wait (SQLite)",
    "log.db": "the log of facts, personal parts apart from it, and what is kept beside it: who is who, snapshots, promises, quarantine, policies (SQLite)",
    "outbox.db": "what leaves the house: receivers of webhooks, letters and alerts, and what became of each delivery (SQLite)",
    "staff.db": "accounts, sessions and one-time links of those who work here, and who has looked at whom (SQLite, Django's)",
    "lake/": "the facts as Parquet, a folder for each type of fact; `manifest.json` names the files that count",
    "keys/": "secrets that only the owner of the folder may read",
    "keys/store.key": "the store's secret, 32 bytes: without it no identifier and no order number can be found again. Keep a copy of it elsewhere",
    "keys/write_keys.toml": 'write keys of senders at the door: a table `[[key]]` for each, or a line `name = "key"`; read again when it changes',
    "keys/read_keys.toml": "read keys of the API, as digests: a table `[[key]]` for each",
    "keys/hooks.toml": "hooks, a table `[[hook]]` for each: the token of its address, and what its sender signs with; read again when it changes",
    "exports/": "copies of everything about a customer who asked, readable by the owner only, for `exports_kept_days`; they go with an erasure",
    "door.db": "what the door keeps for itself: the last events of each write key for `debugger_hours`, and calls by their "
    "Idempotency-Key for two days (SQLite)",
    "suggestions.db": "customers who are perhaps one person, as numbers and codes, and what somebody said of them (SQLite)",
    "keys/pages.key": "signs sessions and forms of the pages",
    "keys/codes.key": "seals the secrets that phones make sign-in codes from; without it whoever has codes must be let in anew by a lead",
    "keys/metrics.key": "the token with which somebody elsewhere may read `/metrics`",
    "keys/mail.secret": "the password at the mail server that the settings name; put there by you",
    "keys/oidc.secret": "what a provider that signs staff in knows us by; put there by you",
    "policy/policy.toml": "what the shop has decided ([policy](policy.md)); put there when there is none",
    "playbook/": "the shop's own plays and messages ([plays](plays.md)), put there by you; without it the shipped plays count",
    "clock.json": "only in a demo that runs faster than the world: what time it is here, and how fast it goes",
    "policy/units.toml": "who answers for which unit, by their numbers in the console, which writes it",
    "omtanke.toml": "the shop's [settings](settings.md); need not be there",
    "spark/": "only while a check runs on Spark: the log parted by cluster, without personal parts; what one that was killed leaves goes with the next",
    "spark.lock": "held by the one check that runs on Spark",
    "dispatch.lock": "held by the one process that sends what leaves the house",
    "worker.lock": "held by the one worker that works on the folder",
    "erasures.journal": "who has been erased, by number and keyed hash, so that a restored back-up can be made to forget them again",
    "backups.json": "the back-ups that have been made of the folder, and until when they are kept",
    "backup.lock": "held by the one back-up that is under way",
    "demo.txt": "only in a demo: when it was begun, with how many customers and which seed",
}

# Tables whose name says it, in the schema.
TABLES = {
    "meta": "a value of the store by its name: its clock, how much of the inbox has become facts …",
    "entry": "a message; its number is its place in the queue",
}

COMMANDS = {
    "demo": (
        ("omtanke demo", "a shop to look at, served until Ctrl-C"),
        ("omtanke demo --customers 500 --seed 3 --no-serve --data small-shop", "make a smaller one and end"),
    ),
    "serve": (
        ("omtanke serve --data shop", "console and door on the ports of the settings"),
        ("omtanke serve --data shop --port 8500 --door-port 8501 --as-of 2018-04-30", ""),
    ),
    "run worker": (("omtanke run worker --data shop --until-idle", "work off what the inbox holds, and end"),),
    "run lake": (("omtanke run lake --data shop", "beside a worker that leaves the lake to it"),),
    "run web": (("omtanke run web --data shop --port 8500", ""),),
    "run door": (("omtanke run door --data shop --door-port 8501", ""),),
    "let-in": (("omtanke let-in astrid@shop.example --data shop", "prints a link; whoever has the folder in hand can let anybody in"),),
    "rights list": (("omtanke rights list --data shop", "the one with the least time left first"),),
    "rights request": (("omtanke rights request --email ebba@example.org --right access --reached 2026-11-21 --data shop", "the month counts from that day"),),
    "rights answer": (('omtanke rights answer 6797491939470893905 --outcome done --words "It is on its way." --data shop', "its promise is kept"),),
    "rights export": (("omtanke rights export --customer 40 --out ebba.zip --data shop", "data.json and readable.html"),),
    "run dispatch": (("omtanke run dispatch --data shop", ""),),
    "run letters": (("omtanke run letters --data shop", ""),),
    "run shop": (("omtanke run shop --data shop", ""),),
    "import olist": (("omtanke import olist ~/olist --data shop", ""), ("omtanke import olist ~/olist --data shop --dry-run --format json", "")),
    "import csv": (
        ("omtanke import csv orders.csv --map orders.toml --data shop --dry-run", "say what would happen"),
        ("omtanke import csv orders.csv --map orders.toml --data shop --ended", ""),
    ),
    "ask": (
        ("omtanke ask overview --data shop", ""),
        ("omtanke ask promises --by region --data shop --format csv", ""),
        ("omtanke ask promises --as-of 2018-04-30 --data shop", "as it stood that evening"),
        ("omtanke ask broken-cost --sql --dialect snowflake", "print the statement for another engine"),
        ("omtanke ask promises --by region --on spark --master spark://spark.example:7077 --data shop", "the same on a cluster"),
    ),
    "suggest-links": (("omtanke suggest-links --data shop", "can be stopped and run again; nothing leaves the machine"),),
    "simulate": (("omtanke simulate --seed 1 --from 2026-10-01 --until 2026-10-29 --out events.jsonl --truth truth.json", "stopped, it is begun anew"),),
    "rights erase": (
        ("omtanke rights erase --email anna@shop.example --data shop", "asks once more, then erases and prints the receipt"),
        ("omtanke rights erase --customer 4711 --yes --data shop --format json", ""),
    ),
    "rights receipts": (("omtanke rights receipts --data shop", ""),),
    "rights retention": (
        ("omtanke rights retention --data shop", "how long what is kept, and what has left"),
        ("omtanke rights retention --now --data shop", "on a folder that nothing runs on: what is old leaves"),
    ),
    "backup": (
        ("omtanke backup --data shop --to /mnt/backups", "a copy, while everything runs; kept 30 days"),
        ("omtanke backup --data shop --to /mnt/backups --prune", "only delete those past their date"),
    ),
    "move": (("omtanke move --to postgresql://omtanke@db.example/shop --data shop", "everything, compared row by row; stopped, the same command goes on"),),
    "restore": (("omtanke restore --from /mnt/backups/omtanke-20261126T161500.000000Z --data shop --over", "what lies there now is deleted"),),
    "doctor": (
        ("omtanke doctor --data shop", "each finding has a value, a rule and a way out; 0 when nothing is wrong, 1 when something is"),
        ("omtanke doctor --json --data shop", ""),
    ),
    "retry": (
        ("omtanke retry --list --data shop", "who is set aside, and why; 1 when somebody is"),
        ("omtanke retry --all --data shop", "0 when all of them are back"),
    ),
    "hook add": (
        ("omtanke hook add postnord --data shop", "prints the address to enter at PostNord"),
        ("omtanke hook add shopify --sender shopify-se --secret shopify.secret --data shop", "what it signs with stands in a file"),
        ("omtanke hook add mapped --map lager.toml --data shop", "anything that sends JSON"),
    ),
    "playbook check": (
        ("omtanke playbook check --data shop", "0 when nothing is wrong, 1 when something is; tasks are held against the units of the policy"),
        ("omtanke playbook check --folder playbook --format json", "in a check before each commit, without a data folder"),
    ),
    "playbook write": (("omtanke playbook write --data shop", "then change what is yours, and check it"),),
    "playbook list": (("omtanke playbook list --data shop", ""),),
    "message check": (
        ("omtanke message check", "the messages that Omtanke brings"),
        ("omtanke message check messages", "a folder of your own; 1 when something is an error"),
        ("omtanke message check reply.sv.txt", "what a colleague has written"),
        ("omtanke message check messages/order_sent --format json", ""),
    ),
    "message show": (
        ("omtanke message show order_sent --out order_sent.html", "open the file in a browser"),
        ("omtanke message show order_sent --messages messages --language en", "your own, in English"),
    ),
    "hook list": (("omtanke hook list --data shop", ""),),
    "hook remove": (("omtanke hook remove 3f0c9a1b2d4e --data shop", "its sender is answered with 404 from now on"),),
    "replay": (
        ("omtanke replay --check --data shop", "0 when nothing differs, 1 when something does"),
        ("omtanke replay --check --on spark --data shop", "the same, by as many workers as this machine has cores"),
    ),
}

# What the parser leaves unsaid about words without a flag.
ARGUMENTS = {
    "folder": "the folder with the publisher's files",
    "file": "the export, plain or gzipped",
    "question": "promises, broken-cost or overview",
}
