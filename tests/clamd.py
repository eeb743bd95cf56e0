"""A virus scanner for tests: a real server that speaks clamd's INSTREAM, and can be made to fail.

It knows one virus, the test file of EICAR. `mood` says how it behaves from the next file on.
"""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

EICAR = (  # in two pieces, so that no scanner takes this file for it
    b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
)
FOUND = "Eicar-Test-Signature"


class Mood(StrEnum):
    WELL = "well"
    SLOW = "slow"  # takes the file and is silent
    KILLED = "killed"  # goes while the file is on its way
    TORN = "torn"  # goes in the middle of its answer
    ODD = "odd"  # says what clamd never says
    LIMIT = "limit"  # finds the file too large, and says so before all of it came


@dataclass
class Scanner:
    address: str = ""
    mood: Mood = Mood.WELL
    heard: list[bytes] = field(default_factory=list)

    def answer(self, connection: socket.socket) -> None:
        """Hear one file and say what is in it."""
        stream = connection.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", stream.read(4))[0]:
            content += stream.read(size)
            if self.mood == Mood.KILLED:
                return
            if self.mood == Mood.LIMIT:
                connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.heard.append(content)
        if self.mood == Mood.SLOW:
            stream.read(1)  # until the client has had enough
            return
        connection.sendall(self._words(content))

    def _words(self, content: bytes) -> bytes:
        if self.mood == Mood.ODD:
            return b"UNKNOWN COMMAND\0"
        if self.mood == Mood.TORN:
            return b"stream: OK"
        return f"stream: {FOUND} FOUND\0".encode() if EICAR in content else b"stream: OK\0"


@contextmanager
def scanning(path: str = "") -> Iterator[Scanner]:
    """A scanner that listens on a port of this machine, or on a socket's path."""
    scanner = Scanner()
    listening = (
        socket.socket(socket.AF_UNIX) if path else socket.create_server(("127.0.0.1", 0))
    )
    if path:
        listening.bind(path)
        listening.listen()
    scanner.address = path or f"127.0.0.1:{listening.getsockname()[1]}"

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                try:
                    scanner.answer(connection)
                except (OSError, struct.error):
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield scanner
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def nobody() -> str:
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"
