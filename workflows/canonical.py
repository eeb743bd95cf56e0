"""One spelling for everything that is hashed: sorted keys, UTF-8, no spaces, no floats."""

import hashlib
import json
import os


def canonical(value: object) -> str:
    """The canonical JSON text of ids, enums, numbers and texts. Floats are refused: they round."""
    _refuse_floats(value)
    return _ENCODER.encode(value)


def sha256(text: str | bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


NO_SALT = bytes(16)
"""In place of a salt that was erased with what it salted: nobody draws this one."""


def fresh_salt() -> bytes:
    """128 random bits: without them a short reason could be guessed from its hash."""
    return os.urandom(16)


def salted(salt: bytes, value: object) -> str:
    """The hash that the history keeps in place of what somebody wrote."""
    return salted_text(salt, canonical(value))


def salted_text(salt: bytes, text: str) -> str:
    """As `salted`, of what was made canonical before."""
    return sha256(salt + text.encode())


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
_SCALARS = {str, int, bool, type(None)}


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        message = f"{value!r} has no exact text; use an integer or a string"
        raise TypeError(message)
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return
    for item in value:
        if type(item) not in _SCALARS:
            _refuse_floats(item)
