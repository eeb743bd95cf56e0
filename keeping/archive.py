"""One file that holds a backup: an ordinary ZIP whose last 64 characters prove all before them.

They end its comment: the SHA-256 of every byte that comes before or, with a key, an HMAC-SHA256. A
file that was cut, or in which a single bit is another, is refused before anything in it is read.
"""

import hashlib
import hmac
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from click import ClickException

from keeping.contents import Contents

FORMAT = 1
MANIFEST = "manifest.json"
Progress: TypeAlias = Callable[[str, int, int], None]
"""What is being done, how much of it is done, and how much there is."""

_SEAL = 64
_CHUNK = 1 << 20
_PLAIN, _KEYED = b"sha256:", b"hmac-sha256:"
_LATIN = "latin-1"


class BadBackup(ClickException):
    """This backup cannot be restored here; the sentence says why, and nothing was replaced."""


class Writer:
    """A backup in the making: parts go in one by one, each hashed on its way."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self.parts: dict[str, dict[str, object]] = {}

    def add(self, name: str, path: Path, *, is_to_be_packed: bool = False) -> str:
        """Copy a file into the backup; gives the SHA-256 of what went in, hex."""
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o600 << 16
        if is_to_be_packed:
            entry.compress_type = zipfile.ZIP_DEFLATED
        found, size = hashlib.sha256(), 0
        with (
            path.open("rb") as file,
            self._package.open(entry, "w", force_zip64=True) as to,
        ):
            while block := file.read(_CHUNK):
                found.update(block)
                size += len(block)
                to.write(block)
        self.parts[name] = {"sha256": found.hexdigest(), "size": size}
        return found.hexdigest()

    def say(self, manifest: dict[str, object]) -> None:
        """Write down what the parts are, as the last of them."""
        told = {"format": FORMAT, **manifest, "parts": self.parts}
        self._package.writestr(MANIFEST, json.dumps(told, ensure_ascii=False, indent=1))


@contextmanager
def writing(path: Path, key: str) -> Iterator[Writer]:
    """Make a backup at `path`. It has that name once it is whole, sealed and on the disk."""
    part = path.with_suffix(".part")
    try:
        with part.open("xb") as file:
            part.chmod(0o600)
            with zipfile.ZipFile(file, "w", compresslevel=1) as package:
                yield Writer(package)
                package.comment = (_KEYED if key else _PLAIN) + b"0" * _SEAL
        with part.open("r+b") as file:
            seal = _digest(file, part.stat().st_size - _SEAL, key)
            file.seek(-_SEAL, os.SEEK_END)
            file.write(seal.encode())
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)


def check(path: Path, key: str) -> None:
    """Raise BadBackup unless every bit of the file is as it was written."""
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            file.seek(max(0, size - _SEAL - len(_KEYED)))
            end = file.read()
            file.seek(0)
            seal = _digest(file, size - _SEAL, key)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        raise BadBackup(message) from error
    is_keyed = end[:-_SEAL].endswith(_KEYED)
    if not is_keyed and not end[:-_SEAL].endswith(_PLAIN):
        message = f"{path} is no backup of Vinh Danh, or its end is missing."
        raise BadBackup(message)
    if is_keyed != bool(key):
        how = "with a key: set VINH_DANH_BACKUP_KEY to it" if is_keyed else "without a key"
        message = f"{path} was made {how}. Here VINH_DANH_BACKUP_KEY is " + (
            "missing."
            if is_keyed
            else "set, and whatever is not sealed with it is refused."
        )
        raise BadBackup(message)
    if not hmac.compare_digest(seal, end[-_SEAL:].decode(_LATIN).lower()):
        reason = "or VINH_DANH_BACKUP_KEY is another" if is_keyed else "it is not whole"
        message = f"{path} is not as it was written: it was cut or changed, {reason}."
        raise BadBackup(message)


def manifest(path: Path) -> dict[str, Any]:
    """What a checked backup says of itself."""
    try:
        with zipfile.ZipFile(path) as package:
            told: dict[str, Any] = json.loads(package.read(MANIFEST))
            names = sorted(package.namelist())
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        message = f"{path} holds no manifest that can be read."
        raise BadBackup(message) from error
    if told.get("format") != FORMAT:
        message = f"{path} is of a format that this release does not know."
        raise BadBackup(message)
    if names != sorted([*told["parts"], MANIFEST]):
        message = f"{path} holds other parts than its manifest names."
        raise BadBackup(message)
    return told


def contents(told: dict[str, Any]) -> Contents:
    """What the database of a backup held, as its manifest tells it."""
    return Contents(**told["contents"])


def unpack(path: Path, told: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Lay the parts out in an empty folder, each compared with its hash on the way."""
    total, done = sum(part["size"] for part in told["parts"].values()), 0
    with zipfile.ZipFile(path) as package:
        for name, part in told["parts"].items():
            target = (folder / name).resolve()
            if not target.is_relative_to(folder.resolve()):
                message = f"{path} names a part outside of itself: {name!r}"
                raise BadBackup(message)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = hashlib.sha256()
            with package.open(name) as source, target.open("xb") as file:
                while block := source.read(_CHUNK):
                    found.update(block)
                    file.write(block)
                    done += len(block)
                    progress("Unpacking", done, total)
            if found.hexdigest() != part["sha256"]:
                message = f"{path}: the part {name} is not what the manifest says."
                raise BadBackup(message)


def _digest(file: BinaryIO, length: int, key: str) -> str:
    found = hmac.new(key.encode(), digestmod="sha256") if key else hashlib.sha256()
    while length > 0 and (block := file.read(min(_CHUNK, length))):
        found.update(block)
        length -= len(block)
    return found.hexdigest()
