"""What a template cannot do: known ways out of Jinja's sandbox, and ways to keep a machine busy."""

from __future__ import annotations

import pytest

from omtanke.messages.example import NOW, example
from omtanke.messages.grammar import faults_of
from omtanke.messages.placing import CannotPlace, place
from omtanke.messages.templates import environment, made_of

ATTACKS = """
{{ ''.__class__.__mro__[1].__subclasses__() }}
{{ [].__class__.__base__.__subclasses__()[40]('/etc/passwd').read() }}
{{ ().__class__.__bases__[0] }}
{{ "".__class__ }}
{{ person.__class__ }}
{{ person.__init__.__globals__ }}
{{ person._path }}
{{ person.fields }}
{{ person["__class__"] }}
{{ person|attr("__class__") }}
{{ person | attr("_path") }}
{{ self }}
{{ self.__dict__ }}
{{ self._TemplateReference__context.cycler.__init__.__globals__.os.popen("id").read() }}
{{ cycler.__init__.__globals__ }}
{{ joiner.__init__.__globals__.os }}
{{ namespace.__init__.__globals__ }}
{{ lipsum.__globals__["os"].popen("id").read() }}
{{ lipsum(n=1000) }}
{{ config }}
{{ request.application.__globals__ }}
{{ get_flashed_messages.__globals__ }}
{{ url_for.__globals__ }}
{{ dict(a=1).__class__ }}
{{ "{0.__class__}".format(person) }}
{{ "{0.__class__.__init__.__globals__}".format_map({"0": person}) }}
{{ "%s" | format(person.__class__) }}
{{ ("%" ~ "c") | format(95) }}
{{ [1, 2] | map(attribute="__class__") | list }}
{{ order.lines | map(attribute="name") | join }}
{{ order.lines | groupby("__class__") }}
{{ order.lines | selectattr("__class__") | list }}
{{ order.lines | sum(attribute="__class__") }}
{{ order.lines.append(1) }}
{{ order.lines.__class__ }}
{{ order.lines.pop() }}
{{ order.lines[0].__class__ }}
{{ order.lines[-1] }}
{{ order.lines[0:2] }}
{{ order["lines"] }}
{{ promise.__str__.__globals__ }}
{{ promise._said }}
{{ promise_line.__globals__ }}
{{ promise_line.__class__ }}
{{ promise_line._func }}
{{ promise_line.caller }}
{{ language.upper() }}
{{ language.__class__ }}
{{ loop }}
{% for a in order.lines %}{{ loop.index }}{% endfor %}
{% for a in order.lines %}{{ loop.__class__ }}{% endfor %}
{% for a in order.lines %}{{ loop(order.lines) }}{% endfor %}
{% for a in order.lines %}{{ loop.cycle("a") }}{% endfor %}
{% for a in order.lines %}{{ loop.changed(a) }}{% endfor %}
{% for a in order.lines recursive %}{{ loop(order.lines) }}{% endfor %}
{% for a, b in order.lines %}{% endfor %}
{% for a in "abc" %}{{ a }}{% endfor %}
{% for a in [1, 2] %}{{ a }}{% endfor %}
{% for a in range(1000000000) %}{% endfor %}
{% for a in order.lines %}{% for b in order.lines %}{% for c in order.lines %}x{% endfor %}{% endfor %}{% endfor %}
{% set x = 1 %}
{% set x %}a{% endset %}
{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}
{% call promise_line(promise) %}{% endcall %}
{% filter upper %}a{% endfilter %}
{% with x = 1 %}{% endwith %}
{% include "layout.mjml" %}
{% import "parts.mjml" as x %}
{% from "parts.mjml" import promise_line %}
{% extends "layout.mjml" %}
{% block a %}{% endblock %}
{% raw %}{{ promise }}{% endraw %}{{ x.__class__ }}
{% autoescape false %}{{ person.first_name }}{% endautoescape %}
{% trans %}a{% endtrans %}
{% do order.lines.append(1) %}
{% debug %}
{{ 9 ** 9 ** 9 }}
{{ 9 * 9 }}
{{ "a" * 1000000000 }}
{{ "a" ~ "b" }}
{{ 7 % 2 }}
{{ 7 / 2 }}
{{ 7 // 2 }}
{{ -promise.before }}
{{ 1.5 }}
{{ none }}
{{ {"a": 1} }}
{{ [1] }}
{{ (1, 2) }}
{{ "a" is defined }}
{{ person is mapping }}
{{ person.first_name | e }}
{{ person.first_name | safe }}
{{ person.first_name | replace("a", "b") }}
{{ promise.window | upper }}
{{ promise.window | reverse }}
{{ promise.window | length | string }}
{{ promise.window | random }}
{{ promise.window | tojson }}
{{ promise.window | xmlattr }}
{{ promise.window | urlize }}
{{ promise.window | wordwrap }}
{{ promise.window | pprint }}
{{ order.lines | batch(1) | list }}
{{ order.lines | sort | list }}
{{ order.lines | first(1) }}
{{ promise_line("28 november") }}
{{ promise_line(promise, promise) }}
{{ promise_line(*order.lines) }}
{{ promise_line(promise=promise) }}
{{ promise_line(promise_line(promise)) }}
{{ strftime("%d") }}
{{ now() }}
{{ datetime.now() }}
{{ time }}
{{ promise.until_at }}
{{ promise.from_at }}
{{ promise.id }}
{{ quote.valid_until }}
⟦promise.window⟧
{{ "⟦promise.window⟧" }}
{{ "\\u27e6promise.window\\u27e7" }}
""".strip().splitlines()
# Read by the list of what may stand, and refused by the sandbox alone when that list is out of the way.
WITHOUT_THE_LIST = [
    "{{ person.__class__ }}",
    "{{ person._said }}",
    "{{ ''.__class__ }}",
    "{{ 'a'.upper() }}",
    "{{ order.lines.append(1) }}",
    "{{ order.lines.__class__ }}",
    "{{ range(9) }}",
    "{{ lipsum() }}",
    "{{ cycler.__init__ }}",
    "{{ self.__class__ }}",
    "{% for a in order.lines %}{{ loop.index }}{% endfor %}",
    "{{ person | attr('__class__') }}",
    "{{ language.__class__ }}",
    "{{ 'a' + 'b' }}",
    "{{ promise.window + promise.window }}",
    "{{ promise.window == 'fredag' }}",
    "{{ order }}",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_is_refused_before_it_is_compiled(attack: str) -> None:
    assert faults_of(attack) != []
    with pytest.raises(CannotPlace):
        made_of(attack, place(example("sv"), "sv", NOW).names, "sv", True)


@pytest.mark.parametrize("attack", WITHOUT_THE_LIST)
def test_sandbox_refuses_by_itself(attack: str) -> None:
    names = place(example("sv"), "sv", NOW).names
    with pytest.raises(Exception) as refused:
        environment("sv", True).from_string(attack).render(**names)
    assert type(refused.value).__name__ in ("CannotPlace", "SecurityError", "UndefinedError", "TemplateAssertionError", "TemplateRuntimeError")


@pytest.mark.parametrize(
    "source",
    [
        "{{ " + "(" * 9000 + "1" + ")" * 9000 + " }}",
        "{{ " + "not " * 9000 + "person }}",
        "{% if person %}" * 900 + "{% endif %}" * 900,
        "{{ " + "1" * 9000 + " }}",
    ],
    ids=["parentheses", "not", "if", "figures"],
)
def test_what_is_too_deep_is_said_to_be(source: str) -> None:
    assert [one.rule for one in faults_of(source)][:1] == ["template"]


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("{{ person.first_name }}", "⟦person.first_name⟧"),
        ("{{ order.lines[1].name }}", "⟦order.lines.1.name⟧"),
        ("{{ (order.lines | last).variant }}", "⟦order.lines.1.variant⟧"),
        ("{{ order.lines | goods }}", "⟦order.lines.0.name⟧ och ⟦order.lines.1.name⟧"),
        ("{{ cart.lines | goods }}", "⟦cart.lines.0.name⟧"),
        (
            "{% for line in order.lines %}{{ line.quantity }}{% if not loop.last %}, {% endif %}{% endfor %}",
            "⟦order.lines.0.quantity⟧, ⟦order.lines.1.quantity⟧",
        ),
        ("{% if order.lines | length > 1 %}flera{% else %}en{% endif %}", "flera"),
        ("{{ order.lines | length + 1 }}", "3"),
        ("{{ 'a' if parcel else 'b' }}", "a"),
        ("{{ promise }}", "⟦promise.window⟧"),
    ],
)
def test_what_a_template_may_do(source: str, made: str) -> None:
    assert faults_of(source) == []
    assert made_of(source, place(example("sv"), "sv", NOW).names, "sv", True) == made
