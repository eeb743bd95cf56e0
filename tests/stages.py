"""A province with a nomination at every step and at every end, for pages to show.

Three units: the one the tests' people belong to, one of the same Khối, one of another.
"""

import heapq
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from awards import amendments, batches, exports, files, imports, issuing
from awards.auditing import samples
from awards.demo import driving, people
from awards.demo.stories import Journey
from awards.examples import discoveries, stories
from awards.examples.discoveries import Sight
from awards.examples.stories import Words
from awards.listings import open_task
from awards.proposals import gathering, rights
from awards.signed import keeping
from models.awards import Movement, Nomination, NomineeKind, Outcome, Result
from models.examples import Story
from models.exports import ExportKind
from models.messages import Message, MessageKind
from models.organisation import Delegation, Person, Role, Unit
from models.papers import Attachment, Decision, DecisionEntry, DecisionKind, Notice
from models.process import ProcessInstance
from models.saved_views import SavedView, ViewPage
from models.session import transaction
from models.signed_papers import SignedPaper
from models.tasks import TaskState, UserTask
from tests import factories, signing
from workflows.actors import Actor

OWN, NEAR, FAR = "SO-TP", "SO-YT", "XA-VG"
UNITS = {OWN: "own", NEAR: "near", FAR: "far"}
STEPS = {  # each step with the person who serves it for the own unit
    "prepare_nomination": "lan.tuphap",
    "approve_by_unit": "quang.tuphap",
    "review_by_block": "khoitruong.k01",
    "receive_by_department": "nga.noivu",
    "appraise": "tuan.noivu",
    "approve_by_department": "ha.noivu",
    "check_by_office": "vinh.vanphong",
    "decide_by_chairman": "chutich.ubnd",
    "issue_decision": "oanh.vanthu",
}
PEOPLE = {  # somebody of each role, of the own unit or Khối where the role has one
    "unit_officer": "lan.tuphap",
    "unit_head": "quang.tuphap",
    "block_lead": "khoitruong.k01",
    "department_clerk": "nga.noivu",
    "department_specialist": "tuan.noivu",
    "department_head": "ha.noivu",
    "office_specialist": "vinh.vanphong",
    "chairman": "chutich.ubnd",
    "records_clerk": "oanh.vanthu",
    "council_member": "hoidong",
    "auditor": "thanhtra",
    "process_admin": "quantri.quytrinh",
    "system_admin": "quantri.hethong",
}
OUTCOMES = {  # the table of the issue
    "prepare_nomination": {"approve", "withdraw"},
    "approve_by_unit": {"approve", "return", "withdraw"},
    "review_by_block": {"approve", "return", "not_selected"},
    "receive_by_department": {"approve", "return"},
    "appraise": {"approve", "return", "refuse"},
    "approve_by_department": {"approve", "return", "refuse"},
    "check_by_office": {"approve", "return"},
    "decide_by_chairman": {"approve", "return", "refuse"},
    "issue_decision": {"approve", "return"},
}
_FORWARD = (Outcome.APPROVE.value,)
_ENDS = {
    "awarded": _FORWARD * 9,
    "refused": (*_FORWARD * 5, Outcome.REFUSE.value),
}
_OWN_ENDS = {
    "not_selected": (*_FORWARD * 2, Outcome.NOT_SELECTED.value),
    "withdrawn": (Outcome.WITHDRAW.value,),
    "returned": (*_FORWARD * 2, Outcome.RETURN.value),
    "answered": (*_FORWARD * 2, Outcome.RETURN.value, *_FORWARD * 2),
    "itemised": (*_FORWARD * 3, Outcome.RETURN.value),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A nomination and what belongs to it; 0 where there is none."""

    code: str
    task: int
    attachment: int
    decision: int
    notice: int
    signed: int


@dataclass(frozen=True, slots=True)
class Stages:
    """`cases["appraise"]["near"]` waits at that step and is of a unit in the same Khối."""

    cases: dict[str, dict[str, Case]]
    own_list: int
    other_list: int
    own_batch: int
    other_batch: int
    own_export: int
    other_export: int
    own_proposal: int
    other_proposal: int
    group: str

    @property
    def messages(self) -> dict[str, int]:
        """The number of the first message to each of `PEOPLE`, by login."""
        return {login: number for number, login in enumerate(PEOPLE.values(), start=1)}


def build(engine: Engine, uploads: Path, now: datetime) -> None:
    """Let the demo's own operations bring one nomination to each place."""
    with transaction(engine) as session:
        staff = people.by_queue(session, now.date())
    acts = [driving._acts(journey, staff, uploads, now) for _name, journey in _journeys()]
    for act in heapq.merge(*acts):
        with transaction(engine) as session:
            act.carry_out(session, act.moment)
    with transaction(engine) as session:
        for login in ("lan.tuphap", "hoa.yte"):
            sender = next(
                a for actors in staff.values() for a in actors if a.name == _name(login)
            )
            imports.upload(
                session,
                movement=session.scalars(select(Movement)).one(),
                file_name="danh-sach.xlsx",
                content=b"",
                actor=sender,
                command_key=f"list-{login}",
                now=now,
            )
        for unit in (OWN, NEAR):
            _export(session, staff[f"{Role.UNIT_OFFICER.value}:{unit}"][0], now)
            _freeze(session, staff[f"{Role.UNIT_HEAD.value}:{unit}"][0], now)
            propose(session, staff[f"{Role.UNIT_OFFICER.value}:{unit}"][0], now)
            _delegate(session, staff, unit, now)
        factories.keep_records(session, UNITS, now=now)
        _correct(session, staff[Role.DEPARTMENT_SPECIALIST.value], now)
        _sign_decisions(session, staff[Role.RECORDS_CLERK.value][0], uploads, now)
        _tell(session, now)
        spread(session, staff, OWN, now)
        _note(session, staff, NEAR, now)
        _write(session, staff, FAR, now)
        draw(session, staff[Role.AUDITOR.value][0], now)
        driving.declare(session, staff, now)


def _delegate(
    session: Session, staff: dict[str, list[Actor]], unit: str, now: datetime
) -> None:
    """The unit's officer is on leave years later, and its head is to stand in."""
    officer = staff[f"{Role.UNIT_OFFICER.value}:{unit}"][0]
    head = staff[f"{Role.UNIT_HEAD.value}:{unit}"][0]
    session.add(
        Delegation(
            post_id=officer.posts[0].id,
            delegate_id=head.id,
            valid_from=date(now.year + 9, 1, 1),
            valid_to=date(now.year + 9, 1, 8),
            legal_basis="GUQ 1",
            granted_by=head.id,
            granted_at=now,
        )
    )


def _sign_decisions(session: Session, clerk: Actor, uploads: Path, now: datetime) -> None:
    """Every decision was signed in other software, and its file brought."""
    for decision in session.scalars(select(Decision)):
        signed = io.BytesIO(signing.sign(decision.paper or b""))
        stored = files.store(signed, "ban-ky.pdf", uploads)
        report = keeping.examine(
            stored, decision, uploads, roots=None, is_confirmed=False, now=now
        )
        keeping.add(session, decision, stored, report, actor=clerk, now=now)


def _export(session: Session, officer: Actor, now: datetime) -> None:
    """The unit's nominations as a spreadsheet that lasts for years."""
    asked = (ExportKind.NOMINATIONS, {"movement": "all"})
    file = exports.make(session, *asked, actor=officer, now=now)
    key = f"export-{officer.id}"
    made = exports.begin(
        session, *asked, rows=file.rows, file=file, actor=officer, command_key=key, now=now
    )
    made.expires_at = now.replace(year=now.year + 9)


def propose(session: Session, officer: Actor, now: datetime) -> None:
    """A draft of the unit's that has nothing in it any more."""
    kind, queue = next(rights.prepared_by(officer))
    movement = session.scalars(select(Movement)).one()
    key = f"proposal-{officer.id}"
    draft = gathering.open_(
        session, kind, queue, movement, actor=officer, command_key=key, now=now
    )
    held = [entry.nomination_id for entry in draft.entries]
    gathering.leave_out(session, draft.id, held, actor=officer)


def _correct(session: Session, specialists: list[Actor], now: datetime) -> None:
    """A correction that waits for the Chairman."""
    first = session.scalars(
        select(DecisionEntry).order_by(DecisionEntry.decision_id)
    ).first()
    assert first is not None
    amendments.prepare(
        session,
        first.decision_id,
        DecisionKind.CORRECTION,
        {first.nomination_id: {"position": "Chuyên viên chính"}},
        reason="Ghi sai chức vụ.",
        actor=next(a for a in specialists if a.name == _name("tuan.noivu")),
        command_key="correction",
        now=now,
    )


def spread(
    session: Session, staff: dict[str, list[Actor]], unit: str, now: datetime
) -> None:
    """A published story of one of the unit's awarded, and a note about somebody who works there."""
    story = _write(session, staff, unit, now)
    publisher = staff[Role.DEPARTMENT_HEAD.value][0]
    stories.publish(session, story.id, actor=publisher, now=now)
    _note(session, staff, unit, now)


def _write(
    session: Session, staff: dict[str, list[Actor]], unit: str, now: datetime
) -> Story:
    """A story of one of the unit's awarded, which waits for the department."""
    officer = staff[f"{Role.UNIT_OFFICER.value}:{unit}"][0]
    awarded = select(Nomination.code).join(Nomination.instance).join(Nomination.unit)
    awarded = awarded.where(ProcessInstance.result == Result.AWARDED, Unit.code == unit)
    code = session.scalars(awarded.limit(1)).one()
    words = Words("Một cách làm", "Đã làm như thế này.", "", now.date(), "Giấy đồng ý")
    return stories.write(session, code, words, is_ready=True, actor=officer, now=now)


def _note(
    session: Session, staff: dict[str, list[Actor]], unit: str, now: datetime
) -> None:
    """A note about somebody who works in the unit, by its own officer."""
    officer = staff[f"{Role.UNIT_OFFICER.value}:{unit}"][0]
    sight = Sight(
        unit_code=unit,
        name="Trần Văn Thấy",
        is_serving_public=True,
        happened_on=now.date(),
        text="Giúp một cụ già.",
    )
    discoveries.note(session, sight, actor=officer, now=now, today=now.date())


def draw(session: Session, auditor: Actor, now: datetime) -> None:
    """A sample of one."""
    samples.draw(
        session,
        purpose="Kiểm tra",
        population={},
        size=1,
        seed="1",
        actor=auditor,
        command_key="sample",
        now=now,
    )


def _tell(session: Session, now: datetime) -> None:
    """A message to each of `PEOPLE`, in their order, and a view that another has saved."""
    ids = {person.login: person.id for person in session.scalars(select(Person))}
    for login in PEOPLE.values():
        message = Message(person_id=ids[login], kind=MessageKind.TASK, count=3)
        message.element_id, message.step, message.created_at = "appraise", "Thẩm định", now
        session.add(message)
        session.flush()
    view = SavedView(person_id=ids["phochutich.ubnd"], name="Thẩm định", filters={})
    view.page, view.saved_at = ViewPage.BOARD, now  # of somebody who is not of `PEOPLE`
    session.add(view)


def _freeze(session: Session, head: Actor, now: datetime) -> None:
    """A list of what waits for the head of a unit, not confirmed yet."""
    waiting = select(UserTask).where(
        UserTask.queue == head.posts[0].queue, UserTask.state == TaskState.READY
    )
    batches.freeze(
        session,
        {task.id: task.revision for task in session.scalars(waiting)},
        actor=head,
        suits={"approve_by_unit"}.__contains__,
        command_key=f"batch-{head.id}",
        now=now,
    )


def find(engine: Engine, path: Path) -> Stages:
    """Where everything is. Read once, kept beside the database."""
    if not path.exists():
        path.write_text(json.dumps([_group(engine), _look(engine)]))
    group, found = json.loads(path.read_text())
    cases = {
        place: {unit: Case(*values) for unit, values in units.items()}
        for place, units in found.items()
    }
    return Stages(cases, 1, 2, 1, 2, 1, 2, 1, 2, group)


def _group(engine: Engine) -> str:
    """What one decision may be made of, as its page is called."""
    with transaction(engine) as session:
        clerk = people.by_queue(session, date(2026, 11, 23))[Role.RECORDS_CLERK.value][0]
        return issuing.groups(session, clerk)[0].key


def _look(engine: Engine) -> dict[str, dict[str, list[object]]]:
    found: dict[str, dict[str, list[object]]] = {}
    with transaction(engine) as session:
        for name, journey in _journeys():
            nominee = f"%{journey.name}%".lower()
            nomination = next(
                n
                for n in session.scalars(select(Nomination))
                if n.nominee.name.lower() in nominee and n.unit.code == journey.unit
            )
            task, _holder = open_task(session, nomination)
            where = {
                Attachment.nomination_id: Attachment.id,
                DecisionEntry.nomination_id: DecisionEntry.decision_id,
                Notice.nomination_id: Notice.id,
            }
            ids = [
                session.scalar(select(value).where(key == nomination.id).limit(1)) or 0
                for key, value in where.items()
            ]
            signed = select(SignedPaper.id).where(SignedPaper.decision_id == ids[1])
            ids.append((ids[1] and session.scalar(signed)) or 0)
            place = found.setdefault(name, {})
            place[UNITS[journey.unit]] = [nomination.code, task.id if task else 0, *ids]
    return found


def _journeys() -> Iterator[tuple[str, Journey]]:
    places = {step: _FORWARD * n for n, step in enumerate(STEPS)} | _ENDS
    number = 0
    for unit in UNITS:
        for name, answers in (places | (_OWN_ENDS if unit == OWN else {})).items():
            number += 1
            yield (
                name,
                Journey(
                    number=number,
                    unit=unit,
                    kind=NomineeKind.INDIVIDUAL,
                    honorific="Bà",
                    name=f"Nguyễn Thị {name.replace('_', ' ').title()}",
                    position="Chuyên viên",
                    answers=answers,
                    days=1,
                    is_claimed=False,
                ),
            )


def _name(login: str) -> str:
    return next(account.name for account in people.everybody() if account.login == login)
