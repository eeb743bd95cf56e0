"""The drill: bring the newest backup back beside the living system, work in it, say how it went.

What it finds is written into the living system, whether it went well or not.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from awards import safekeeping
from keeping import backup, databases, journey, proving, restoring
from keeping.archive import BadBackup, Progress
from keeping.databases import CannotCopy
from keeping.restoring import Another, Staged
from models.safekeeping import SafekeepingKind
from models.session import transaction
from settings import Settings
from views.web import db

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
) -> Drill:
    """Restore the newest backup into a temporary place, and try it; the living data stay.

    Raises BadBackup, having written down that the drill failed.
    """
    began = time.monotonic()
    found = path or newest(chosen)
    try:
        with restoring.staged(
            chosen, found, another=another, now=now, progress=progress
        ) as staged:
            missing = _missing(engine, staged)
            steps = journey.walk(staged.app, now)
            took = timedelta(seconds=round(time.monotonic() - began, 1))
            drill = _told(found, staged, missing, steps, now - staged.made_at, took)
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


def _told(
    path: Path,
    staged: Staged,
    missing: dict[str, tuple[int, int]],
    steps: list[str],
    age: timedelta,
    took: timedelta,
) -> Drill:
    parts, rows = staged.manifest["parts"], staged.manifest["contents"]["rows"]
    return Drill(
        archive=path.name,
        events=staged.events,
        rows=sum(rows.values()),
        files=len(parts) - 1,
        erased=staged.erased,
        age=age,
        took=took,
        missing=missing,
        steps=steps,
    )
