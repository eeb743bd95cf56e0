"""Notices of results (thông báo kết quả): to each unit, who is awarded, who is not, and why.

One paper per unit and decision, or per unit and season, which also reaches units none of whose
nominees is awarded. Its number and date are for the department's records clerk to give.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from awards import access, amendments, papers, signatures
from awards.province import HUNG_YEN
from awards.result_sample import sample
from awards.templates import common
from awards.templates.registry import PaperKind, register
from models.awards import Movement, Nomination, NomineeKind, Result
from models.organisation import Post, Role, Unit
from models.papers import Decision, DecisionEntry, DecisionKind
from models.process import ProcessInstance
from models.tasks import Submission
from workflows import calendar
from workflows.actors import Actor
from workflows.words import N_

_NOT_AWARDED = {Result.REFUSED: "Không khen", Result.NOT_SELECTED: "Không được suy tôn"}
_AWARDED_COLUMNS = ["STT", "Tên", "Chức vụ, đơn vị", "Quyết định"]
_OTHER_COLUMNS = ["STT", "Tên", "Kết quả", "Lý do"]


@dataclass(frozen=True, slots=True)
class Awarded:
    """One line of a notice: as the decision reads today."""

    kind: NomineeKind
    name: str
    place: str
    decision: str


def may_read(actor: Actor, unit: Unit) -> bool:
    """The unit its own notice, the province's offices all of them."""
    return access.sees_everything(actor) or unit.kept_by.code in actor.scopes(*access.UNIT)


def units_of(session: Session, decision: Decision) -> Sequence[Unit]:
    """The units that are told of this decision, by name."""
    awarded = select(Nomination.unit_id).join(
        DecisionEntry, DecisionEntry.nomination_id == Nomination.id
    )
    query = select(Unit).where(
        Unit.id.in_(awarded.where(DecisionEntry.decision_id == decision.id))
    )
    return session.scalars(query.order_by(Unit.name)).all()


def units_in(session: Session, movement: Movement) -> Sequence[Unit]:
    """The units any of whose nominations in a season has an outcome, by name."""
    query = select(Unit).where(Unit.id.in_(_ended(movement.id, Nomination.unit_id)))
    return session.scalars(query.order_by(Unit.name)).all()


def seasons_of(session: Session, units: Iterable[str]) -> list[tuple[Movement, Unit]]:
    """The seasons with an outcome for these units (codes) and those they keep, newest first."""
    kept = access.kept_by(list(units))
    query = (
        select(Movement, Unit)
        .join(Nomination, Nomination.movement_id == Movement.id)
        .join(Unit, Unit.id == Nomination.unit_id)
        .join(Nomination.instance)
        .where(Nomination.unit_id.in_(kept), ProcessInstance.result.in_(_OUTCOMES))
        .order_by(Movement.id.desc(), Unit.name)
        .distinct()
    )
    return [(movement, unit) for movement, unit in session.execute(query)]


def of_decision(
    session: Session, decision: Decision, unit: Unit, day: date
) -> dict[str, Any]:
    """What a unit is told of one decision, and of those it did not award."""
    award = str(decision.content["award"])
    first = decision.entries[0].nomination
    others = _not_awarded(
        session, unit, first.movement_id, award_id=first.award_id, until=decision.issued_on
    )
    awarded = _awarded(session, [decision], unit)
    told = (
        f"Ngày {decision.issued_on:%d/%m/%Y}, {HUNG_YEN.authority} ban hành Quyết định số "
        f"{decision.symbol} về việc tặng {award}. {HUNG_YEN.department} thông báo kết quả đối "
        f"với các trường hợp do {unit.name} đề nghị như sau:"
    )
    return _words(session, unit, told, awarded, others, day)


def of_season(
    session: Session, movement: Movement, unit: Unit, day: date
) -> dict[str, Any]:
    """What a unit is told of all it has nominated in a season, what is still open included."""
    awarding = (
        select(DecisionEntry.decision_id)
        .join(DecisionEntry.nomination)
        .where(Nomination.movement_id == movement.id, Nomination.unit_id == unit.id)
    )
    decisions = session.scalars(
        select(Decision)
        .where(Decision.id.in_(awarding), Decision.kind == DecisionKind.AWARD)
        .where(Decision.cancelled_at.is_(None))
        .order_by(Decision.id)
    ).all()
    told = (
        f"{HUNG_YEN.department} thông báo kết quả xét khen thưởng trong phong trào thi đua "
        f"{movement.name} đối với các trường hợp do {unit.name} đề nghị như sau:"
    )
    others = _not_awarded(session, unit, movement.id)
    found = _words(session, unit, told, _awarded(session, decisions, unit), others, day)
    if open_ := _in_progress(session, unit, movement):
        found["closing"].insert(
            0, f"Còn {open_:02} trường hợp đang được xem xét, sẽ thông báo khi có kết quả."
        )
    return found


_OUTCOMES = (Result.AWARDED, *_NOT_AWARDED)


def _ended(movement_id: int, column: Any) -> Any:  # noqa: ANN401 - any column
    return (
        select(column)
        .join(Nomination.instance)
        .where(Nomination.movement_id == movement_id, ProcessInstance.result.in_(_OUTCOMES))
    )


def _awarded(session: Session, decisions: Iterable[Decision], unit: Unit) -> list[Awarded]:
    found = []
    for decision in decisions:
        mine = {
            e.nomination_id for e in decision.entries if e.nomination.unit_id == unit.id
        }
        for id_, one in amendments.standings(session, decision).items():
            if id_ in mine and one.revoked_by is None:
                reads = one.awardee
                name = f"{reads.get('honorific') or ''} {reads['name']}".strip()
                place = ", ".join(filter(None, [reads.get("position", ""), reads["unit"]]))
                found.append(
                    Awarded(NomineeKind(reads["kind"]), name, place, decision.symbol)
                )
    return found


def _not_awarded(
    session: Session,
    unit: Unit,
    movement_id: int,
    *,
    award_id: int | None = None,
    until: date | None = None,
) -> list[tuple[str, str, str]]:
    """Name, result and the reason given last, of what ended without an award."""
    last = (
        select(func.max(Submission.id))
        .where(Submission.instance_id == Nomination.instance_id)
        .correlate(Nomination)
        .scalar_subquery()
    )
    query = (
        select(Nomination, Submission)
        .join(Nomination.instance)
        .join(Submission, Submission.id == last)
        .where(Nomination.unit_id == unit.id, Nomination.movement_id == movement_id)
        .where(ProcessInstance.result.in_(tuple(_NOT_AWARDED)))
        .options(joinedload(Nomination.nominee), joinedload(Nomination.instance))
    )
    if award_id is not None:
        query = query.where(Nomination.award_id == award_id)
    rows = [
        (nomination, said)
        for nomination, said in session.execute(query)
        if until is None or calendar.today(said.submitted_at) <= until
    ]
    rows.sort(key=lambda row: row[0].nominee.sort_key)
    return [
        (
            f"{nomination.nominee.honorific} {nomination.nominee.name}".strip(),
            _NOT_AWARDED[Result(str(nomination.instance.result))],
            str(said.content.get("reason") or ""),
        )
        for nomination, said in rows
    ]


def _in_progress(session: Session, unit: Unit, movement: Movement) -> int:
    query = (
        select(func.count(Nomination.id))
        .join(Nomination.instance)
        .where(Nomination.unit_id == unit.id, Nomination.movement_id == movement.id)
        .where(ProcessInstance.result.is_(None))
    )
    return session.scalar(query) or 0


def _words(
    session: Session,
    unit: Unit,
    told: str,
    awarded: Sequence[Awarded],
    others: Sequence[tuple[str, str, str]],
    day: date,
) -> dict[str, Any]:
    office = signatures.department()
    head = _head(session, day)
    return {
        "parent": office.parent,
        "lines": list(office.lines),
        "number_line": papers.number_line(None, f"TB-{office.symbol}"),
        "date_line": papers.date_line(HUNG_YEN.place, None),
        "date": None,
        "authority": office.name,
        "subject": "Kết quả xét khen thưởng",
        "to": unit.name,
        "paragraphs": [told],
        "groups": _groups(awarded, others),
        "closing": [
            (
                f"Đề nghị {unit.name} thông báo tới các tập thể, cá nhân có liên quan. Mọi vướng "
                f"mắc gửi về {office.name} để được giải đáp."
            )
        ],
        "signer_titles": signatures.of_post(head) if head else ["GIÁM ĐỐC"],
        "signer_name": head.person.name if head else "",
        "recipients": papers.closed(["Như trên", "Lưu: VT, TĐKT"], between=";", last="."),
    }


def _groups(
    awarded: Sequence[Awarded], others: Sequence[tuple[str, str, str]]
) -> list[dict[str, Any]]:
    numerals = iter(("I", "II"))
    found = []
    if awarded:
        rows = [
            [str(n), one.name, one.place, one.decision]
            for n, one in enumerate(awarded, start=1)
        ]
        heading = f"{next(numerals)}. ĐƯỢC KHEN THƯỞNG ({len(rows):02})"
        found.append({"heading": heading, "columns": _AWARDED_COLUMNS, "rows": rows})
    if others:
        rows = [[str(n), *one] for n, one in enumerate(others, start=1)]
        heading = f"{next(numerals)}. KHÔNG ĐƯỢC KHEN THƯỞNG ({len(rows):02})"
        found.append({"heading": heading, "columns": _OTHER_COLUMNS, "rows": rows})
    return found


def _head(session: Session, day: date) -> Post | None:
    """Who heads the department on that day."""
    query = (
        select(Post)
        .options(joinedload(Post.person))
        .where(Post.role == Role.DEPARTMENT_HEAD, Post.valid_from <= day)
        .where((Post.valid_to.is_(None)) | (Post.valid_to >= day))
        .order_by(Post.is_deputy, Post.id)
    )
    return session.scalars(query).first()


RESULTS = register(
    PaperKind(
        key="result_notice",
        name=N_("Thông báo kết quả"),
        file="notice",
        words={
            **common.HEAD,
            "to": N_("Đơn vị nhận thông báo"),
            "paragraphs": N_("Lời dẫn, từng đoạn"),
            **common.GROUPS,
            "closing": N_("Lời cuối, từng đoạn"),
            **common.SIGNATURE,
        },
        sample=sample,
    )
)
