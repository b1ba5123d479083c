"""Twilio: `POST /2010-04-01/Accounts/{SID}/Messages.json`, after Twilio's documentation of the Messages resource and its errors.

The form has `From` or `MessagingServiceSid`, `To`, `Body` and `StatusCallback`; the answer is JSON with `sid`, `status` and
`num_segments`, an error JSON with `code`, `message` and `status`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from omtanke.channels.outcome import Handed
from omtanke.channels.post import Answer
from omtanke.channels.sms.port import Request, TextMessage, fields_of, form_request, is_yes, not_taken, taken

API = "https://api.twilio.com"
SERVICE = "MG"
SERVICE_LENGTH = 34
FAILED = ("failed", "undelivered", "canceled")
# No number that takes text messages (21211, 21217, 21614), or one that has told Twilio to stop (21610).
OF_ADDRESS = frozenset((21211, 21217, 21610, 21614))
# After it was taken, by the network: nobody has the number, or it is a landline.
OF_ADDRESS_LATER = frozenset((30005, 30006))


def is_service(sender: str) -> bool:
    """Whether a sender is a messaging service, which chooses the number itself."""
    return len(sender) == SERVICE_LENGTH and sender.startswith(SERVICE)


def code_of(value: Any) -> int:
    """An error's code, 0 for none."""
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0


class Twilio:
    """`user`: the account's SID; `secret`: its auth token."""

    def __init__(self, user: str, secret: str, api: str = "") -> None:
        self._user = user
        self._secret = secret
        self._url = f"{(api or API).rstrip('/')}/2010-04-01/Accounts/{quote(user, safe='')}/Messages.json"

    def request(self, message: TextMessage) -> Request:
        who = "MessagingServiceSid" if is_service(message.sender) else "From"
        fields = {who: message.sender, "To": message.to, "Body": message.text, "StatusCallback": message.receipts}
        return form_request(self._url, self._user, self._secret, fields)

    def handed(self, answer: Answer) -> Handed:
        said = fields_of(answer.text)
        if is_yes(answer):
            if said.get("status") not in FAILED:
                return taken(answer, said.get("sid"))
            code = code_of(said.get("error_code"))
            return not_taken(answer, f"{code} {said.get('error_message') or ''}", is_address=code in OF_ADDRESS | OF_ADDRESS_LATER, is_final=True)
        code = code_of(said.get("code"))
        return not_taken(answer, f"{code} {said.get('message') or ''}" if code else answer.text, is_address=code in OF_ADDRESS)
