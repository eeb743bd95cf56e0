"""Nominee lists: uploaded, read and shown, confirmed, and then imported, a few rows at a time.

How far a list has come is in its row alone, so whoever carries on knows where to begin.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import access, blocks, lists, nominations, people, units
from awards.errors import OutsidePeriod
from awards.lists import Catalogue, NomineeRow, UnreadableList
from awards.nominations import Facts
from models.awards import Award, Movement, NomineeKind, NomineeList, NomineeListState
from workflows import calendar, commands
from workflows.actors import Actor
from workflows.errors import NotAllowed, TaskChanged

MAX_BYTES = lists.MAX_FILE_BYTES
ROWS_AT_ONCE = 25


def upload(
    session: Session,
    *,
    movement: Movement,
    file_name: str,
    content: bytes,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> NomineeList:
    """Keep a spreadsheet to be read. Nothing is imported yet.

    The same command key again gives the list it made the first time.
    """
    if not access.imports_lists(actor):
        raise NotAllowed
    command = commands.take(session, command_key, kind="upload", actor=actor, now=now)
    if command is None:
        return session.get_one(NomineeList, commands.subject_of(session, command_key))
    nominee_list = NomineeList(
        movement=movement,
        file_name=file_name,
        content=content,
        state=NomineeListState.UPLOADED,
        uploaded_by=actor.id,
        uploaded_at=now,
    )
    session.add(nominee_list)
    session.flush()
    command.subject_id = nominee_list.id
    session.flush()
    return nominee_list


def read(
    session: Session,
    nominee_list: NomineeList,
    *,
    today: date,
    progress: Callable[[int, int], None] | None = None,
) -> lists.NomineeList:
    """Read the spreadsheet and check it for whoever sent it. Raises UnreadableList."""
    actor = _sender(session, nominee_list, today)
    return lists.read(
        nominee_list.content,
        catalogue=_catalogue(session, today),
        may_import_for=lambda code: access.may_import_for(actor, code),
        today=today,
        progress=progress,
    )


def keep(nominee_list: NomineeList, found: lists.NomineeList | UnreadableList) -> None:
    """Keep what reading has found, for the preview. The file itself is needed no more."""
    nominee_list.content = b""
    if isinstance(found, UnreadableList):
        nominee_list.state = NomineeListState.UNREADABLE
        nominee_list.errors = [{"message": found.message, "values": _plain(found.values)}]
        return
    nominee_list.state = NomineeListState.READ
    nominee_list.total = nominee_list.done = found.total
    nominee_list.rows = [_row(row) for row in found.rows]
    nominee_list.errors = [
        {
            "row": error.row,
            "column_letter": error.column_letter,
            "column": error.column_name,
            "message": error.message,
            "values": _plain(dict(error.values)),
        }
        for error in found.errors
    ]


def confirm(session: Session, list_id: int, *, actor: Actor, now: datetime) -> NomineeList:
    """Let the faultless rows be imported. Confirming twice changes nothing.

    Raises OutsidePeriod once the movement takes no more nominations.
    """
    query = select(NomineeList).where(NomineeList.id == list_id)
    nominee_list = session.scalars(query.with_for_update()).one()
    if not access.may_see_list(actor, nominee_list):
        raise NotAllowed
    if nominee_list.state in (NomineeListState.CONFIRMED, NomineeListState.IMPORTED):
        return nominee_list
    if nominee_list.state != NomineeListState.READ:
        raise TaskChanged
    movement = nominee_list.movement
    if not movement.nominations_from <= calendar.today(now) <= movement.nominations_to:
        raise OutsidePeriod
    nominee_list.state = NomineeListState.CONFIRMED
    nominee_list.done, nominee_list.total = 0, len(nominee_list.rows)
    session.flush()
    return nominee_list


def import_some(session: Session, list_id: int, *, now: datetime) -> bool:
    """Make nominations of the next rows; says whether there are more.

    Rows and the count of them are written together: carried on after a crash, no row is imported
    twice and none is left out.
    """
    query = select(NomineeList).where(NomineeList.id == list_id)
    nominee_list = session.scalars(query.with_for_update()).one()
    if nominee_list.state != NomineeListState.CONFIRMED:
        return False
    rows = nominee_list.rows[nominee_list.done : nominee_list.done + ROWS_AT_ONCE]
    actor = _sender(session, nominee_list, calendar.today(now))
    for row in rows:
        _import(session, nominee_list.movement, row, actor, now)
    nominee_list.done += len(rows)
    if nominee_list.done == nominee_list.total:
        nominee_list.state = NomineeListState.IMPORTED
    session.flush()
    return nominee_list.state == NomineeListState.CONFIRMED


def unfinished(session: Session) -> Sequence[NomineeList]:
    """Lists that wait to be read or are being imported."""
    waiting = (NomineeListState.UPLOADED, NomineeListState.CONFIRMED)
    return session.scalars(select(NomineeList).where(NomineeList.state.in_(waiting))).all()


def _import(
    session: Session,
    movement: Movement,
    row: dict[str, object],
    actor: Actor,
    now: datetime,
) -> None:
    birth_date = row["birth_date"]
    nominations.create(
        session,
        movement=movement,
        award=session.scalars(select(Award).where(Award.code == row["award_code"])).one(),
        # It may have ended since the list was read.
        unit=units.find(session, str(row["unit_code"])).kept_by,
        facts=Facts(
            kind=NomineeKind(str(row["kind"])),
            name=str(row["name"]),
            honorific=str(row["honorific"]),
            birth_date=date.fromisoformat(str(birth_date)) if birth_date else None,
            position=str(row["position"]),
            is_serving_public=bool(row["is_serving_public"]),
            achievements=str(row["achievements"]),
            identity_number=str(row.get("identity_number", "")),  # older lists have none
        ),
        actor=actor,
        now=now,
    )


def _sender(session: Session, nominee_list: NomineeList, today: date) -> Actor:
    person = people.find(session, nominee_list.uploaded_by)
    if person is None or not person.is_active:
        raise NotAllowed
    return people.actor_of(person, today)


def _catalogue(session: Session, today: date) -> Catalogue:
    awards = session.scalars(select(Award)).all()
    here = units.on(session, today)
    placed = blocks.placed(session, today)
    is_wanted = any(nominations.needs_block(session, award) for award in awards)
    return Catalogue(
        awards={award.name: award.code for award in awards},
        units={unit.name: unit.code for unit in here},
        alone=frozenset(unit.code for unit in here if is_wanted and unit.id not in placed),
    )


def _row(row: NomineeRow) -> dict[str, object]:
    return {
        "row": row.row,
        "honorific": row.honorific,
        "name": row.name,
        "kind": row.kind.value,
        "birth_date": row.birth_date.isoformat() if row.birth_date else None,
        "position": row.position,
        "unit_code": row.unit_code,
        "award_code": row.award_code,
        "category": row.category,
        "is_serving_public": row.is_serving_public,
        "achievements": row.achievements,
        "identity_number": row.identity_number,
    }


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {name: v if isinstance(v, int) else str(v) for name, v in values.items()}
