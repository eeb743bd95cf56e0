"""Lists handed out as spreadsheets, decisions as archives: asked for, made, kept for a day, told.

Short lists are made while the reader waits, long ones and archives by a job. A file is its maker's
alone, and only while the posts are held with which it was made.
"""

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from awards import access, archives, people, reads, sheets
from awards.errors import TooManyRows
from awards.tables import SOURCES, Asked, decisions, evidence
from awards.tables import events as histories
from awards.tables.asking import narrowed
from models.exports import Export, ExportKind, ExportState
from models.reads import ReadKind
from workflows import calendar, commands
from workflows.actors import Actor
from workflows.canonical import canonical, sha256
from workflows.errors import NotAllowed

AT_ONCE = 1_000
MAX_ROWS = 50_000
LASTS = timedelta(hours=24)
SAME_PRESS = timedelta(minutes=1)
_IN_MEMORY = 5_000_000
_SEEN = {  # of which nomination a list is; the others are of many
    ExportKind.HISTORY: histories.seen,
    ExportKind.NOMINATION_EVIDENCE: evidence.seen,
}


@dataclass(frozen=True, slots=True)
class File:
    """A file that was made, and how many rows or files it holds.

    A spreadsheet is its `content`; an archive lies in its folder under `token`.
    """

    rows: int
    size: int
    sha256: str
    content: bytes | None = None
    token: str | None = None


def count(
    session: Session,
    kind: ExportKind,
    filters: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """How many rows it would have. Raises NotAllowed, and TooManyRows past the limit."""
    source = SOURCES[kind]
    if not source.may(actor):
        raise NotAllowed
    rows = source.count(Asked(session, actor, filters, now))
    if rows > MAX_ROWS:
        raise TooManyRows(count=rows, limit=MAX_ROWS)
    return rows


def make(
    session: Session,
    kind: ExportKind,
    filters: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    progress: sheets.Progress | None = None,
) -> File:
    """The file as the actor may have it now. Raises NotAllowed."""
    source = SOURCES[kind]
    if not source.may(actor):
        raise NotAllowed
    asked = Asked(session, actor, filters, now)
    if source.pack is not None:
        packed = source.pack(asked, _told(asked), progress)
        return File(packed.count, packed.size, packed.sha256, token=packed.token)
    about = {"Danh sách": source.title, **narrowed(asked), **_made_by(asked)}
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        rows = sheets.write(file, source.tables(asked), about, progress)  # type: ignore[arg-type] # it is a file
        file.seek(0)
        content = file.read()
    return File(rows, len(content), hashlib.sha256(content).hexdigest(), content)


def is_archive(kind: ExportKind) -> bool:
    """Whether it is a ZIP, not a spreadsheet."""
    return SOURCES[kind].pack is not None


def is_short(kind: ExportKind, rows: int) -> bool:
    """Whether it is made while the reader waits."""
    return not is_archive(kind) and rows <= AT_ONCE


def begin(
    session: Session,
    kind: ExportKind,
    filters: Mapping[str, str],
    *,
    rows: int,
    file: File | None,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> Export:
    """Keep what somebody asks for, with the file where it is made already; else a job makes it.

    The same command key soon again, for the same list, gives the export it made the first time:
    the page stays where it is, so somebody who presses its button later wants a new one.
    """
    key = sha256(canonical([kind.value, dict(filters), command_key]))
    command = commands.take(session, key, kind="export", actor=actor, now=now)
    if command is None:
        earlier = session.get_one(Export, commands.subject_of(session, key))
        if now - earlier.asked_at < SAME_PRESS:
            return earlier
    export = Export(
        kind=kind,
        person_id=actor.id,
        asked_at=now,
        filters=dict(filters),
        queues=sorted(actor.queues),
        file_name=_file_name(kind, now),
        state=ExportState.WAITING,
        total=rows,
        done=0,
    )
    session.add(export)
    session.flush()
    if command is not None:
        command.subject_id = export.id
    if file is not None:
        keep(session, export, file, actor=actor, now=now)
    session.flush()
    return export


def keep(
    session: Session, export: Export, file: File, *, actor: Actor, now: datetime
) -> None:
    """Keep the file for as long as it lasts, and leave the trace of it."""
    export.state = ExportState.READY
    export.content, export.token = file.content, file.token
    export.size, export.sha256 = file.size, file.sha256
    export.total = export.done = file.rows
    export.finished_at, export.expires_at = now, now + LASTS
    session.flush()
    record(session, export, actor=actor, now=now)


def fail(session: Session, export_id: int, *, now: datetime) -> None:
    """Tell whoever waits that there will be no file."""
    export = session.get_one(Export, export_id)
    export.state, export.finished_at = ExportState.FAILED, now
    session.flush()


def record(session: Session, export: Export, *, actor: Actor, now: datetime) -> None:
    """Tell that a list was taken out, as a read of what is in it. Every export comes by here."""
    asked = Asked(session, actor, export.filters, now)
    reads.record(
        session,
        ReadKind.LIST_EXPORTED,
        _SEEN[export.kind](asked) if export.kind in _SEEN else None,
        actor=actor,
        now=now,
        export=export.id,
        list=export.kind.value,
        rows=export.total,
        sha256=export.sha256,
    )


def maker(session: Session, export: Export, now: datetime) -> Actor:
    """Who asked for it, with the rights of this moment. Raises NotAllowed when they are fewer."""
    person = people.find(session, export.person_id)
    if person is None or not person.is_active:
        raise NotAllowed
    actor = people.actor_of(person, calendar.today(now))
    if not may_see(actor, export):
        raise NotAllowed
    return actor


def may_see(actor: Actor, export: Export) -> bool:
    """Its maker alone, who may still have such a list and still holds the same posts."""
    return (
        access.owns_export(actor, export)
        and SOURCES[export.kind].may(actor)
        and set(export.queues) <= actor.queues
    )


def is_there(export: Export, now: datetime) -> bool:
    """Whether the file can still be had."""
    return export.expires_at is not None and now < export.expires_at


def of(
    session: Session, actor: Actor, *, page: int, size: int
) -> tuple[Sequence[Export], int]:
    """A page of what somebody has taken out, the latest first; and how many there are."""
    mine = Export.person_id == actor.id
    total = session.scalar(select(func.count(Export.id)).where(mine)) or 0
    query = select(Export).where(mine).order_by(Export.id.desc())
    return session.scalars(query.offset((page - 1) * size).limit(size)).all(), total


def unfinished(session: Session) -> Sequence[int]:
    """Those that wait to be made."""
    return session.scalars(
        select(Export.id).where(Export.state == ExportState.WAITING)
    ).all()


def remove_expired(session: Session, now: datetime) -> None:
    """Take away the files whose time is over. That they were handed out stays on record."""
    over = update(Export).where(Export.expires_at <= now)
    session.execute(over.values(content=None, token=None, expires_at=None))
    tokens = session.scalars(select(Export.token).where(Export.token.is_not(None)))
    named = {token for token in tokens if token}
    archives.sweep(decisions.folder_of(session), named, now=now, lasts=LASTS)


def path_of(session: Session, export: Export) -> Path | None:
    """Where an archive lies that can still be had."""
    if export.token is None:
        return None
    path = archives.path_of(export.token, decisions.folder_of(session))
    return path if path.is_file() else None


def _made_by(asked: Asked) -> dict[str, sheets.Cell]:
    return {
        "Lập lúc": asked.at,
        "Người lập": asked.actor.name,
        "Chức vụ": asked.actor.acting_as,
        "Lưu ý": "Có dữ liệu cá nhân. Chỉ dùng cho công việc được giao; xong việc thì xóa tệp.",
    }


def _told(asked: Asked) -> str:
    moment = asked.at.astimezone(calendar.VIETNAM)
    lines = _made_by(asked) | {"Lập lúc": f"{moment:%d/%m/%Y %H:%M}"}
    return "".join(f"{label}: {cell}\n" for label, cell in lines.items())


def _file_name(kind: ExportKind, now: datetime) -> str:
    moment = now.astimezone(calendar.VIETNAM)
    ending = "zip" if is_archive(kind) else "xlsx"
    return f"{SOURCES[kind].file_name}-{moment:%Y-%m-%d-%H%M}.{ending}"
