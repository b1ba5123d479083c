"""Every message of the pages, found where it stands: in templates, in code, and in the tables of words that code looks up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_file
from django.utils.translation.template import templatize

import omtanke.web
from omtanke.vocabulary.reasons import REASONS

WEB = Path(omtanke.web.__file__).parent
CATALOGUE = WEB / "locale" / "sv" / "LC_MESSAGES" / "django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "say": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
IN_TEMPLATE = re.compile(r"""gettext\(u?(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\)""")

Message = tuple[str, str, str]


def messages() -> set[Message]:
    """(context, message, plural), the latter two empty when there is none."""
    return {*in_templates(), *in_code(), *(("", reason, "") for reason in REASONS.values())}


def in_templates() -> Iterator[Message]:
    for path in sorted((WEB / "templates").rglob("*.html")):
        for double, single in IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8"))):
            yield "", (double or single).replace("\\'", "'").replace('\\"', '"'), ""


def in_code() -> Iterator[Message]:
    for path in sorted(WEB.rglob("*.py")):
        for _line, found, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
            one, plural = found if isinstance(found, tuple) else (found, "")
            if one:
                yield context or "", one, plural
