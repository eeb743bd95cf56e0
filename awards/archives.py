"""Archives to hand out: files under tidy names with their hashes, and a page about them.

This module alone touches the folder of archives. They lie beside the uploads, since they may be
larger than a database likes; each is named by a row, and what no row names goes after a day.
"""

import hashlib
import re
import secrets
import zipfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from awards.sheets import Progress
from workflows import calendar

MEDIA_TYPE = "application/zip"
SUMS, README = "SHA256SUMS", "README.txt"
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class Member:
    """A file to pack: its path, its size in bytes, how it is read, what it hashes to by our books.

    `read` gives None for a file that is not there any more.
    """

    path: str
    read: Callable[[], bytes | None]
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Packed:
    """What came of packing: the archive's name in its folder, its hash, how many files it holds."""

    token: str
    size: int
    sha256: str
    count: int


def pack(
    folder: Path,
    members: Sequence[Member],
    readme: str,
    *,
    now: datetime,
    progress: Progress | None = None,
) -> Packed:
    """Write an archive into the folder; tells `progress` after each file how many there are.

    It holds the members, README.txt, which goes on to tell what is missing or not as it was, and
    SHA256SUMS of all of them. What fails leaves nothing behind.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    token = f"{secrets.token_hex(16)}.zip"
    path = path_of(token, folder)
    try:
        with zipfile.ZipFile(path, "w", allowZip64=True) as archive:
            _write(archive, members, readme, now, progress)
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Packed(token, path.stat().st_size, sha256, len(members))


def path_of(token: str, folder: Path) -> Path:
    """Where an archive lies; never outside the folder."""
    path = (folder / token).resolve()
    if path.parent != folder.resolve():
        message = f"not a token: {token!r}"
        raise ValueError(message)
    return path


def sweep(folder: Path, named: Collection[str], *, now: datetime, lasts: timedelta) -> None:
    """Take away what no row names and is older than that: left by a job that was killed."""
    for path in folder.glob("*.zip") if folder.is_dir() else ():
        is_old = path.stat().st_mtime < (now - lasts).timestamp()
        if path.name not in named and is_old:
            path.unlink(missing_ok=True)


def safe(name: str) -> str:
    """A name that every system can write: without separators, devices, or blanks at the end."""
    plain = _FORBIDDEN.sub("-", name).strip(" .")
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    if len(plain) > MAX_NAME:
        stem, dot, ending = plain.rpartition(".")
        plain = f"{stem[: MAX_NAME - len(ending) - 1]}{dot}{ending}"
    return plain or "tep"


def _write(
    archive: zipfile.ZipFile,
    members: Sequence[Member],
    readme: str,
    now: datetime,
    progress: Progress | None,
) -> None:
    sums, missing, changed = [], [], []
    for done, member in enumerate(members, start=1):
        content = member.read()
        if content is None:
            missing.append(member.path)
        else:
            sha256 = _put(archive, member.path, content, now)
            sums.append(f"{sha256}  {member.path}\n")
            if member.sha256 not in ("", sha256):
                changed.append(member.path)
        if progress is not None:
            progress(done)
    text = readme + _trouble("KHÔNG CÒN TRÊN MÁY CHỦ, HOẶC KHÔNG LẬP ĐƯỢC", missing)
    text += _trouble("KHÁC VỚI TỆP ĐÃ GHI TRONG SỔ (có thể đã bị sửa)", changed)
    sums.append(f"{_put(archive, README, text.encode(), now)}  {README}\n")
    _put(archive, SUMS, "".join(sums).encode(), now)


def _put(archive: zipfile.ZipFile, path: str, content: bytes, now: datetime) -> str:
    moment = now.astimezone(calendar.VIETNAM)
    entry = zipfile.ZipInfo(path, moment.timetuple()[:6])
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, content)
    return hashlib.sha256(content).hexdigest()


def _trouble(title: str, paths: Sequence[str]) -> str:
    return f"\n{title}:\n" + "".join(f"- {path}\n" for path in paths) if paths else ""
