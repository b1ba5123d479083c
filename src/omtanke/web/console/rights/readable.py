"""Everything about somebody as one page that they can read: it needs nothing but a browser, and is written as it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from omtanke.channels.webhook.payload import webhook_type
from omtanke.runtime.export import About, Facts, Look
from omtanke.storage.seen import FactSeen
from omtanke.storage.whole_person import Promised, Requested, Sent, Told, WholePerson
from omtanke.web.words import names
from omtanke.web.words import rights as words
from omtanke.web.words.telling import place_of, tell
from omtanke.web.words.voice import Voice

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}"
    "h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.5rem}h3{font-size:1rem;margin:1.5rem 0 .3rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #ddd}"
    "ol{list-style:none;padding:0}li{margin:.5rem 0}.small{font-size:.85rem;color:#595959;overflow-wrap:anywhere}time{color:#595959}"
)
UNSAID = frozenset({"wake_reached"})
Write = Callable[[str], Any]
Row = tuple[object, ...]


def write_readable(write: Write, whole: WholePerson, about: About, facts: Facts, looks: Sequence[Look], say: Voice) -> None:
    """The page in the language of `say`, whose now is the moment it is made."""
    with translation.override(say.language):
        told = whole.customers(about.person)
        write(head(about, say))
        write(section(_("What you have told us"), (), details(told, say)))
        write(section(_("By what we know you"), (_("What"), _("Value"), _("Since")), identifiers(facts)))
        write(section(_("What you have asked about your data"), (_("What"), _("When"), _("How it stands")), requests(whole.requests(about.person), say)))
        write(section(_("What we have promised you"), (_("What"), _("When"), _("How it stands")), promises(whole.promises(about.person), say)))
        happened(write, whole.facts([one.customer for one in told]), say)
        write(section(_("Who has been told"), (_("Whom"), _("Of what"), _("When")), sent(whole.sent(facts.positions), say)))
        write(section(_("Who of us has looked"), (_("Who"), _("What"), _("When")), looked(looks, say)))
        write("</main></body></html>\n")


def head(about: About, say: Voice) -> str:
    title = _("Everything that %(shop)s knows about you") % {"shop": about.shop}
    return format_html(
        '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>{}</title><style>{}</style></head><body><main><h1>{}</h1><p>{}</p><p>{}</p>\n",
        say.language,
        title,
        STYLE,
        title,
        _("Made %(moment)s. The same stands in the file data.json, for machines.") % {"moment": say.exact(about.made_at)},
        _("You may ask us to put right what is wrong, to erase it, or to leave it alone. Write to us; we answer within a month."),
    )


def section(title: str, heads: Sequence[str], rows: Iterable[Row]) -> str:
    """A heading and a table; that there is nothing, where there is nothing."""
    body = "".join(format_html("<tr>{}</tr>\n", format_html_join("", "<td>{}</td>", ((cell,) for cell in row))) for row in rows)
    if not body:
        return format_html("<h2>{}</h2><p>{}</p>\n", title, _("Nothing."))
    top = format_html("<tr>{}</tr>", format_html_join("", '<th scope="col">{}</th>', ((one,) for one in heads))) if heads else ""
    return str(format_html("<h2>{}</h2><table>", title)) + str(top) + body + "</table>\n"


def details(told: Iterable[Told], say: Voice) -> Iterator[Row]:
    for one in told:
        for code in ("name", "email", "phone", "city", "region", "locale"):
            if value := getattr(one, code):
                yield words.detail(code), value
        if one.restricted_at:
            yield _("Left alone since"), say.exact(one.restricted_at)


def identifiers(facts: Facts) -> Iterator[Row]:
    for one in facts.identifiers():
        value = _("%(value)s (has been put right)") % {"value": one["value"]} if "corrected_at" in one else one["value"]
        yield words.identifier(one["kind"]), value, one["first_at"]


def requests(found: Iterable[Requested], say: Voice) -> Iterator[Row]:
    for one in found:
        yield words.right(one.right), say.exact(one.reached_at), words.stands(one.outcome, is_answered=bool(one.answered_at), is_begun=bool(one.extended_at))


def promises(found: Iterable[Promised], say: Voice) -> Iterator[Row]:
    for one in found:
        yield names.kind(one.kind), say.window(one.from_at, one.until_at), names.state(one.status)


def sent(found: Iterable[Sent], say: Voice) -> Iterator[Row]:
    for one in found:
        yield one.receiver or one.url, webhook_type(one.type), say.exact(one.made_at)


def looked(looks: Iterable[Look], say: Voice) -> Iterator[Row]:
    for one in looks:
        yield words.by_whom(one.role), words.seen(one.what), words.seen_when(one.what, one.at, say, exact=True)


def happened(write: Write, facts: Iterable[FactSeen], say: Voice) -> None:
    """Everything, the first first, with a heading for each day."""
    write(format_html("<h2>{}</h2><ol>\n", _("What has happened")))
    day: date | None = None
    for fact in facts:
        if fact.type in UNSAID:
            continue
        today = say.at(fact.occurred_at).date()
        if today != day:
            write(format_html("</ol><h3>{}</h3><ol>\n", say.full_day(today, with_year=True)))
            day = today
        write(entry(fact, say))
    write("</ol>\n")


def entry(fact: FactSeen, say: Voice) -> str:
    """What happened, in words; then everything that was written with it, and why it was decided."""
    said = tell(fact, say)
    head = " · ".join(part for part in (said.what, said.quote, *said.details) if part)
    why = names.reason(fact.reason) if fact.reason else place_of(fact)
    rest = "; ".join(f"{path}: {value}" for path, value in written(fact.personal))
    return format_html(
        '<li><time datetime="{}">{}</time> {}{}{}</li>\n',
        say.machine(fact.occurred_at),
        say.clock(fact.occurred_at),
        head,
        format_html(' <span class="small">({})</span>', why) if why else "",
        format_html('<div class="small">{}</div>', rest) if rest else "",
    )


def written(personal: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Everything that was written with it; what the person is known by stands further down, once."""
    for kind, _surrogate, number in personal.get("numbers") or ():
        yield str(kind), number
    yield from leaves({name: part for name, part in personal.items() if name not in ("numbers", "identifiers")}, "")


def leaves(part: Any, path: str) -> Iterator[tuple[str, object]]:
    """What was written, value by value: properties.note, Ring efter fem."""
    if isinstance(part, Mapping):
        for name, one in part.items():
            yield from leaves(one, f"{path}.{name}" if path else str(name))
    elif isinstance(part, list | tuple):
        for one in part:
            yield from leaves(one, path)
    elif part not in ("", None):
        yield path, part
