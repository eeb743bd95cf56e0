"""One spelling for everything that is hashed: sorted keys, UTF-8, no spaces, no floats."""

import hashlib
import json
import os


def canonical(value: object) -> str:
    """The canonical JSON text of ids, enums, numbers and texts. Floats are refused: they round."""
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(text: str | bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def fresh_salt() -> bytes:
    """128 random bits: without them a short reason could be guessed from its hash."""
    return os.urandom(16)


def salted(salt: bytes, value: object) -> str:
    """The hash that the history keeps in place of what somebody wrote."""
    return sha256(salt + canonical(value).encode())


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        message = f"{value!r} has no exact text; use an integer or a string"
        raise TypeError(message)
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    if isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
