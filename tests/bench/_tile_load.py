"""Asks a server for one thing again and again over several connections: prints JSON of how often.

A process of its own, that its work is not the measured one's: python -m tests.bench._tile_load
HOST PORT SECONDS CONNECTIONS, the request's text on the standard input.
"""

import json
import selectors
import socket
import sys
import time

CHUNK = 1 << 18


class Conversation:
    """One connection: a request is sent, its answer read to the end, and again."""

    def __init__(self, address: tuple[str, int], request: bytes) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self._head, self._left = b"", -1
        self.status = ""
        self.ask()

    def ask(self) -> None:
        self._head, self._left = b"", -1
        self.socket.sendall(self._request)

    def hear(self) -> bool:
        """Read what there is; whether the answer is complete. Raises ConnectionError at its end."""
        piece = self.socket.recv(CHUNK)
        if not piece:
            raise ConnectionError("the server hung up")
        if self._left >= 0:
            self._left -= len(piece)
            return self._left == 0
        self._head += piece
        head, end, body = self._head.partition(b"\r\n\r\n")
        if not end:
            return False
        self.status = head.split(b" ", 2)[1].decode()
        self._left = _length(head.lower()) - len(body)
        return self._left == 0


def _length(head: bytes) -> int:
    _before, found, after = head.partition(b"content-length:")
    return int(after.partition(b"\r\n")[0]) if found else 0


def main(host: str, port: str, seconds: str, connections: str) -> None:
    request = sys.stdin.buffer.read()
    selector = selectors.DefaultSelector()
    for _number in range(int(connections)):
        talk = Conversation((host, int(port)), request)
        selector.register(talk.socket, selectors.EVENT_READ, talk)
    statuses: dict[str, int] = {}
    began = time.perf_counter()
    while time.perf_counter() - began < float(seconds):
        for key, _events in selector.select(1):
            if key.data.hear():
                statuses[key.data.status] = statuses.get(key.data.status, 0) + 1
                key.data.ask()
    spent = time.perf_counter() - began
    sys.stdout.write(json.dumps({"seconds": spent, "statuses": statuses}))


if __name__ == "__main__":
    main(*sys.argv[1:])
