"""Every paper of the season as a file: what was signed and decided, and what units are told."""

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from awards import appraisals, result_notices
from awards.bonuses import lists, sheets
from awards.bonuses import printing as bonuses
from awards.certificates import book, layouts
from awards.certificates import printing as certificates
from awards.demo import people, season
from awards.demo.season import Progress
from awards.proposals import meetings, minutes
from awards.templates import making
from awards.templates.registry import PaperKind
from models.awards import Movement, Nomination
from models.organisation import Role
from models.papers import Decision, DecisionEntry
from models.proposals import Proposal
from models.session import reading, transaction
from models.tasks import Submission
from workflows import calendar
from workflows.words import N_

Paper = tuple[str, Callable[[], bytes | None]]
"""A file's name, and what makes its content."""


def print_all(engine: Engine, folder: Path, *, now: datetime, progress: Progress) -> int:
    """Write them into the folder; says how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    _take_numbers(engine, now)
    with reading(engine) as session:
        papers = list(_papers(session, now))
        for count, (name, make) in enumerate(papers, start=1):
            (folder / name).write_bytes(make() or b"")
            if count % 50 == 0 or count == len(papers):
                progress(N_("In giấy tờ"), count, len(papers))
    return len(papers)


def decisions(session: Session) -> list[Decision]:
    """What the season was decided by."""
    of_it = (
        select(DecisionEntry.decision_id)
        .join(DecisionEntry.nomination)
        .join(Nomination.movement)
        .where(Movement.code == season.MOVEMENT)
    )
    query = select(Decision).where(Decision.id.in_(of_it)).order_by(Decision.id)
    return list(session.scalars(query))


def _take_numbers(engine: Engine, now: datetime) -> None:
    """Certificates are entered in the book before they are printed."""
    with transaction(engine) as session:
        clerk = people.by_queue(session, calendar.today(now))[Role.RECORDS_CLERK.value][0]
        for decision in decisions(session):
            book.take_numbers(session, decision.id, actor=clerk, now=now)


def _papers(session: Session, now: datetime) -> Iterator[Paper]:
    movement = session.scalars(
        select(Movement).where(Movement.code == season.MOVEMENT)
    ).one()
    yield from _of_proposals(session, movement)
    for decision in decisions(session):
        yield from _of_decision(session, decision, now)
    yield from _notices(session, movement, now)
    yield from _appraisals(session, movement)


def _of_proposals(session: Session, movement: Movement) -> Iterator[Paper]:
    query = (
        select(Proposal).where(Proposal.movement_id == movement.id).order_by(Proposal.id)
    )
    for proposal in session.scalars(query):
        place = proposal.queue.replace(":", "-")
        name = f"to-trinh-{place}"
        yield f"{name}.pdf", partial(getattr, proposal, "paper")
        if meetings.has_meeting(proposal):
            words, day = minutes.words(session, proposal), proposal.signed_on
            assert day is not None  # noqa: S101 - the season has signed it
            yield (
                f"bien-ban-{place}.pdf",
                partial(_make, session, minutes.MINUTES, words, day),
            )


def _of_decision(session: Session, decision: Decision, now: datetime) -> Iterator[Paper]:
    number = f"{decision.number:02}-{decision.year}"
    yield f"quyet-dinh-{number}.pdf", lambda: decision.paper
    yield (
        f"danh-sach-thuong-{number}.pdf",
        lambda: bonuses.make(session, lists.of_decision(session, decision)).content,
    )
    yield f"danh-sach-thuong-{number}.xlsx", lambda: _sheet(session, decision, now)
    yield f"bang-khen-{number}.pdf", lambda: _certificates(session, decision)


def _sheet(session: Session, decision: Decision, now: datetime) -> bytes:
    file = io.BytesIO()
    sheets.write(file, lists.of_decision(session, decision), now=now)
    return file.getvalue()


def _certificates(session: Session, decision: Decision) -> bytes:
    lines = [line for line in book.lines(session, decision) if line.is_printed]
    layout = layouts.of_award(session, lines[0].nomination.award_id)
    return certificates.make(session, decision, lines, layout).content


def _notices(session: Session, movement: Movement, now: datetime) -> Iterator[Paper]:
    day = calendar.today(now)
    for unit in result_notices.units_in(session, movement):
        words = result_notices.of_season(session, movement, unit, day)
        yield (
            f"thong-bao-{unit.code}.pdf",
            partial(_make, session, result_notices.RESULTS, words, day),
        )


def _appraisals(session: Session, movement: Movement) -> Iterator[Paper]:
    """A sheet for each nomination that came as far."""
    appraised = select(Submission.instance_id).where(
        Submission.element_id == appraisals.APPRAISED
    )
    query = select(Nomination).where(
        Nomination.movement_id == movement.id, Nomination.instance_id.in_(appraised)
    )
    for nomination in session.scalars(query.order_by(Nomination.id)):
        yield (
            f"phieu-tham-dinh-{nomination.code}.pdf",
            partial(_appraisal, session, nomination),
        )


def _appraisal(session: Session, nomination: Nomination) -> bytes:
    words = appraisals.words(session, nomination)
    day = calendar.today(nomination.created_at)
    return _make(session, appraisals.APPRAISAL, words, day)


def _make(
    session: Session, kind: PaperKind, words: Mapping[str, object], day: date
) -> bytes:
    return making.make(session, kind, words, day=day).content
