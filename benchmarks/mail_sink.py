"""A mail server that takes everything and says when it took what: `python -m benchmarks.mail_sink PORT`.

It speaks as much SMTP as a client that behaves needs, so that it takes little of the cores that it shares. When its input ends it prints, as
JSON, [recipient, seconds by the wall clock, List-Id] of each mail in the order in which they came.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

END, MARK = b"\r\n.\r\n", b"\r\nList-Id: "


class Taking(asyncio.Protocol):
    """One connection."""

    def __init__(self, taken: list[tuple[str, float, str]]) -> None:
        self._taken = taken
        self._seen = bytearray()
        self._recipient = ""
        self._is_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._seen += data
        while self._answer():
            pass

    def _answer(self) -> bool:
        """Answer one command or one mail; whether there was one."""
        if self._is_data:
            head, end, after = self._seen.partition(END)
            if not end:
                return False
            self._seen, self._is_data = after, False
            named = bytes(head).partition(MARK)[2].partition(b"\r\n")[0].decode()
            self._taken.append((self._recipient, time.time(), named))
            self._transport.write(b"250 OK\r\n")
            return True
        line, end, rest = self._seen.partition(b"\r\n")
        if not end:
            return False
        self._seen = rest
        word = bytes(line[:4]).upper()
        if word == b"RCPT":
            self._recipient = bytes(line).partition(b"<")[2].partition(b">")[0].decode()
        self._is_data = word == b"DATA"
        self._transport.write(b"354 go on\r\n" if self._is_data else b"250 OK\r\n")
        if word == b"QUIT":
            self._transport.close()
        return True


async def serve(port: int) -> list[tuple[str, float, str]]:
    """Until the input ends; what was taken."""
    taken: list[tuple[str, float, str]] = []
    server = await asyncio.get_running_loop().create_server(lambda: Taking(taken), "127.0.0.1", port)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()
    return taken


if __name__ == "__main__":
    print(json.dumps(asyncio.run(serve(int(sys.argv[1])))), flush=True)
