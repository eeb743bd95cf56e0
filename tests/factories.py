"""Nominations for tests, made by the same operations that people's clicks call.

nomination = factories.begin(session)
task = factories.walk(session, nomination, "appraise")
factories.answer(session, nomination, "return")
"""

import io
from collections.abc import Iterable
from datetime import datetime
from itertools import count
from pathlib import Path
from uuid import uuid4

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from awards import (
    amendments,
    decisions,
    files,
    listings,
    nominations,
    papers,
    people,
    withdrawals,
)
from awards.demo import answers
from awards.demo.stories import Journey
from awards.files import StoredFile
from awards.nominations import Facts
from awards.province import HUNG_YEN
from awards.records import keeping
from awards.records.facts import (
    CommunicationFacts,
    EvaluationFacts,
    Finding,
    InspectionFacts,
    OwnAwardFacts,
    RegistrationFacts,
    Target,
)
from awards.records.facts import (
    Facts as RecordFacts,
)
from models.awards import Award, Movement, Nomination, NomineeKind
from models.base import Base
from models.operations import Incident
from models.organisation import Block, Person, Post, Role, Unit
from models.papers import Attachment, DecisionDraft, DecisionEntry, DecisionKind
from models.records import Channel, OwnAwardForm, RecordKind
from models.tasks import UserTask
from tests import recordings
from tests.conftest import NOW
from workflows import actors, calendar, tasks
from workflows.actors import Actor
from workflows.canonical import sha256
from workflows.submissions import Entry

UNIT = "SO-TP"
ROUTE = (
    "prepare_nomination",
    "approve_by_unit",
    "review_by_block",
    "receive_by_department",
    "appraise",
    "approve_by_department",
    "check_by_office",
    "decide_by_chairman",
    "issue_decision",
)
_NUMBERS = count(1)
_REASON = "Cần làm rõ thêm."


def actor(session: Session, queue: str) -> Actor:
    """Who serves a queue in the demo province: `actor(session, "unit_head:SO-TP")`."""
    role, _, scope = queue.partition(":")
    query = (
        select(Person)
        .join(Post)
        .outerjoin(Unit)
        .outerjoin(Block, Post.block_id == Block.id)
    )
    query = query.where(Post.role == role)
    if scope:
        query = query.where(or_(Unit.code == scope, Block.code == scope))
    person = session.scalars(query.order_by(Person.id)).first()
    assert person is not None, f"nobody serves {queue}"
    return people.actor_of(person, calendar.today(NOW))


def stand_in(number: int, queue: str) -> Actor:
    """One of any number of people who serve a queue; nobody of that id is in the database."""
    post = actors.Post(number, queue, f"Chuyên viên {number}", "Sở Nội vụ")
    return Actor(number, f"Người thứ {number}", (post,))


def stranger(session: Session) -> Actor:
    """Somebody with an inbox who serves none of the queues of `UNIT`'s nominations."""
    return actor(session, f"{Role.UNIT_OFFICER.value}:SO-YT")


def begin(
    session: Session,
    *,
    unit: str = UNIT,
    kind: NomineeKind = NomineeKind.INDIVIDUAL,
    name: str = "Trần Thị Đào",
    has_papers: bool = True,
    key: str = "",
    now: datetime = NOW,
) -> Nomination:
    """A nomination at its first step, as its unit's officer sets it up."""
    officer = actor(session, f"{Role.UNIT_OFFICER.value}:{unit}")
    nomination = nominations.create_once(
        session,
        command_key=key or command_key(),
        movement=session.scalars(select(Movement)).one(),
        award=session.scalars(select(Award)).one(),
        unit=session.scalars(select(Unit).where(Unit.code == unit)).one(),
        facts=Facts(kind, name, "Bà", position="Chuyên viên"),
        actor=officer,
        now=now,
    )
    if has_papers:
        for item in nomination.award.dossier_items:
            if item.is_required:
                attach(session, nomination, item.code, actor=officer, now=now)
    return nomination


def bring(
    session: Session,
    nomination: Nomination,
    name: str,
    content: bytes,
    *,
    folder: Path,
    actor: Actor,
) -> Attachment:
    """A file in the dossier, with its bytes in the folder."""
    stored = files.store(io.BytesIO(content), name, folder)
    return files.attach(
        session, nomination, stored, item_code="sang_kien", actor=actor, now=NOW
    )


def attach(
    session: Session,
    nomination: Nomination,
    item: str,
    *,
    actor: Actor,
    now: datetime = NOW,
) -> None:
    """A paper in the dossier. Its row alone: no bytes lie in the upload folder."""
    digest = sha256(f"{nomination.code} {item}")
    stored = StoredFile(uuid4().hex, f"{item}.pdf", "application/pdf", 1_000, digest)
    files.attach(session, nomination, stored, item_code=item, actor=actor, now=now)


def open_task(session: Session, nomination: Nomination) -> UserTask:
    """The step where the nomination waits."""
    task, _holder = listings.open_task(session, nomination)
    assert task is not None, f"{nomination.code} waits nowhere"
    return task


def content(
    session: Session,
    nomination: Nomination,
    element_id: str,
    outcome: str,
    *,
    now: datetime = NOW,
) -> dict[str, object]:
    """What the demo's people enter at a step, as its form would hand it on."""
    nominee = nomination.nominee
    journey = Journey(
        number=nomination.id,
        unit=nomination.unit.code,
        kind=nominee.kind,
        honorific=nominee.honorific,
        name=nominee.name,
        position=nominee.position,
        answers=(),
        days=0,
        is_claimed=False,
    )
    said = answers.content(journey, element_id, outcome, turn=0, day=calendar.today(now))
    if element_id == "prepare_nomination":
        said["papers"] = files.manifest(session, nomination.id)
    return said | {"reason": said["reason"] or _REASON}


def command_key() -> str:
    """The key of an act that nobody has done yet."""
    return f"act-{next(_NUMBERS)}-{uuid4().hex[:8]}"


def answer(
    session: Session,
    nomination: Nomination,
    outcome: str = "approve",
    *,
    by: Actor | None = None,
    key: str = "",
    now: datetime = NOW,
    **said: object,
) -> UserTask:
    """Complete the step where the nomination waits; somebody of its queue does, or `by`.

    `said` stands in the form beside what the demo's people enter, or in its place.
    """
    task = open_task(session, nomination)
    return tasks.complete(
        session,
        task.id,
        actor=by or actor(session, task.queue),
        now=now,
        revision=task.revision,
        command_key=key or command_key(),
        entry=Entry(
            task.element_id,
            content=content(session, nomination, task.element_id, outcome, now=now) | said,
        ),
        variables={"outcome": outcome},
    )


def walk(
    session: Session, nomination: Nomination, element_id: str, *, now: datetime = NOW
) -> UserTask:
    """Approve step by step until the nomination waits at this one."""
    while (task := open_task(session, nomination)).element_id != element_id:
        answer(session, nomination, now=now)
    return task


def begin_at(session: Session, element_id: str, *, now: datetime = NOW) -> Nomination:
    """A nomination that waits at a step."""
    key = ("begin_at", element_id, now)
    recordings.once(
        session, key, lambda: walk(session, begin(session, now=now), element_id, now=now)
    )
    return newest(session)


def newest(session: Session) -> Nomination:
    """The nomination made last."""
    return session.scalars(select(Nomination).order_by(Nomination.id.desc()).limit(1)).one()


def amend(
    session: Session, nomination: Nomination, kind: DecisionKind, *, now: datetime = NOW
) -> DecisionDraft:
    """A correction or a revocation of an award: prepared, signed, issued."""
    awarded = select(DecisionEntry).where(DecisionEntry.nomination_id == nomination.id)
    is_correction = kind == DecisionKind.CORRECTION
    draft = amendments.prepare(
        session,
        session.scalars(awarded).one().decision_id,
        kind,
        {nomination.id: {"position": "Chuyên viên chính"} if is_correction else {}},
        reason=_REASON,
        actor=actor(session, Role.DEPARTMENT_SPECIALIST.value),
        command_key=command_key(),
        now=now,
    )
    amendments.sign(session, draft.id, actor=actor(session, Role.CHAIRMAN.value), now=now)
    clerk = actor(session, Role.RECORDS_CLERK.value)
    amendments.issue(session, draft.id, actor=clerk, now=now)
    return draft


def decide(session: Session, codes: Iterable[str]) -> int:
    """The id of a decision that awards these nominations; they go on where they are."""
    found = [nominations.find(session, code) for code in codes]
    post = session.scalars(select(Post).where(Post.role == Role.CHAIRMAN)).first()
    assert post is not None
    decision = decisions.issue(
        session,
        [one for one in found if one is not None],
        signer_post_id=post.id,
        issued_by=actor(session, Role.RECORDS_CLERK.value),
        now=NOW,
    )
    words = papers.decision_words(decisions.paper_of(decision, HUNG_YEN))
    decisions.print_on(session, decision, words)
    return decision.id


def keep_records(session: Session, units: Iterable[str], *, now: datetime = NOW) -> None:
    """A record of every kind for each of the units, in their order; one finding is open."""
    movement, day = session.scalars(select(Movement.id)).one(), calendar.today(now)
    facts: dict[RecordKind, RecordFacts] = {
        RecordKind.EVALUATION: EvaluationFacts(day.year, 85, "Tốt", "Đạt", "", "Giữ vững"),
        RecordKind.REGISTRATION: RegistrationFacts(
            movement, day.year, "Giao chỉ tiêu", {0: Target("Đúng hạn", 99, "%", None)}
        ),
        RecordKind.INSPECTION: InspectionFacts(
            movement, day, "KH 1", "Đoàn số 1", "Khá", {0: Finding("Thiếu bảng tên", day)}
        ),
        RecordKind.OWN_AWARD: OwnAwardFacts(
            movement,
            "1/QĐ",
            day,
            OwnAwardForm.CERTIFICATE,
            NomineeKind.INDIVIDUAL,
            "Phan Thị Mơ",
            "Chuyên viên",
            is_serving_public=True,
            is_leader=False,
            merit="Tận tụy",
        ),
        RecordKind.COMMUNICATION: CommunicationFacts(
            movement, day, Channel.MEETING, "Quán triệt", 40, ""
        ),
    }
    for code in units:
        unit = session.scalars(select(Unit).where(Unit.code == code)).one()
        for kind, said in facts.items():
            inspects = kind == RecordKind.INSPECTION
            queue = Role.DEPARTMENT_CLERK.value if inspects else f"unit_officer:{code}"
            keeping.record(
                session,
                kind,
                unit,
                said,
                actor=actor(session, queue),
                command_key=command_key(),
                now=now,
            )


def withdraw(
    session: Session, nomination: Nomination, *, key: str = "", now: datetime = NOW
) -> None:
    """The head of the unit withdraws the nomination."""
    withdrawals.withdraw(
        session,
        nomination,
        reason=_REASON,
        actor=actor(session, f"{Role.UNIT_HEAD.value}:{nomination.unit.code}"),
        command_key=key or command_key(),
        now=now,
    )


def incident(session: Session, nomination: Nomination, *, now: datetime = NOW) -> Incident:
    """What a failed automatic step leaves behind."""
    made = Incident(
        instance_id=nomination.instance_id,
        element_id="notify_refusal",
        topic="notify_refusal",
        message="Máy chủ thư không trả lời.",
        attempts=1,
        raised_at=now,
        failed_at=now,
    )
    session.add(made)
    session.flush()
    return made


def everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table: two of these are equal where nothing at all has changed."""
    session.flush()
    return {
        table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }
