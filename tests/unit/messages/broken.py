"""A message without a fault, and what is done to it."""

from __future__ import annotations

from pathlib import Path

SETTINGS = """class = "transactional"
about = "A parcel has left."

[sv]
subject = "Nu är ditt paket på väg"
preheader = "Hos dig {{ promise.window }}."

[en]
subject = "Your parcel is on its way"
preheader = "With you {{ promise.window }}."
"""
MAIL_SV = """<mj-text>Hej{% if person.first_name %} {{ person.first_name }}{% endif %}, nu är ditt paket på väg.</mj-text>
<mj-text>Det är hos dig {{ promise.window }}.</mj-text>
{% if links.my_page %}
<mj-button href="{{ links.my_page }}">Följ paketet</mj-button>
{% endif %}
"""
MAIL_EN = """<mj-text>Hello{% if person.first_name %} {{ person.first_name }}{% endif %}, your parcel is on its way.</mj-text>
<mj-text>It will be with you {{ promise.window }}.</mj-text>
{% if links.my_page %}
<mj-button href="{{ links.my_page }}">Follow the parcel</mj-button>
{% endif %}
"""
Changes = dict[str, str | bytes | None]
HEJ = "Hej{% if person.first_name %} {{ person.first_name }}{% endif %}"
HARD = (
    "Leveransinformationen tillhandahålls elektroniskt genom meddelandetjänsten. Tillgängligheten begränsas periodvis beroende av transportörens "
    "kapacitetsplanering och terminalernas bemanningssituation. Motsvarande förutsättningar gäller returhanteringen."
)
LONG = "Vi har nu packat allt som du valde hos oss och det ligger i en låda som vi har ställt på vagnen så att den kan åka med bilen när den kommer."
M, E, S = "mail.sv.mjml", "mail.en.mjml", "message.toml"
GOOD = {"message.toml": SETTINGS, "mail.sv.mjml": MAIL_SV, "mail.en.mjml": MAIL_EN}


def write_message(folder: Path, changes: Changes, name: str = "sent") -> Path:
    """The good message with other files; None takes one away."""
    place = folder / "messages" / name
    place.mkdir(parents=True)
    for file, text in (GOOD | changes).items():
        if text is not None:
            (place / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    return place.parent


def add(line: str) -> Changes:
    """A line below the Swedish mail."""
    return {M: MAIL_SV + line + "\n"}


def add_english(line: str) -> Changes:
    """A line below the English mail."""
    return {E: MAIL_EN + line + "\n"}


def settings(old: str, new: str) -> Changes:
    """Other words in `message.toml`."""
    return {S: SETTINGS.replace(old, new)}


def swedish(old: str, new: str) -> Changes:
    """Other words in the Swedish mail."""
    return {M: MAIL_SV.replace(old, new)}


CASES: dict[str, Changes] = {
    "no settings": {S: None},
    "settings are no TOML": settings('class = "transactional"', "class = transactional"),
    "no class": settings('class = "transactional"\n', ""),
    "class misspelt": settings('"transactional"', '"transactionl"'),
    "key not known": settings("about", "abuot"),
    "key of a language not known": settings('preheader = "Hos', 'preheder = "Hos'),
    "language is no table": {S: SETTINGS.replace("[sv]\n", "[de]\n").replace("about", "sv = 3\nabout")},
    "ends is no truth": settings("about", 'ends = "ja"\nabout'),
    "no subject": settings('subject = "Nu är ditt paket på väg"\n', ""),
    "no preheader": settings('preheader = "Hos dig {{ promise.window }}."\n', ""),
    "subject too long": settings("Nu är ditt paket på väg", "Nu är ditt paket på väg till dig, och snart är det framme hos dig hemma"),
    "subject feigns an answer": settings("Nu är", "SV: Nu är"),
    "subject states a date": settings("Nu är ditt paket på väg", "Hos dig på fredag"),
    "subject asks for what is not there": settings("Nu är ditt paket på väg", "Paket {{ parcel.nummer }}"),
    "preheader repeats": settings("Hos dig {{ promise.window }}.", "Nu är ditt paket på väg."),
    "file misspelt": {"mail.se.mjml": MAIL_SV},
    "mail missing": {E: None},
    "not utf-8": {M: MAIL_SV.encode("latin-1")},
    "empty mail": {M: "\n"},
    "template not closed": swedish("{% endif %}, nu", ", nu"),
    "expression not closed": swedish("{{ promise.window }}", "{{ promise.window }"),
    "name not known": swedish("promise.window", "promis.window"),
    "field not known": swedish("promise.window", "promise.windo"),
    "field of a leaf": swedish("promise.window", "promise.window.day"),
    "field of a list": add("<mj-text>{{ order.lines.name }}</mj-text>"),
    "method": swedish("promise.window", "promise.window.upper()"),
    "assignment": add("{% set day = 3 %}"),
    "include": add('{% include "other.mjml" %}'),
    "macro": add("{% macro x() %}{% endmacro %}"),
    "join": add('<mj-text>{{ "a" ~ "b" }}</mj-text>'),
    "product": add("<mj-text>{{ 9 * 9 }}</mj-text>"),
    "range bomb": add("{% for n in range(1000000000) %}x{% endfor %}"),
    "loop over a value": add("{% for n in order.number %}x{% endfor %}"),
    "loop in a loop": add("{% for a in order.lines %}{% for b in order.lines %}x{% endfor %}{% endfor %}"),
    "loop that hides a name": add("{% for promise in order.lines %}<mj-text>{{ promise.name }}</mj-text>{% endfor %}"),
    "parts too often": add("{{ order_lines(order.lines) }}" * 21),
    "filter not known": swedish("promise.window }}", "promise.window | upper }}"),
    "filter with arguments": add("<mj-text>{{ order.lines | first(1) }}</mj-text>"),
    "part with words": add('{{ promise_line("fredag") }}'),
    "sign of a place": add("<mj-text>⟦promise.window⟧</mj-text>"),
    "whole thing said": add("<mj-text>{{ order }}</mj-text>"),
    "said without asking": add("<mj-text>Paket {{ parcel.number }}</mj-text>"),
    "compared": add('{% if order.number == "10482" %}<mj-text>x</mj-text>{% endif %}'),
    "too long": {M: MAIL_SV + "<mj-text>" + "Hej hej. " * 8000 + "</mj-text>"},
    "mjml not closed": swedish("på väg.</mj-text>", "på väg."),
    "words in no element": add("Hej, här är vi."),
    "paragraph in no element": add("<p>Hej, här är vi.</p>"),
    "words where none may be": add("<mj-spacer>Hej</mj-spacer>"),
    "comment that some clients show": add("<mj-text>Kom in <!--[if mso]>på fredag<![endif]--></mj-text>"),
    "document type": {M: "<!DOCTYPE x [<!ENTITY a 'x'>]>" + MAIL_SV},
    "signs that turn words": add("<mj-text>Kom in \u202erebmevon 82\u202c</mj-text>"),
    "signs that turn words, as entities": add("<mj-text>Kom in &#8238;rebmevon 82</mj-text>"),
    "element not known": add("<mj-html>Hej</mj-html>"),
    "script": add("<mj-text>Hej <script>x</script></mj-text>"),
    "mj-include": add('<mj-include path="/etc/passwd" />'),
    "entity": swedish("Hej{%", "Hej&nbsp;{%"),
    "does something": add('<mj-text><a href="https://x.example" onclick="x()">Se mer om skorna</a></mj-text>'),
    "date in words": swedish("{{ promise.window }}", "på fredag"),
    "date within days": swedish("{{ promise.window }}", "inom 3 dagar"),
    "clock": add("<mj-text>Beställ före kl. 14.</mj-text>"),
    "date in English": add_english("<mj-text>It is with you by Friday.</mj-text>"),
    "date of a number": add("<mj-text>Inom {{ 1 + 2 }} dagar.</mj-text>"),
    "date over a tag": add("<mj-text>Den 28 <b>nov</b>ember.</mj-text>"),
    "date in a picture": add('<mj-image src="https://x.example/a.png" alt="Hos dig den 28 november" />'),
    "date made when it is made": add("<mj-text>{% if order %}28{% endif %}{% if cart %} november{% endif %}</mj-text>"),
    "no greeting": swedish("Hej{%", "Kund{%"),
    "no name": swedish("{% if person.first_name %} {{ person.first_name }}{% endif %}", ""),
    "name without asking": swedish("{% if person.first_name %} {{ person.first_name }}{% endif %}", " {{ person.first_name }}"),
    "nothing follows": swedish("Det är hos dig {{ promise.window }}.", "Det är snart hos dig."),
    "two buttons": add('<mj-button href="https://x.example">Se våra skor</mj-button>'),
    "http": add('<mj-text><a href="http://x.example">Se våra skor</a></mj-text>'),
    "script link": add('<mj-text><a href="javascript:alert(1)">Se våra skor</a></mj-text>'),
    "click here": add('<mj-text><a href="https://x.example">Klicka här</a></mj-text>'),
    "leads nowhere": add("<mj-text><a>Se våra skor</a></mj-text>"),
    "picture without words": add('<mj-image src="https://x.example/a.png" />'),
    "picture with a file's name": add('<mj-image src="https://x.example/a.png" alt="IMG_1.png" />'),
    "wrong language": {M: MAIL_EN},
    "shouts": add("<mj-text>Kom in!!</mj-text>"),
    "hard to read": add(f"<mj-text>{HARD}</mj-text>"),
    "long sentence": add(f"<mj-text>{LONG}</mj-text>"),
    "blame": add("<mj-text>Du har angett fel adress.</mj-text>"),
    "work": add("<mj-text>Kontakta kundtjänst om något är fel.</mj-text>"),
    "order": add("<mj-text>Du måste spara kvittot.</mj-text>"),
    "refusal": add("<mj-text>Tyvärr kan vi inte ändra det.</mj-text>"),
    "as per our policy": add_english("<mj-text>As per our policy it stays.</mj-text>"),
    "no-reply": add_english("<mj-text>Please do not reply to this email.</mj-text>"),
    "closing time": add("<mj-text>Vi stänger om fem minuter.</mj-text>"),
    "dear customer": {E: MAIL_EN.replace("Hello{%", "Dear customer{%")},
    "sms nobody signs": {"sms.sv.txt": HEJ + "! Det är hos dig {{ promise.window }}."},
    "sms too long": {"sms.sv.txt": HEJ + "! Det är hos dig {{ promise.window }}. {{ shop.name }} " + "Vi har packat allt med omsorg. " * 12},
    "sms with a dear sign": {"sms.sv.txt": HEJ + " ❤ Det är hos dig {{ promise.window }}. {{ shop.name }}"},
    "text with a date": {"text.sv.txt": HEJ + "!\n\nDet är hos dig {{ promise.window }}.\nVi ringer i morgon."},
}
