"""What we ask customers, in their own language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def asking(question: str, about: str, shop: str) -> str:
    """The question, as it stands on the page."""
    if question == "recommendation":
        return _("How likely are you to recommend %(shop)s to a friend?") % {"shop": shop}
    if question == "effort":
        return {
            "case": _("We made it easy for you to get help. Do you agree?"),
            "return": _("We made it easy for you to send it back. Do you agree?"),
        }.get(about, _("We made it easy for you. Do you agree?"))
    return {
        "delivery": _("How did you like the delivery?"),
        "store_visit": _("How did you like your visit to the store?"),
        "case": _("How did you like our help?"),
        "return": _("How did you like sending it back?"),
    }.get(about, _("How was it?"))


def ends_of(question: str) -> tuple[str, str]:
    """What the lowest and the highest answer mean."""
    if question == "recommendation":
        return _("not at all"), _("very likely")
    if question == "effort":
        return _("not at all"), _("completely")
    return _("poor"), _("very good")


def steps_of(question: str, bounds: tuple[int, int]) -> list[tuple[int, str]]:
    """Every answer with its words for those who hear the page."""
    least, most = bounds
    low, high = ends_of(question)
    said = {least: _("%(score)s of %(most)s, %(end)s") % {"score": least, "most": most, "end": low}}
    said[most] = _("%(score)s of %(most)s, %(end)s") % {"score": most, "most": most, "end": high}
    return [(score, said.get(score, _("%(score)s of %(most)s") % {"score": score, "most": most})) for score in range(least, most + 1)]
