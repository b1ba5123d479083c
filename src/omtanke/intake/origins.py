"""Which pages may send from a browser (CORS). A write key stands in the page for all to see; the list says on whose pages it is of use.

Browsers alone say an origin, and alone hold to the answer: it protects a key in a page from other pages, not from servers.
"""

from __future__ import annotations

from collections.abc import Sequence

from omtanke.intake.http import Answer, Header, Problem, Scope, header

# What the clients send beyond the ordinary; a browser asks by name, and hears so.
ASKED_FOR = "authorization, content-type, anonymousid, sentat, x-retry-count"
REMEMBERED_SECONDS = 7200
# When to come again.
READABLE: Header = (b"access-control-expose-headers", b"retry-after")


class Origins:
    """The allow-list; an empty one lets every page send."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = frozenset(allowed)

    def headers(self, scope: Scope) -> tuple[Header, ...]:
        """What an answer has to say so that the page may read it. Raises Problem 403 for a page that may not send."""
        origin = header(scope, b"origin")
        if not origin:
            return ()
        if not self._allowed:
            return (b"access-control-allow-origin", b"*"), READABLE
        if origin not in self._allowed:
            raise Problem(403, f"Pages of {origin[:200]} may not send here; the setting door_origins names those that may", headers=((b"vary", b"origin"),))
        return (b"access-control-allow-origin", origin.encode("latin-1")), READABLE, (b"vary", b"origin")

    def before(self, scope: Scope, methods: str) -> Answer:
        """What a browser asks before it sends. Raises Problem 403."""
        wanted = header(scope, b"access-control-request-headers") or ASKED_FOR
        said = (
            (b"access-control-allow-methods", methods.encode()),
            (b"access-control-allow-headers", wanted.encode("latin-1")),
            (b"access-control-max-age", str(REMEMBERED_SECONDS).encode()),
            (b"allow", methods.encode()),
        )
        return Answer(204, None, (*self.headers(scope), *said))
