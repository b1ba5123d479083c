"""Which message a name stands for."""

from __future__ import annotations

from pathlib import Path

from omtanke.runtime.to_customers.texts import message_named

OWN = """class = "transactional"
[sv]
subject = "Tack"
[en]
subject = "Thank you"
"""


def test_shops_own_message_takes_the_place_of_a_shipped_one_and_is_read_anew_when_it_changes(tmp_path: Path) -> None:
    def subject(name: str) -> str:
        found = message_named(tmp_path, name)
        return found[0].words["en"].subject if found else ""

    shipped = subject("order_confirmed")
    folder = tmp_path / "playbook" / "messages" / "order_confirmed"
    folder.mkdir(parents=True)
    (folder / "message.toml").write_text(OWN, encoding="utf-8")
    for language in ("sv", "en"):
        (folder / f"mail.{language}.mjml").write_text("<mj-text>Hej</mj-text>", encoding="utf-8")
    own = subject("order_confirmed")
    (folder / "message.toml").write_text(OWN.replace("Thank you", "Many thanks"), encoding="utf-8")
    assert (shipped[:9], own, subject("order_confirmed"), subject("refunded"), subject("nobody")) == (
        *("Thank you", "Thank you", "Many thanks", "We have sent your money back"),
        "",
    )
