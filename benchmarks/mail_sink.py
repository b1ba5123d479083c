"""A mail server that takes everything and says when it took what: `python -m benchmarks.mail_sink PORT`.

It is the demo's, which speaks as much SMTP as a client that behaves needs, so that it takes little of the cores that it shares. When its input ends it
prints, as JSON, [recipient, seconds by the wall clock, List-Id] of each mail in the order in which they came.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from omtanke.processes.demo_post import Counter

MARK = b"\r\nList-Id: "


class Taken:
    """What has come."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, float, str]] = []

    def take(self, recipient: str, wire: bytes) -> None:
        self.mails.append((recipient, time.time(), wire.partition(MARK)[2].partition(b"\r\n")[0].decode()))


async def serve(port: int) -> list[tuple[str, float, str]]:
    """Until the input ends; what was taken."""
    taken = Taken()
    server = await asyncio.get_running_loop().create_server(lambda: Counter(taken), "127.0.0.1", port)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()
    return taken.mails


if __name__ == "__main__":
    print(json.dumps(asyncio.run(serve(int(sys.argv[1])))), flush=True)
