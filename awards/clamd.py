"""A client of clamd, the ClamAV daemon: sends a file, hears whether anything is known in it.

The protocol is clamd(8)'s INSTREAM: pieces with their lengths, a piece of none, then one line back.
"""

import socket
import struct
import time
from dataclasses import dataclass
from typing import BinaryIO

from models.papers import ScanState

_PIECE = 64 * 1024
_MAX_ANSWER = 4_096
_LENGTH = struct.Struct(">I")


class Unreachable(Exception):
    """The scanner did not answer, or not in time, or in words that are not its own."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner said of a file: clean, infected by what, or not to be judged and why."""

    state: ScanState
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Clamd:
    """Where the daemon listens: `host:port`, or the path of its socket."""

    address: str

    def scan(self, content: BinaryIO, *, seconds: float) -> Verdict:
        """Have a file looked at, for so many seconds at most. Raises Unreachable."""
        until = time.monotonic() + seconds
        try:
            with self._connect(seconds) as connection:
                _send(connection, content, until)
                return _verdict(_receive(connection, until))
        except OSError as error:
            raise Unreachable(str(error)) from error

    def _connect(self, seconds: float) -> socket.socket:
        if self.address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(seconds)
            try:
                connection.connect(self.address)
            except BaseException:
                connection.close()
                raise
            return connection
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), seconds)


def _send(connection: socket.socket, content: BinaryIO, until: float) -> None:
    try:
        connection.sendall(b"zINSTREAM\0")
        while piece := content.read(_PIECE):
            connection.settimeout(_left(until))
            connection.sendall(_LENGTH.pack(len(piece)) + piece)
        connection.sendall(_LENGTH.pack(0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has heard enough, and says why


def _receive(connection: socket.socket, until: float) -> bytes:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _MAX_ANSWER:
        connection.settimeout(_left(until))
        piece = connection.recv(_MAX_ANSWER)
        if not piece:
            break
        answer += piece
    return answer


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _verdict(answer: bytes) -> Verdict:
    """Only a whole line that says so makes a file clean."""
    text = answer.removesuffix(b"\0").decode("utf-8", "replace")
    if not answer.endswith(b"\0"):
        message = f"the answer breaks off: {text!r}"
        raise Unreachable(message)
    if text == "stream: OK":
        return Verdict(ScanState.CLEAN)
    if text.startswith("stream: ") and text.endswith(" FOUND"):
        return Verdict(ScanState.INFECTED, text[len("stream: ") : -len(" FOUND")][:200])
    if text.endswith(" ERROR"):
        return Verdict(ScanState.FAILED, text[: -len(" ERROR")].rstrip(".")[:200])
    message = f"not an answer of clamd: {text!r}"
    raise Unreachable(message)
