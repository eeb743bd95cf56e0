"""A province whose records are to be kept, and people who go on writing while that is done."""

import hashlib
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import app as application
from awards import files
from awards.files import StoredFile
from keeping import archive, backup, restoring
from keeping.backup import Made
from keeping.proving import NO_WITNESSES, Witnesses
from models.history import HistoryEvent
from models.papers import Attachment
from models.session import reading, transaction
from settings import Settings
from tests import factories
from tests.conftest import NOW, Databases, make_app
from views import web


@contextmanager
def site(databases: Databases, folder: Path) -> Iterator[Flask]:
    """An application on a province of its own, in an instance folder of its own."""
    folder.mkdir(exist_ok=True)
    app = make_app(databases.copy("province"), folder)
    with app.app_context():
        yield app
        web.db.session.close()
        web.db.engine.dispose()


def find_tools(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump must not be older than the server, and this one's are in its wheel."""
    if databases.cluster is not None:
        programs = databases.cluster.folder / "programs"
        monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)


def chosen(app: Flask) -> Settings:
    found: Settings = app.config["SETTINGS"]
    return found


def quiet(stage: str, done: int, total: int) -> None:
    del stage, done, total


def back_up(app: Flask) -> Made:
    return backup.make(web.db.engine, chosen(app), now=datetime.now(UTC), progress=quiet)


@contextmanager
def staged(app: Flask, path: Path) -> Iterator[restoring.Staged]:
    made = application.create_app
    with restoring.staged(
        chosen(app), path, another=made, now=datetime.now(UTC), progress=quiet
    ) as found:
        yield found


def restore(
    app: Flask,
    path: Path,
    *,
    is_replacing: bool = True,
    witnesses: Witnesses = NO_WITNESSES,
) -> restoring.Restored:
    web.db.session.close()
    web.db.engine.dispose()
    return restoring.restore(
        chosen(app), path, another=application.create_app, is_replacing=is_replacing,
        now=datetime.now(UTC), progress=quiet, witnesses=witnesses,
    )  # fmt: skip


def nominate(session: Session, uploads: Path) -> None:
    """A nomination with a file whose bytes lie in the folder, as an upload leaves it."""
    nomination = factories.begin(session, has_papers=False)
    officer = factories.actor(session, f"unit_officer:{factories.UNIT}")
    content, token = secrets.token_bytes(2_000), secrets.token_hex(16)
    uploads.mkdir(exist_ok=True)
    files.path_of(token, uploads).write_bytes(content)
    stored = StoredFile(
        token,
        "sang-kien.pdf",
        "application/pdf",
        2_000,
        hashlib.sha256(content).hexdigest(),
    )
    files.attach(session, nomination, stored, item_code="sang_kien", actor=officer, now=NOW)


class Writers:
    """Threads that set up nominations until they are told to stop, and count what is committed."""

    def __init__(self, engine: Engine, uploads: Path, count: int = 2) -> None:
        self._engine, self._uploads = engine, uploads
        self._lock, self._is_over = threading.Lock(), threading.Event()
        self._threads = [threading.Thread(target=self._write) for _ in range(count)]
        self.committed = 0
        self.errors: list[Exception] = []

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _write(self) -> None:
        try:
            while not self._is_over.is_set():
                with transaction(self._engine) as session:
                    nominate(session, self._uploads)
                with self._lock:
                    self.committed += 1
                self._is_over.wait(0.05)
        except Exception as error:  # noqa: BLE001 - the test shows it
            self.errors.append(error)


def events(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(HistoryEvent)) or 0


def nominations(engine: Engine) -> int:
    with reading(engine) as session:
        return len(session.scalars(select(Attachment.id)).all())


def wrong_files(engine: Engine, uploads: Path) -> list[str]:
    """Attachments whose bytes are not there as they came; read by hand, not by our own code."""
    with reading(engine) as session:
        rows = session.execute(select(Attachment.token, Attachment.sha256)).all()
    return [
        token
        for token, sha256 in rows
        if not (uploads / token).is_file()
        or hashlib.sha256((uploads / token).read_bytes()).hexdigest() != sha256
    ]


def rewritten(path: Path, target: Path, key: str, change: Any) -> Path:
    """The same backup with something else in it, and sealed anew: by somebody who knows how."""
    folder = target.with_suffix("")
    told = archive.manifest(path)
    archive.unpack(path, told, folder, quiet)
    extra = change(folder, told) or {}
    with archive.writing(target, key) as writer:
        for name in [*told["parts"], *extra]:
            if (folder / name).exists():
                writer.add(name, folder / name)
        keep = {n: told[n] for n in told if n not in ("parts", "format")}
        honest = dict(writer.parts)
        if told.get("lies"):
            writer.parts = told["parts"]
        writer.say(keep)
        writer.parts = honest
    shutil.rmtree(folder)
    return target


def everything_in(folder: Path, *, without: Path) -> dict[str, str]:
    """Every file below a folder and the hash of its bytes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and without not in path.parents
    }
