"""A whole season in the demo province: ten units, 1,500 nominees, from a list to three decisions.

Everything is done by the operations that people's pages call, each stage on its own working day:
the list is imported, units fill in dossiers and send one tờ trình each, three Khối and the
department send theirs, the Chairman decides, and three decisions are issued.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from awards import batches, blocks, imports, issuing
from awards.demo import catalogue, people
from awards.demo.season_answers import answer_of, attach
from awards.proposals import gathering, meetings, signing
from awards.proposals.gathering import Row
from models.awards import Movement, Nomination, NomineeList, Outcome
from models.batches import Batch
from models.organisation import Role, Unit
from models.proposals import Proposal, ProposalKind
from models.session import reading, transaction
from models.tasks import OPEN, UserTask
from workflows import bulk, calendar
from workflows.actors import Actor
from workflows.errors import WorkflowError
from workflows.words import N_

LIST = Path(__file__).parents[2] / "tests" / "data" / "danh-sach-1500.xlsx"
MOVEMENT = "VHCS-2026"
BLOCKS = ("K01", "K02", "K03")
_MOVED = ("SO-TC", "SO-NNMT", "SO-GDDT")
"""They make the third Khối of the season."""

_AT_ONCE = 100
_STAGES = 11
Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how many of it are done, and how many there are."""


class SeasonIsThere(WorkflowError):
    """The season was played already, or the demo province is missing."""

    message = N_("Đợt khen thưởng mẫu đã có, hoặc chưa có tỉnh mẫu để chạy.")


@dataclass(frozen=True, slots=True)
class Season:
    """Where it is played, and who hears how far it has come."""

    engine: Engine
    uploads: Path
    last_day: datetime
    progress: Progress
    rows: int

    def moment(self, stage: int) -> datetime:
        """Stages are two days apart up to the last."""
        return self.last_day - timedelta(days=2 * (_STAGES - stage))

    def actor(self, session: Session, queue: str) -> Actor:
        """Whoever serves a queue; of several the first."""
        return people.by_queue(session, calendar.today(self.last_day))[queue][0]


def play(
    engine: Engine, *, uploads: Path, now: datetime, progress: Progress, rows: int = 1_500
) -> None:
    """Play it from the first rows of its list to its decisions. Raises SeasonIsThere."""
    season = Season(engine, uploads, now, progress, rows)
    _set_up(season)
    _import(season)
    _answer_all(season, 3, "prepare_nomination")
    with reading(engine) as session:
        units = sorted(_units(session))
    for unit in units:
        _propose(season, 4, ProposalKind.UNIT, f"{Role.UNIT_HEAD.value}:{unit}")
    for block in BLOCKS:
        _propose(season, 5, ProposalKind.BLOCK, f"{Role.BLOCK_LEAD.value}:{block}")
    _answer_all(season, 6, "receive_by_department")
    _answer_all(season, 7, "appraise")
    _propose(season, 8, ProposalKind.DEPARTMENT, Role.DEPARTMENT_HEAD.value)
    _answer_all(season, 9, "check_by_office")
    _answer_all(season, 10, "decide_by_chairman")
    for block in BLOCKS:
        _issue(season, _STAGES, block)


def movement(session: Session) -> Movement | None:
    """The season's movement, once it is set up."""
    return session.scalars(select(Movement).where(Movement.code == MOVEMENT)).first()


def _set_up(season: Season) -> None:
    """A movement, a third Khối, and accounts for the units that had none."""
    today = calendar.today(season.moment(1))
    with transaction(season.engine) as session:
        if movement(session) is not None or not session.scalars(select(Unit.id)).first():
            raise SeasonIsThere
        made = catalogue.movement(today)
        made.code = MOVEMENT
        made.name = (
            "“Cán bộ, công chức, viên chức thi đua thực hiện văn hóa công sở”, năm 2026"
        )
        session.add(made)
        third = blocks.create(session, "K03", "Khối thi đua các sở kinh tế, văn hóa")
        for code in _MOVED:
            unit = session.scalars(select(Unit).where(Unit.code == code)).one()
            blocks.join(session, third, unit, since=today, decision_number="12/QĐ-HĐTĐKT")
        people.make_silent(session)
    season.progress(N_("Dựng đợt khen thưởng"), 1, 1)


def _import(season: Season) -> None:
    """The department's clerk sends the list of all, and lets it be imported."""
    now = season.moment(2)
    with transaction(season.engine) as session:
        clerk = season.actor(session, Role.DEPARTMENT_CLERK.value)
        found = imports.upload(
            session,
            movement=session.scalars(
                select(Movement).where(Movement.code == MOVEMENT)
            ).one(),
            file_name=LIST.name,
            content=LIST.read_bytes(),
            actor=clerk,
            command_key="season-list",
            now=now,
        )
        imports.keep(found, imports.read(session, found, today=calendar.today(now)))
        found.rows = found.rows[: season.rows]
        imports.confirm(session, found.id, actor=clerk, now=now)
        list_id, more = found.id, True
    while more:
        with transaction(season.engine) as session:
            more = imports.import_some(session, list_id, now=now)
            row = session.get_one(NomineeList, list_id)
            season.progress(N_("Nhập danh sách"), row.done, row.total)


def _answer_all(season: Season, stage: int, element_id: str) -> None:
    """Everybody who has the step in the inbox answers it, for each nominee as is due."""
    now = season.moment(stage)
    with reading(season.engine) as session:
        by_queue: dict[str, list[int]] = {}
        for task_id, queue in session.execute(_waiting(element_id)).all():
            by_queue.setdefault(queue, []).append(task_id)
    total, done = sum(map(len, by_queue.values())), 0
    for queue, task_ids in sorted(by_queue.items()):
        for start in range(0, len(task_ids), _AT_ONCE):
            some = task_ids[start : start + _AT_ONCE]
            with transaction(season.engine) as session:
                _answer(session, season, some, queue, now)
            done += len(some)
            season.progress(_NAMES[element_id], done, total)


def _answer(
    session: Session, season: Season, task_ids: Sequence[int], queue: str, now: datetime
) -> None:
    actor = season.actor(session, queue)
    query = select(UserTask, Nomination).join(
        Nomination, Nomination.instance_id == UserTask.instance_id
    )
    found = session.execute(query.where(UserTask.id.in_(task_ids)))
    rows = [(task, nomination) for task, nomination in found]
    attached = {}
    if rows[0][0].element_id == "prepare_nomination":
        attached = attach(session, season.uploads, [n for _task, n in rows], actor, now)
    said = {
        task.id: answer_of(task.element_id, nomination, attached, now)
        for task, nomination in rows
    }
    first = next(iter(said.values()))
    results = bulk.complete(
        session,
        {task.id: task.revision for task, _nomination in rows},
        actor=actor,
        now=now,
        command_key=f"season-{task_ids[0]}",
        entry=first.entry,
        variables=first.variables,
        exceptions=said,
    )
    for result in results:
        if result.error is not None:
            raise result.error


_NAMES = {
    "prepare_nomination": N_("Hoàn thiện hồ sơ"),
    "receive_by_department": N_("Tiếp nhận"),
    "appraise": N_("Thẩm định"),
    "check_by_office": N_("Rà soát"),
    "decide_by_chairman": N_("Chủ tịch quyết định"),
}
_PROPOSALS = {
    ProposalKind.UNIT: ("approve_by_unit", N_("Tờ trình của đơn vị")),
    ProposalKind.BLOCK: ("review_by_block", N_("Tờ trình của Khối")),
    ProposalKind.DEPARTMENT: ("approve_by_department", N_("Tờ trình của Sở Nội vụ")),
}


def _propose(season: Season, stage: int, kind: ProposalKind, queue: str) -> None:
    """Gather all that waits for a signature into one tờ trình, have it signed, send it on."""
    now = season.moment(stage)
    element_id, name = _PROPOSALS[kind]
    with transaction(season.engine) as session:
        preparer = _preparer(session, season, kind, queue)
        proposal = gathering.open_(
            session,
            kind,
            queue,
            session.scalars(select(Movement).where(Movement.code == MOVEMENT)).one(),
            actor=preparer,
            command_key=f"season-open-{queue}",
            now=now,
        )
        found = {entry.nomination_id: entry.nomination for entry in proposal.entries}
        said = {
            id_: answer_of(element_id, one, {}, now).entry.content
            for id_, one in found.items()
        }
        gathering.edit(
            session,
            proposal.id,
            {id_: _row(content) for id_, content in said.items()},
            actor=preparer,
        )
        gathering.submit(session, proposal.id, actor=preparer, now=now)
        if meetings.has_meeting(proposal):
            _meet(session, proposal, preparer, now)
        proposal_id = proposal.id
    with transaction(season.engine) as session:
        signed = signing.sign(
            session,
            proposal_id,
            said,
            form_version=1,
            actor=season.actor(session, queue),
            command_key=f"season-sign-{queue}",
            now=now,
        )
        batch_id = signed.batch_id
    assert batch_id is not None  # noqa: S101 - signing made it
    _carry_out(
        season, batch_id, f"{name} {queue.partition(':')[2]}".strip(), len(said), now
    )


def _carry_out(season: Season, batch_id: int, name: str, total: int, now: datetime) -> None:
    more, done = True, 0
    while more:
        with transaction(season.engine) as session:
            more = batches.carry_out_some(session, batch_id, now=now)
            done = session.get_one(Batch, batch_id).done
        season.progress(name, done, total)


def _issue(season: Season, stage: int, block: str) -> None:
    """One decision for what is left of a Khối's nominations."""
    now, key = season.moment(stage), f"season-issue-{block}"
    with transaction(season.engine) as session:
        clerk = season.actor(session, Role.RECORDS_CLERK.value)
        group = next(
            one for one in issuing.groups(session, clerk) if one.movement.code == MOVEMENT
        )
        ids = [
            n.id
            for n, _task in group.waiting
            if n.block is not None and n.block.code == block
        ]
        decision = issuing.issue(
            session, group.key, ids, actor=clerk, command_key=key, now=now
        )
        name, batch_id = f"Quyết định {decision.symbol}", issuing.batch_of(session, key).id
    _carry_out(season, batch_id, name, len(ids), now)


def _row(content: dict[str, object]) -> Row:
    outcome, reason = Outcome(str(content["outcome"])), str(content["reason"])
    values = {
        name: value for name, value in content.items() if name not in ("outcome", "reason")
    }
    return Row(outcome, reason, values)


def _meet(session: Session, proposal: Proposal, lead: Actor, now: datetime) -> None:
    members = meetings.members(session, proposal)
    facts = meetings.Facts(
        held_on=calendar.today(now),
        began="08:00",
        ended="11:30",
        place="Phòng họp Sở Nội vụ",
        chair=lead.name,
        secretary="Nguyễn Thị Thư",
        present={unit.id: f"Đại diện {unit.name}" for unit in members},
    )
    meetings.record(session, proposal.id, facts, actor=lead, now=now)


def _preparer(session: Session, season: Season, kind: ProposalKind, queue: str) -> Actor:
    if kind == ProposalKind.UNIT:
        return season.actor(
            session, queue.replace(Role.UNIT_HEAD.value, Role.UNIT_OFFICER.value)
        )
    if kind == ProposalKind.DEPARTMENT:
        return season.actor(session, Role.DEPARTMENT_SPECIALIST.value)
    return season.actor(session, queue)


def _waiting(element_id: str) -> Select[int, str]:
    return (
        select(UserTask.id, UserTask.queue)
        .join(Nomination, Nomination.instance_id == UserTask.instance_id)
        .join(Nomination.movement)
        .where(Movement.code == MOVEMENT, UserTask.element_id == element_id)
        .where(UserTask.state.in_(OPEN))
        .order_by(UserTask.id)
    )


def _units(session: Session) -> Iterator[str]:
    query = select(Unit.code).where(
        Unit.id.in_(
            select(Nomination.unit_id)
            .join(Nomination.movement)
            .where(Movement.code == MOVEMENT)
        )
    )
    yield from session.scalars(query)
