"""Making a backup: the database first, then the files that its rows name, which never change."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select

from awards import safekeeping
from keeping import archive, contents, databases, forgetting
from keeping.archive import Progress, Writer
from keeping.contents import StoredFile
from models.base import ERASED
from models.papers import Attachment
from models.safekeeping import SafekeepingKind
from models.session import reading, transaction
from settings import HERE, Settings

PATTERN = "vinh-danh-*.zip"
UPLOADS = "uploads"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is on the disk. `missing` are files that were not as they had come."""

    path: Path
    size: int
    seconds: float
    missing: list[str]


def make(engine: Engine, chosen: Settings, *, now: datetime, progress: Progress) -> Made:
    """Make a backup of what is committed now, while others go on writing; tell it in the database.

    Raises CannotCopy with a sentence where the database's own tools fail.
    """
    folder = chosen.backup_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"vinh-danh-{now.astimezone(UTC):%Y%m%d-%H%M%S-%f}.zip"
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as making:
        copy = Path(making) / databases.PARTS[engine.dialect.name]
        progress("Copying the database", 0, 1)
        with databases.copying(engine, copy) as connection:
            found, files = contents.of(connection), contents.files(connection)
        progress("Copying the database", 1, 1)
        with archive.writing(path, chosen.backup_key) as writer:
            writer.add(copy.name, copy, is_to_be_packed=engine.dialect.name == "sqlite")
            missing = _add_files(engine, writer, files, chosen.uploads, progress)
            writer.say(
                {
                    "made_at": now.isoformat(),
                    "release": newest_revision(),
                    "database": engine.dialect.name,
                    "contents": asdict(found),
                    "missing": missing,
                }
            )
    forgetting.merge(chosen.erasures, folder / forgetting.LIST)
    made = Made(path, path.stat().st_size, _since(now), missing)
    with transaction(engine) as session:
        safekeeping.record(
            session,
            SafekeepingKind.BACKUP_MADE,
            path.name,
            now=now,
            bytes=made.size,
            seconds=made.seconds,
            events=found.events,
            missing=len(missing),
        )
    return made


def make_if_due(engine: Engine, chosen: Settings, now: datetime) -> Made | None:
    """The server's own backups: one every so many hours, and only so many are kept."""
    with _alone(chosen.backup_folder) as is_alone:
        if not is_alone:
            return None
        with reading(engine) as session:
            if not safekeeping.is_due(session, every=chosen.backup_every, now=now):
                return None
        _tidy(chosen.backup_folder)
        made = make(engine, chosen, now=now, progress=lambda *_: None)
        prune(chosen)
    return made


def prune(chosen: Settings) -> list[Path]:
    """Remove the oldest backups, but for as many as are to be kept; gives what was removed."""
    old = all_of(chosen.backup_folder)[: -chosen.backups_kept]
    for path in old:
        path.unlink()
    return old


def all_of(folder: Path) -> list[Path]:
    """The backups in a folder, oldest first."""
    return sorted(folder.glob(PATTERN))


def newest_revision() -> str:
    """The revision of the schema that this release works on."""
    return max(path.name[:4] for path in (HERE / "migrations").glob("0*.py"))


def _add_files(
    engine: Engine,
    writer: Writer,
    files: list[StoredFile],
    uploads: Path,
    progress: Progress,
) -> list[str]:
    """Copy the files; gives the tokens of those that are not as they were when they came."""
    wanted, doubtful = [file for file in files if not file.is_erased], []
    for done, file in enumerate(wanted, start=1):
        try:
            found = writer.add(f"{UPLOADS}/{file.token}", uploads / file.token)
        except FileNotFoundError:
            found = ""
        if found != file.sha256:
            doubtful.append(file.token)
        progress("Copying files", done, len(wanted))
    return [token for token in doubtful if not _is_erased_meanwhile(engine, token)]


def _is_erased_meanwhile(engine: Engine, token: str) -> bool:
    with reading(engine) as session:
        query = select(Attachment.file_name).where(Attachment.token == token)
        return session.scalar(query) == ERASED


def _since(moment: datetime) -> float:
    return round((datetime.now(UTC) - moment).total_seconds(), 1)


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether no other process makes backups in this folder meanwhile."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def _tidy(folder: Path) -> None:
    """Remove what a killed process has begun."""
    for left in folder.glob(".making-*"):
        shutil.rmtree(left)
    for left in folder.glob("*.part"):
        left.unlink()
