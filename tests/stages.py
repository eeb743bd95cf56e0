"""A province with a nomination at every step and at every end, for pages to show.

Three units: the one the tests' people belong to, one of the same Khối, one of another.
"""

import heapq
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from awards import batches, imports
from awards.demo import driving, people
from awards.demo.stories import Journey
from awards.listings import open_task
from models.awards import Movement, Nomination, NomineeKind, Outcome
from models.messages import Message, MessageKind
from models.organisation import Delegation, Person, Role
from models.papers import Attachment, DecisionEntry, Notice
from models.session import transaction
from models.tasks import TaskState, UserTask
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


@dataclass(frozen=True, slots=True)
class Stages:
    """`cases["appraise"]["near"]` waits at that step and is of a unit in the same Khối."""

    cases: dict[str, dict[str, Case]]
    own_list: int
    other_list: int
    own_batch: int
    other_batch: int

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
            _freeze(session, staff[f"{Role.UNIT_HEAD.value}:{unit}"][0], now)
        _delegate(session, staff, now)
        _tell(session, now)
        driving.declare(session, staff, now)


def _delegate(session: Session, staff: dict[str, list[Actor]], now: datetime) -> None:
    """The unit's officer is on leave years later, and its head is to stand in."""
    officer = staff[f"{Role.UNIT_OFFICER.value}:{OWN}"][0]
    head = staff[f"{Role.UNIT_HEAD.value}:{OWN}"][0]
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


def _tell(session: Session, now: datetime) -> None:
    """A message to each of `PEOPLE`, in their order."""
    ids = {person.login: person.id for person in session.scalars(select(Person))}
    for login in PEOPLE.values():
        message = Message(person_id=ids[login], kind=MessageKind.TASK, count=3)
        message.element_id, message.step, message.created_at = "appraise", "Thẩm định", now
        session.add(message)
        session.flush()


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
        path.write_text(json.dumps(_look(engine)))
    found = json.loads(path.read_text())
    cases = {
        place: {unit: Case(*values) for unit, values in units.items()}
        for place, units in found.items()
    }
    return Stages(cases, 1, 2, 1, 2)


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
