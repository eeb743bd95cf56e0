"""A mail server that keeps what it is given, and misbehaves as it is told. It speaks real SMTP."""

import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes
from email.message import Message
from email.policy import default
from types import TracebackType
from typing import Self

DRIP = 0.05  # seconds between the letters of a slow server

OK, REFUSES, BUSY, DROPS, DRIPS, SILENT = (
    "ok",
    "refuses",
    "busy",
    "drops",
    "drips",
    "silent",
)
"""What it does with a letter: takes it; 550; 450; hangs up after it came; never comes to an end."""


class Sink(socketserver.ThreadingTCPServer):
    """`letters` are those it took on itself. `manner(address)` says how it behaves."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 50

    def __init__(self, manner: Callable[[str], str] = lambda _address: OK) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.manner = manner
        self.letters: list[Message] = []
        self.tried: list[str] = []
        self._thread = threading.Thread(
            target=self.serve_forever, args=(0.05,), daemon=True
        )

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def numbers(self) -> Counter[str]:
        """How often each letter was taken, by its Message-ID."""
        return Counter(str(letter["Message-ID"]) for letter in self.letters)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Senders are killed in the middle of a word; that is no news."""


class _Conversation(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        manner = OK
        self._say("220 sink")
        while line := self.rfile.readline():
            word = line[:4].strip().upper()
            if word == b"RCPT":
                address = line.decode().partition("<")[2].partition(">")[0]
                self.server.tried.append(address)
                manner = self.server.manner(address)
            if word == b"DATA":
                self._say("354 go on")
                if not self._take(manner):
                    return
            elif word == b"QUIT":
                self._say("221 bye")
                return
            elif word == b"RCPT" and manner in (REFUSES, BUSY):
                self._say("550 nobody here" if manner == REFUSES else "450 later")
            elif word in (b"EHLO", b"HELO", b"MAIL", b"RCPT", b"RSET"):
                self._say("250 fine")
            else:
                self._say("500 what?")

    def _take(self, manner: str) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False  # the sender is dead
            lines.append(line)
        if manner == DROPS:
            return False
        if manner == SILENT:
            time.sleep(100 * DRIP)
            return False
        if manner == DRIPS:
            with suppress(OSError):
                for _ in range(200):
                    self._say("250-")
                    time.sleep(DRIP)
            return False
        self.server.letters.append(message_from_bytes(b"".join(lines), policy=default))
        self._say("250 taken")
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")
