"""Handing a text message to the provider that the settings name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from omtanke.channels.outcome import Handed, Outcome
from omtanke.channels.post import Poster
from omtanke.channels.sms.elks import Elks
from omtanke.channels.sms.port import CONNECTION, Provider, TextMessage
from omtanke.channels.sms.twilio import Twilio

# By the name that the settings have for them: made of user, secret and the address of the API (empty: their own).
PROVIDERS: Mapping[str, Callable[[str, str, str], Provider]] = {"46elks": Elks, "twilio": Twilio}


async def hand_over(poster: Poster, provider: Provider, message: TextMessage) -> Handed:
    """One message to one number. Raises nothing for what a provider says or does not say."""
    request = provider.request(message)
    asked = await poster.ask(request.url, request.headers, request.body)
    if asked.answer is None:
        return Handed(Outcome(is_done=False, answer=asked.fault), CONNECTION, is_doubtful=asked.was_given)
    return provider.handed(asked.answer)
