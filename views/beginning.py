"""Setting up a nomination from its short form, anew or from one that has ended."""

from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from awards import copying, files
from awards import nominations as operations
from awards.errors import NotToBeCopied
from awards.examples import discoveries, rights
from awards.listings import open_task
from awards.nominations import Facts
from forms.simple import NominationForm
from models.awards import Award, Movement, Nomination, NomineeKind
from models.examples import Discovery
from models.organisation import Unit
from models.papers import Attachment
from views.parsing import row_number
from views.web import actor, now, reader, transaction, uploads
from views.wording import sentence
from workflows import drafts, tasks

Coded = TypeVar("Coded", Movement, Award, Unit)


def source(form: NominationForm) -> Nomination | None:
    """The old nomination that the form names; where it is none to copy, the form says so."""
    try:
        return copying.find(reader(), form.source.data, actor=actor())
    except NotToBeCopied as error:
        form.source.errors = [sentence(error)]
        return None


def papers(old: Nomination, form: NominationForm) -> list[Attachment]:
    """The papers that would be copied, for the award that the form names."""
    award = reader().scalars(_by_code(Award, form.award.data or "")).first()
    return copying.papers(reader(), old, award or old.award)


def fill_from_note(form: NominationForm, number: str) -> None:
    """Fill in whom a note is about, where the person answers for it."""
    row = reader().get(Discovery, row_number(number))
    if row is not None and rights.answers(actor(), reader(), row):
        form.discovery.data = str(row.id)
        form.nominee_name.data, form.unit.data = row.name, row.unit.kept_by.code


def start(form: NominationForm) -> int:
    """Set up a nomination; gives its first task, which is whoever's who set it up."""
    with transaction() as session:
        nomination = operations.create_once(
            session,
            **_chosen(session, form),
            command_key=form.command_key.data,
            actor=actor(),
            now=now(),
        )
        task, _holder = open_task(session, nomination)
        assert task is not None  # noqa: S101 - every route begins with a step
        tasks.claim(session, task.id, actor=actor(), now=now())
        if number := row_number(form.discovery.data or ""):
            noted = discoveries.begin(session, number, nomination, actor=actor(), now=now())
            typed = [["achievements", noted.text]]
            drafts.save(session, task.id, actor=actor(), fields=typed, now=now())
        return task.id


def start_from(old: Nomination, form: NominationForm) -> int:
    """Copy the papers before the transaction; take the copies back that nothing names then."""
    copies = copying.store(papers(old, form), uploads())
    kept: set[str] = set()
    try:
        with transaction() as session:
            nomination = copying.begin(
                session,
                session.get_one(Nomination, old.id),
                copies,
                **_chosen(session, form),
                command_key=form.command_key.data,
                actor=actor(),
                now=now(),
            )
            task, _holder = open_task(session, nomination)
            assert task is not None  # noqa: S101 - every route begins with a step
            attached = {row.token for row in files.of(session, nomination.id)}
            task_id = task.id
        kept = attached
    finally:
        for _row, stored in copies:
            if stored.token not in kept:
                files.discard(stored, uploads())
    return task_id


def _chosen(session: Session, form: NominationForm) -> dict[str, Any]:
    return {
        "movement": session.scalars(_by_code(Movement, form.movement.data)).one(),
        "award": session.scalars(_by_code(Award, form.award.data)).one(),
        "unit": session.scalars(_by_code(Unit, form.unit.data)).one(),
        "facts": Facts(
            kind=NomineeKind(form.nominee_kind.data),
            name=form.nominee_name.data,
            honorific=form.honorific.data or "",
            identity_number=form.identity_number.data or "",
        ),
    }


def _by_code(table: type[Coded], code: str) -> Select[Coded]:
    return select(table).where(table.code == code)
