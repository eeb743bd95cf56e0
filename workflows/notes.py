"""Checkpoints as people read, print and mail them: signed notes, as C2SP describes them.

    khenthuong.example.vn/history
    1234
    qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=
    2026-11-28T05:00:00Z

    — khenthuong.example.vn/history Pmk2cGP5…

Which log, how many leaves, the root over them, when; then who signed, with the first bytes of a
hash that names the key. The signature is over all lines before the empty one.
"""

import base64
import binascii
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from workflows.errors import UnreadableNote

ED25519 = b"\x01"
_DASH = "—"
_NOTE = re.compile(
    r"(?P<text>(?P<name>[^\n\s+]{1,200})\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"(?P<at>[0-9TZ:.-]{20,27})\n)"
    r"\n" + _DASH + r" (?P<signer>[^\n\s+]{1,200}) (?P<signed>[A-Za-z0-9+/]{91}=)\n?"
)


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint: the log's name, its size and root, when, which key signed it and how."""

    name: str
    size: int
    root: bytes
    at: datetime
    key_id: str
    signature: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return statement(self.name, self.size, self.root, self.at)

    def __str__(self) -> str:
        signed = base64.b64encode(bytes.fromhex(self.key_id) + self.signature).decode()
        return f"{self.text}\n{_DASH} {self.name} {signed}\n"

    def is_signed_by(self, public_key: bytes) -> bool:
        """Whether the key is the one it names, and has signed it."""
        named = key_id(self.name, public_key)
        return named == self.key_id and is_signed(self.text, self.signature, public_key)


def statement(name: str, size: int, root: bytes, at: datetime) -> str:
    """The lines that are signed."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{name}\n{size}\n{base64.b64encode(root).decode()}\n{moment}\n"


def introduction(name: str, public_key: bytes) -> str:
    """What a key signs to say that this one follows it."""
    return f"{name}\nkey {base64.b64encode(ED25519 + public_key).decode()}\n"


def read(text: str) -> Note:
    """A note that somebody has pasted, with or without spaces around its lines.

    Raises UnreadableNote.
    """
    lines = [line.strip() for line in unicodedata.normalize("NFC", text).splitlines()]
    found = _NOTE.fullmatch("\n".join(lines).strip() + "\n")
    if found is None or found["signer"] != found["name"]:
        raise UnreadableNote
    try:
        at = datetime.fromisoformat(found["at"])
        signed = base64.b64decode(found["signed"], validate=True)
        root = base64.b64decode(found["root"], validate=True)
    except (ValueError, binascii.Error) as error:
        raise UnreadableNote from error
    note = Note(found["name"], int(found["size"]), root, at, signed[:4].hex(), signed[4:])
    if at.tzinfo is None or note.text != found["text"]:
        raise UnreadableNote
    return note


def key_id(name: str, public_key: bytes) -> str:
    """The eight hex digits by which a note names the key of a log."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:4].hex()


def verifier(name: str, public_key: bytes) -> str:
    """A public key on one line, as those who verify keep it."""
    shown = base64.b64encode(ED25519 + public_key).decode()
    return f"{name}+{key_id(name, public_key)}+{shown}"


def sign(text: str, key: Ed25519PrivateKey) -> bytes:
    """The signature over a statement or an introduction."""
    return key.sign(text.encode())


def is_signed(text: str, signature: bytes, public_key: bytes) -> bool:
    """Whether this key has signed this text."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
