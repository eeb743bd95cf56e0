"""Bringing a backup back: laid out beside what is there, proved, and only then put in place."""

import fcntl
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from flask import Flask
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from awards import erasure_lists, safekeeping
from keeping import archive, backup, contents, databases, forgetting, proving
from keeping.archive import BadBackup, Progress
from keeping.proving import NO_WITNESSES, Witnesses
from models.safekeeping import SafekeepingKind
from models.session import reading, transaction
from settings import Settings
from views.web import SQLITE_DRIVER, db

Another: TypeAlias = Callable[[Settings], Flask]
"""Makes an application for other settings."""

_DATABASE = databases.PARTS["sqlite"]
_FILE = re.compile(backup.UPLOADS + r"/[0-9a-f]{32}")
_BESIDE = ("", "-wal", "-shm")
_MAX_NAME = 63  # of a database in PostgreSQL


@dataclass(frozen=True, slots=True)
class Staged:
    """A backup that was brought back beside everything else, and holds all that it must hold."""

    app: Flask
    place: Settings
    manifest: dict[str, Any]
    events: int
    erased: int
    cut: tuple[int, int] | None

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest["made_at"])


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands in its place now, what it lacks of what stood there, and where that is kept."""

    events: int
    erased: int
    made_at: datetime
    files_missing: list[str]
    lost: dict[str, tuple[int, int]]
    cut: tuple[int, int] | None
    before: str


def restore(
    chosen: Settings,
    path: Path,
    *,
    another: Another,
    is_replacing: bool,
    now: datetime,
    progress: Progress,
    witnesses: Witnesses = NO_WITNESSES,
) -> Restored:
    """Put a backup in the place of these settings. What stood there is kept beside it.

    `witnesses` are checkpoints that were kept elsewhere.

    Raises BadBackup, and has then replaced nothing: where the backup is not whole or its log is
    not the one that the witnesses saw, where a server runs, and where something is there already
    unless it `is_replacing`.
    """
    is_free = _is_free(chosen)
    if not is_free and not is_replacing:
        message = (
            f"There is something already: {_named(chosen)} or files in {chosen.uploads}. "
            "Say --replace to put the backup in its place; what is there is kept beside it."
        )
        raise BadBackup(message)
    with (
        _nobody_serves(chosen),
        staged(
            chosen, path, another=another, now=now, progress=progress, witnesses=witnesses
        ) as found,
    ):
        lost = {} if is_free else _lost(chosen, found)
        with found.app.app_context(), transaction(db.engine) as session:
            safekeeping.record(
                session, SafekeepingKind.RESTORED, path.name, now=now,
                events=found.events, erased=found.erased, lost=len(lost),
            )  # fmt: skip
        before = _put_in_place(chosen, found, now, is_free=is_free)
    return Restored(
        events=found.events,
        erased=found.erased,
        made_at=found.made_at,
        files_missing=found.manifest["missing"],
        lost=lost,
        cut=found.cut,
        before=before,
    )


@contextmanager
def staged(
    chosen: Settings,
    path: Path,
    *,
    another: Another,
    now: datetime,
    progress: Progress,
    witnesses: Witnesses = NO_WITNESSES,
) -> Iterator[Staged]:
    """A backup in a temporary place of its own, up to date and proved; gone afterwards.

    Raises BadBackup where anything in it is not as it was written, does not hold, or is not what
    the checkpoints of `witnesses` have seen.
    """
    archive.check(path, chosen.backup_key)
    told = archive.manifest(path)
    _check_kind(chosen, told, path)
    folder = Path(tempfile.mkdtemp(prefix=".restoring-", dir=chosen.instance))
    place = _place(chosen, folder)
    app = None
    try:
        archive.unpack(path, told, folder, progress)
        if not place.is_sqlite:
            progress("Filling a database", 0, 1)
            databases.fill(place.database_url, folder / databases.PARTS["postgresql"])
            progress("Filling a database", 1, 1)
        _compare(place, told)
        app = another(place)
        with app.app_context():
            app.extensions["alembic"].upgrade()
        with app.app_context():  # Alembic holds its connection until its own context ends
            erased = _forget(chosen, path, place, now)
            progress("Proving the history", 0, 1)
            with reading(db.engine) as session:
                events, fault = proving.first_fault(session)
                fault = fault or proving.contradiction(session, witnesses)
                cut = None if fault else proving.cut(session, witnesses)
            progress("Proving the history", 1, 1)
        if fault:
            message = f"{path}: the history does not hold: {fault}"
            raise BadBackup(message)
        yield Staged(app, place, told, events, erased, cut)
    finally:
        if app is not None:
            close(app)
        if not place.is_sqlite:
            databases.drop(place.database_url)
        shutil.rmtree(folder)


def close(app: Flask) -> None:
    """Leave an application's database; SQLite folds its log into its file."""
    with app.app_context():
        db.session.close()
        db.engine.dispose()


def _check_kind(chosen: Settings, told: dict[str, Any], path: Path) -> None:
    kind = chosen.database_url.get_backend_name()
    if told["database"] != kind:
        message = f"{path} is of {told['database']}, and DATABASE_URL names {kind}."
        raise BadBackup(message)
    wanted = {databases.PARTS[kind], *(n for n in told["parts"] if _FILE.fullmatch(n))}
    if wanted != set(told["parts"]):
        message = f"{path} holds something that is neither a database nor a file of ours."
        raise BadBackup(message)
    found, known = archive.contents(told).schema, backup.newest_revision()
    if not found.isdecimal() or found > known:
        message = (
            f"{path} was made by a newer release: its schema is {found!r}, ours {known}. "
            "Restore it with that release."
        )
        raise BadBackup(message)


def _place(chosen: Settings, folder: Path) -> Settings:
    """Settings for the temporary place, from which nothing goes out."""
    url = chosen.database_url
    if chosen.is_sqlite:
        url = URL.create("sqlite", database=str(folder / _DATABASE))
    else:
        ending = folder.name.replace(".", "").replace("-", "_").lower()
        url = url.set(database=f"{str(url.database)[:40]}_{ending}")
    return replace(
        chosen, database_url=url, instance=folder, smtp=None, clamd="", backups=None
    )


def _compare(place: Settings, told: dict[str, Any]) -> None:
    """The database is whole, holds what the manifest says, and every file it names."""
    try:
        with databases.opened(place.database_url) as connection:
            databases.prove(connection)
            found, files = contents.of(connection), contents.files(connection)
    except DBAPIError as error:
        message = f"The database of this backup cannot be read: {error.orig}."
        raise BadBackup(message) from error
    if found != archive.contents(told):
        message = "The database of this backup does not hold what its manifest says."
        raise BadBackup(message)
    parts, excused = told["parts"], set(told["missing"])
    for file in files:
        part = parts.get(f"{backup.UPLOADS}/{file.token}", {})
        if (
            not (file.is_erased or file.token in excused)
            and part.get("sha256") != file.sha256
        ):
            message = f"The file {file.token} is not in this backup as it was attached."
            raise BadBackup(message)


def _forget(chosen: Settings, path: Path, place: Settings, now: datetime) -> int:
    """Erase what was erased since: the list here, and the one that lies beside the backup."""
    known = place.instance / forgetting.LIST
    for source in (chosen.erasures, path.parent / forgetting.LIST):
        forgetting.merge(source, known)
    lines = erasure_lists.read(known)
    count, is_rid = forgetting.erase_again(db.engine, place.uploads, lines, now)
    if not is_rid:
        message = "Somebody reads the restored database; try again."
        raise BadBackup(message)
    return count


def _is_free(chosen: Settings) -> bool:
    """Whether nothing would be lost: no database, or one with nobody in it, and no files."""
    if chosen.uploads.exists() and any(chosen.uploads.iterdir()):
        return False
    if not chosen.is_sqlite:
        if not databases.exists(chosen.database_url):
            return True
    elif not any(path.exists() for path in _sqlite_files(chosen)):
        return True
    elif not _sqlite_files(chosen)[0].exists():
        return (
            False  # a log without its file, which it might spoil when another is put there
        )
    with databases.opened(chosen.database_url) as connection:
        return contents.is_nothing(connection)


def _lost(chosen: Settings, found: Staged) -> dict[str, tuple[int, int]]:
    """What the old database has more; of one that cannot be read nothing can be said."""
    is_there = (
        _sqlite_files(chosen)[0].exists()
        if chosen.is_sqlite
        else databases.exists(chosen.database_url)
    )
    if not is_there:
        return {}
    try:
        with (
            databases.opened(chosen.database_url) as there,
            found.app.app_context(),
            db.engine.connect() as here,
        ):
            return proving.missing(there, here)
    except Exception:  # noqa: BLE001 - it is being replaced because it is broken, however that is
        return {}


def _put_in_place(chosen: Settings, found: Staged, now: datetime, *, is_free: bool) -> str:
    """Move what is there aside, and the proved copy into its place; gives where the old one is."""
    close(found.app)
    stamp = f"{now.astimezone(UTC):%Y%m%d_%H%M%S_%f}"
    aside = chosen.instance / f"before-restore-{stamp}"
    aside.mkdir(mode=0o700)
    moved = [chosen.uploads, *_files_of(chosen.instance / "jobs.sqlite")]
    moved += _sqlite_files(chosen) if chosen.is_sqlite else []
    for path in moved:
        if path.exists():
            shutil.move(path, aside / path.name)
    if found.place.uploads.exists():
        shutil.move(found.place.uploads, chosen.uploads)
    forgetting.merge(found.place.erasures, chosen.erasures)
    if chosen.is_sqlite:
        shutil.move(found.place.instance / _DATABASE, _sqlite_files(chosen)[0])
        return str(aside)
    url, name = chosen.database_url, str(chosen.database_url.database)
    kept = f"{name[: _MAX_NAME - 32]}_before_{stamp}"
    if is_free:
        databases.drop(url)
    else:
        databases.rename(url, name, kept)
    databases.rename(url, str(found.place.database_url.database), name)
    return str(aside) if is_free else f"{aside}, database {kept}"


def _sqlite_files(chosen: Settings) -> list[Path]:
    return _files_of(Path(str(chosen.database_url.database)))


def _files_of(database: Path) -> list[Path]:
    """A SQLite file with its log and the map of that."""
    return [database.with_name(database.name + ending) for ending in _BESIDE]


def _named(chosen: Settings) -> str:
    return f"the database {chosen.database_url.database}"


@contextmanager
def _nobody_serves(chosen: Settings) -> Iterator[None]:
    """Hold the places of server processes, so that none runs and none begins meanwhile."""
    if chosen.is_sqlite:
        _check_alone(chosen)
    with ExitStack() as held:
        for path in chosen.instance.glob("executor-*.lock"):
            lock = held.enter_context(path.open("w"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                message = f"A server runs on {chosen.instance}: stop it first."
                raise BadBackup(message) from error
        yield


def _check_alone(chosen: Settings) -> None:
    """Raise BadBackup if anybody has SQLite's file open; PostgreSQL itself says so later."""
    file = _sqlite_files(chosen)[0]
    if not file.exists():
        return
    try:
        with closing(SQLITE_DRIVER.connect(str(file), timeout=0)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except SQLITE_DRIVER.OperationalError as error:
        message = f"Somebody has {file} open: stop the server first."
        raise BadBackup(message) from error
    except SQLITE_DRIVER.DatabaseError:
        return  # broken, which may be why it is replaced
