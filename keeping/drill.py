"""The drill: bring the newest backup back beside the living system, work in it, say how it went.

What it finds is written into the living system, whether it went well or not.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from awards import safekeeping
from keeping import backup, databases, journey, proving, restoring
from keeping.archive import BadBackup, Progress
from keeping.databases import CannotCopy
from keeping.proving import Witnesses
from keeping.restoring import Another, Staged
from models.safekeeping import SafekeepingKind
from models.session import reading, transaction
from settings import Settings
from views.web import db
from workflows import checkpoints
from workflows.notes import Note

RPO = timedelta(hours=1)
"""How much may be lost at most: what was done since the newest backup."""

RTO = timedelta(hours=4)
"""How long it may take until people work again."""


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill that passed: what was brought back, what it lacks of today, what was done in it."""

    archive: str
    events: int
    rows: int
    files: int
    erased: int
    age: timedelta
    took: timedelta
    missing: dict[str, tuple[int, int]]
    compared: int
    cut: tuple[int, int] | None
    steps: list[str]

    @property
    def keeps_promises(self) -> bool:
        """Whether as little would be lost, and work would go on as soon, as was promised."""
        return self.age <= RPO and self.took <= RTO


def carry_out(
    engine: Engine,
    chosen: Settings,
    *,
    another: Another,
    now: datetime,
    progress: Progress,
    path: Path | None = None,
    witnesses: Sequence[Note] = (),
) -> Drill:
    """Restore the newest backup into a temporary place, and try it; the living data stay.

    Its log has to be the one that `witnesses`, checkpoints from elsewhere, have seen, and the
    one that the living system has signed.

    Raises BadBackup, having written down that the drill failed.
    """
    began = time.monotonic()
    found = path or newest(chosen)
    with reading(engine) as session:
        notes = [*witnesses, *checkpoints.notes_of_all(session)]
        signed = Witnesses(notes, checkpoints.keys(session))
    try:
        with restoring.staged(
            chosen, found, another=another, now=now, progress=progress, witnesses=signed
        ) as staged:
            missing = _missing(engine, staged)
            steps = journey.walk(staged.app, now)
            drill = Drill(
                archive=found.name,
                events=staged.events,
                rows=sum(staged.manifest["contents"]["rows"].values()),
                files=len(staged.manifest["parts"]) - 1,
                erased=staged.erased,
                age=now - staged.made_at,
                took=timedelta(seconds=round(time.monotonic() - began, 1)),
                missing=missing,
                compared=len(notes),
                cut=staged.cut,
                steps=steps,
            )
    except (BadBackup, CannotCopy) as error:
        with transaction(engine) as session:
            failed = SafekeepingKind.DRILL_FAILED
            safekeeping.record(session, failed, found.name, now=now, why=error.message)
        raise
    with transaction(engine) as session:
        safekeeping.record(
            session,
            SafekeepingKind.DRILL_PASSED,
            found.name,
            now=now,
            events=drill.events,
            rows=drill.rows,
            files=drill.files,
            missing=sum(last - first + 1 for first, last in missing.values()),
            age_seconds=drill.age.total_seconds(),
            took_seconds=drill.took.total_seconds(),
        )
    return drill


def newest(chosen: Settings) -> Path:
    """The newest backup. Raises BadBackup where there is none."""
    found = backup.all_of(chosen.backup_folder)
    if not found:
        message = f"There is no backup in {chosen.backup_folder}."
        raise BadBackup(message)
    return found[-1]


def _missing(engine: Engine, staged: Staged) -> dict[str, tuple[int, int]]:
    with (
        databases.opened(engine.url) as there,
        staged.app.app_context(),
        db.engine.connect() as here,
    ):
        return proving.missing(there, here)
