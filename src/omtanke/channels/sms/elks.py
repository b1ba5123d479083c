"""46elks: `POST /a1/sms`, after 46elks' documentation (46elks.com/docs: send SMS, delivery reports).

The form has `from`, `to`, `message` and `whendelivered`; the answer is JSON with `id`, `status`, `parts` and `cost`. Errors are
words, without a code that says whose fault it is, so that none is taken for the number's.
"""

from __future__ import annotations

from omtanke.channels.outcome import Handed
from omtanke.channels.post import Answer
from omtanke.channels.sms.port import Request, TextMessage, fields_of, form_request, is_yes, not_taken, taken

API = "https://api.46elks.com"
FAILED = "failed"


class Elks:
    """`user` and `secret`: the API's user name and password."""

    def __init__(self, user: str, secret: str, api: str = "") -> None:
        self._user = user
        self._secret = secret
        self._url = f"{(api or API).rstrip('/')}/a1/sms"

    def request(self, message: TextMessage) -> Request:
        fields = {"from": message.sender, "to": message.to, "message": message.text, "whendelivered": message.receipts}
        return form_request(self._url, self._user, self._secret, fields)

    def handed(self, answer: Answer) -> Handed:
        said = fields_of(answer.text)
        if not is_yes(answer):
            return not_taken(answer, answer.text)
        if said.get("status") == FAILED:
            return not_taken(answer, "46elks says that it has failed", is_final=True)
        return taken(answer, said.get("id"))
