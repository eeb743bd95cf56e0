"""What runs in the background: lists, batches, exports, and every minute the rounds.

DBOS carries jobs out in the serving process and takes them up again after a crash. Each job is safe
to repeat: how far it has come is in its own rows. Where no server runs, as in tests and commands,
the same functions are called on the spot.
"""

import fcntl
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import update
from sqlalchemy.engine import Engine

import rounds
from awards import (
    batches,
    exports,
    imports,
)
from awards.lists import UnreadableList
from models.awards import NomineeList, NomineeListState
from models.exports import Export, ExportKind, ExportState
from models.session import reading, transaction
from settings import Settings
from views.web import db
from workflows import calendar
from workflows.errors import NotAllowed

MAX_PROCESSES = 64
_TELL_EVERY = 500
_APART = 10  # seconds between the beginnings of two rounds


def init_app(app: Flask) -> None:
    """Until a server launches the background, jobs are done on the spot."""

    def on_the_spot(name: str, subject_id: int) -> None:
        _do(db.engine, app.config["SETTINGS"], name, subject_id)

    app.extensions["jobs"] = on_the_spot


def read_list(engine: Engine, list_id: int) -> None:
    """Read an uploaded list and keep what was found for the preview."""
    with reading(engine) as session:
        nominee_list = session.get_one(NomineeList, list_id)
        if nominee_list.state != NomineeListState.UPLOADED:
            return
        today = calendar.today(nominee_list.uploaded_at)
        found: Any
        try:
            found = imports.read(
                session, nominee_list, today=today, progress=_progress(engine, list_id)
            )
        except UnreadableList as error:
            found = error
    with transaction(engine) as session:
        imports.keep(session.get_one(NomineeList, list_id), found)


def import_list(engine: Engine, list_id: int) -> None:
    """Import a confirmed list, some rows a transaction, so that others get their turn."""
    more = True
    while more:
        with transaction(engine) as session:
            more = imports.import_some(session, list_id, now=datetime.now(UTC))


def seal_before(engine: Engine, settings: Settings, export_id: int) -> None:
    """Let the log cover what an evidence pack is going to prove; a pack says what it does not."""
    with reading(engine) as session:
        kind = session.get_one(Export, export_id).kind
    if kind in (ExportKind.NOMINATION_EVIDENCE, ExportKind.DECISION_EVIDENCE):
        rounds.seal_quietly(engine, settings, at_once=True)


def make_export(engine: Engine, export_id: int) -> None:
    """Make a long spreadsheet as its maker may have it now, or tell that there will be none."""
    try:
        _make_export(engine, export_id)
    except Exception as error:
        with transaction(engine) as session:
            exports.fail(session, export_id, now=datetime.now(UTC))
        if not isinstance(error, NotAllowed):
            raise


def _make_export(engine: Engine, export_id: int) -> None:
    now = datetime.now(UTC)
    with reading(engine) as session:
        export = session.get_one(Export, export_id)
        if export.state != ExportState.WAITING:
            return
        actor = exports.maker(session, export, now)
        tell = _rows_done(engine, export_id, export.total)
        kind, filters = export.kind, export.filters
        file = exports.make(session, kind, filters, actor=actor, now=now, progress=tell)
    with transaction(engine) as session:
        export = session.get_one(Export, export_id)
        exports.keep(session, export, file, actor=actor, now=now)


def carry_out_batch(engine: Engine, batch_id: int) -> None:
    """Carry a confirmed batch out, some tasks a transaction, so that others get their turn."""
    more = True
    while more:
        with transaction(engine) as session:
            more = batches.carry_out_some(session, batch_id, now=datetime.now(UTC))


JOBS: dict[str, Callable[[Engine, int], None]] = {
    "read_list": read_list,
    "import_list": import_list,
    "carry_out_batch": carry_out_batch,
    "make_export": make_export,
}


def _do(engine: Engine, settings: Settings, name: str, subject_id: int) -> None:
    if name == "make_export":
        seal_before(engine, settings, subject_id)
    JOBS[name](engine, subject_id)


def launch(app: Flask, settings: Settings) -> None:
    """Start the background in this process. It takes a second or two, so pages do not wait for it.

    Call it after the fork: it starts threads.
    """
    background = _Background(settings)
    app.extensions["jobs"] = background.start
    with app.app_context():
        engine = db.engine
    threading.Thread(target=background.launch, args=(engine,), daemon=True).start()


class _Background:
    """DBOS in this process, ready once `launch` has come to its end."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ready = threading.Event()
        self._begin: Callable[[str, int], None] | None = None

    def start(self, name: str, subject_id: int) -> None:
        """Have a job done once, however often it is asked for."""
        self._ready.wait()
        if self._begin is None:
            message = "the background did not start"
            raise RuntimeError(message)
        self._begin(name, subject_id)

    def launch(self, engine: Engine) -> None:
        try:
            self._begin = _launch(engine, self._settings)
        finally:
            self._ready.set()
        with reading(engine) as session:
            for nominee_list in imports.unfinished(session):
                is_new = nominee_list.state == NomineeListState.UPLOADED
                self.start("read_list" if is_new else "import_list", nominee_list.id)
            for batch_id in batches.unfinished(session):
                self.start("carry_out_batch", batch_id)
            for export_id in exports.unfinished(session):
                self.start("make_export", export_id)


def _launch(engine: Engine, settings: Settings) -> Callable[[str, int], None]:
    from dbos import DBOS, SetWorkflowID  # noqa: PLC0415 - slow import

    slot = _slot(settings.instance)
    DBOS(
        config={
            "name": "vinhdanh",
            "system_database_url": _system_database(settings),
            "executor_id": f"{socket.gethostname()}-{slot}",
            "application_version": "1",  # another one would strand the jobs of this one
            "log_level": "WARNING",
        }
    )

    @DBOS.step(name="do_job")
    def do(name: str, subject_id: int) -> None:
        _do(engine, settings, name, subject_id)

    @DBOS.workflow(name="job")
    def job(name: str, subject_id: int) -> None:
        do(name, subject_id)

    @DBOS.workflow(name="sweep")
    def sweep(_planned: datetime, _context: object) -> None:
        rounds.sweep_deadlines(engine)
        rounds.scan_files(engine, settings)

    @DBOS.workflow(name="tell")
    def tell(_planned: datetime, _context: object) -> None:
        rounds.tell_people(engine, settings.smtp)
        rounds.gather_texts(engine)

    @DBOS.workflow(name="seal")
    def seal(_planned: datetime, _context: object) -> None:
        rounds.seal_quietly(engine, settings)

    @DBOS.workflow(name="back_up")
    def back_up(_planned: datetime, _context: object) -> None:
        rounds.back_up(engine, settings)

    @DBOS.workflow(name="count")
    def count(_planned: datetime, _context: object) -> None:
        rounds.count_history(engine)

    DBOS.launch()
    DBOS.apply_schedules(
        _spaced(sweep=sweep, count=count, tell=tell, seal=seal, back_up=back_up)
    )

    def begin(name: str, subject_id: int) -> None:
        with SetWorkflowID(f"{name}-{subject_id}"):
            DBOS.start_workflow(job, name, subject_id)

    return begin


def _spaced(**duties: Callable[[datetime, object], None]) -> list[Any]:
    """Each begins once a minute, apart from the others, or pages would wait for all at once."""
    return [
        {
            "schedule_name": name,
            "workflow_fn": duty,
            "schedule": f"{number * _APART} * * * * *",
        }
        for number, (name, duty) in enumerate(duties.items())
    ]


def _system_database(settings: Settings) -> str:
    """On SQLite a file of its own: two engines in one file would wait for each other's writes."""
    if settings.is_sqlite:
        return f"sqlite:///{settings.instance / 'jobs.sqlite'}"
    return settings.database_url.render_as_string(hide_password=False)


_HELD: list[Any] = []


def _slot(instance: Path) -> int:
    """A number that no live process shares: two executors with one name run a step twice."""
    for number in range(MAX_PROCESSES):
        lock = (instance / f"executor-{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            continue
        _HELD.append(lock)
        return number
    message = f"more than {MAX_PROCESSES} processes serve from this folder"
    raise RuntimeError(message)


def _progress(engine: Engine, list_id: int) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        with transaction(engine) as session:
            query = update(NomineeList).where(NomineeList.id == list_id)
            session.execute(query.values(done=done, total=total))

    return tell


def _rows_done(engine: Engine, export_id: int, total: int) -> Callable[[int], None]:
    every = min(_TELL_EVERY, max(1, total // 20))

    def tell(done: int) -> None:
        if done % every == 0:
            with transaction(engine) as session:
                query = update(Export).where(Export.id == export_id)
                session.execute(query.values(done=done))

    return tell
