"""The file of the key that signs checkpoints: outside of the database, its owner's alone."""

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workflows import notes
from workflows.errors import BadCheckpointKey
from workflows.words import N_

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def load(path: Path) -> Ed25519PrivateKey:
    """The key in this file (PEM, PKCS #8). Raises BadCheckpointKey."""
    try:
        content, mode = path.read_bytes(), path.stat().st_mode
    except OSError as error:
        raise BadCheckpointKey(
            N_("Không đọc được tệp khóa %(path)s."), path=path
        ) from error
    if mode & _OTHERS:
        raise BadCheckpointKey(N_("Người khác đọc được tệp khóa %(path)s."), path=path)
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (TypeError, ValueError) as error:
        raise _no_key(path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(path)
    return key


def make(path: Path) -> Ed25519PrivateKey:
    """Draw a new key into a file that is not there yet. Raises BadCheckpointKey if it is."""
    key = Ed25519PrivateKey.generate()
    content = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BadCheckpointKey(N_("Đã có tệp khóa %(path)s."), path=path) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return key


def load_or_make(path: Path) -> Ed25519PrivateKey:
    """The key in this file, which is made where there is none. Raises BadCheckpointKey."""
    if not path.exists():
        try:
            return make(path)
        except BadCheckpointKey:  # another process was first
            pass
    return load(path)


def public(key: Ed25519PrivateKey) -> bytes:
    """Its public part, 32 bytes."""
    return key.public_key().public_bytes_raw()


def replace(path: Path, name: str) -> tuple[Ed25519PrivateKey, Ed25519PrivateKey, Path]:
    """Put a new key in the file's place: the old key, the new one, and where the old one is now."""
    old = load(path)
    kept = path.with_name(f"{path.name}.{notes.key_id(name, public(old))}")
    fresh = path.with_name(f"{path.name}.new")
    new = make(fresh)
    os.link(path, kept)
    fresh.replace(path)
    return old, new, kept


def _no_key(path: Path) -> BadCheckpointKey:
    return BadCheckpointKey(N_("Trong tệp %(path)s không có khóa Ed25519."), path=path)
