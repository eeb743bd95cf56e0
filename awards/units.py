"""Units: founded, renamed, merged, split and dissolved on a day, by a decision with a number.

Nothing is changed in place. What ended keeps its name, and so do its nominations; whoever takes
over sees them and goes on with those that are open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session, aliased, selectinload

from awards import blocks, unit_posts
from awards.errors import BadChange
from models.awards import Nomination
from models.organisation import (
    UNIT_ROLES,
    Block,
    BlockMember,
    Person,
    Post,
    Unit,
    UnitEvent,
    UnitEventKind,
    UnitEventPart,
    UnitKind,
)
from models.papers import Notice
from models.process import InstanceStatus, ProcessInstance
from workflows import calendar
from workflows.actors import Actor
from workflows.rehoming import rehome
from workflows.words import N_

DAY = timedelta(days=1)
CODE = r"[A-Z0-9]+(-[A-Z0-9]+)*\Z"


@dataclass(frozen=True, slots=True)
class NewUnit:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision says: which units end, which begin, and who takes over from that day.

    Units that end, and an `heir` that is there already, go by their codes. Without an `heir` the
    first of the new ones takes over.
    """

    kind: UnitEventKind
    effective_on: date
    decision_number: str
    ending: tuple[str, ...] = ()
    new: tuple[NewUnit, ...] = ()
    heir: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a change would bring with it: `posts` go on with the heir, or end."""

    ending: Sequence[Unit]
    heir: str
    posts: Sequence[Post]
    do_posts_go_on: bool
    open_nominations: int
    is_at_once: bool


def find(session: Session, code: str) -> Unit:
    """The unit with this code; raises NoResultFound."""
    return session.scalars(select(Unit).where(Unit.code == code)).one()


def named(code: str) -> Select[int]:
    """The ids of the unit with this code, ended or not, and of those that ended in it.

    What somebody wants who filters by it; not what its people may see.
    """
    keeper = aliased(Unit)
    query = select(Unit.id).outerjoin(keeper, Unit.keeper)
    return query.where(or_(Unit.code == code, keeper.code == code))


def on(session: Session, day: date) -> Sequence[Unit]:
    """The units that there are on a day, by name."""
    return session.scalars(
        select(Unit).where(blocks.within(Unit, day)).order_by(Unit.name)
    ).all()


def over(session: Session, day: date) -> Sequence[Unit]:
    """The units that ended before a day, by the name they had."""
    query = select(Unit).where(Unit.valid_to < day)
    return session.scalars(query.order_by(Unit.name)).all()


def found(
    session: Session,
    new: NewUnit,
    kind: UnitKind,
    *,
    since: date,
    decision_number: str,
    block: Block | None,
    by: Actor,
    now: datetime,
) -> Unit:
    """A unit that comes of no other. Raises BadChange for a code or a name that was ever used."""
    event = _event(
        session, UnitEventKind.FOUND, since, decision_number, None, by=by, now=now
    )
    unit = _begin(session, event, new, kind, block)
    event.carried_out_at = now
    session.flush()
    return unit


def outlook(session: Session, change: Change, now: datetime) -> Outlook:
    """What the change would bring. Raises BadChange if it cannot be."""
    ending = _check(session, change)
    heir = change.heir and find(session, change.heir).name
    return Outlook(
        ending=ending,
        heir=heir or change.new[0].name,
        posts=unit_posts.lasting(session, ending, change.effective_on),
        do_posts_go_on=change.kind != UnitEventKind.DISSOLVE,
        open_nominations=len(_open(session, ending)),
        is_at_once=change.effective_on <= calendar.today(now),
    )


def record(session: Session, change: Change, *, by: Actor, now: datetime) -> UnitEvent:
    """Write down a change. Its day come, it is carried out; later ones by `carry_out_due`.

    Raises BadChange; NotAllowed for whoever would give a post to himself.
    """
    ending = _check(session, change)
    event = _event(
        session,
        change.kind,
        change.effective_on,
        change.decision_number,
        None,
        by=by,
        now=now,
    )
    last_day = change.effective_on - DAY
    block = blocks.of(session, ending[0], last_day)
    for unit in ending:
        event.parts.append(UnitEventPart(unit=unit, is_new=False))
    new = [_begin(session, event, one, ending[0].kind, block) for one in change.new]
    event.heir = find(session, change.heir) if change.heir else new[0]
    for unit in ending:
        unit.valid_to = last_day
        for member in blocks.memberships(session, unit):
            if member.valid_to is None or member.valid_to > last_day:
                member.valid_to = last_day
    unit_posts.hand_over(session, event, ending, by, now)
    if change.effective_on <= calendar.today(now):
        carry_out(session, event, now)
    session.flush()
    return event


def carry_out(session: Session, event: UnitEvent, now: datetime) -> None:
    """The heir takes over what is open: nominations, tasks, and news that nobody has read."""
    assert event.heir is not None  # noqa: S101 - only foundings have none, and they are carried out
    heir = event.heir.kept_by  # it may have ended itself since this was recorded
    for unit in event.ended:
        moving = _open(session, [unit])
        held = or_(Unit.id == unit.id, Unit.keeper_id == unit.id)
        session.execute(update(Unit).where(held).values(keeper_id=heir.id))
        session.execute(
            update(Notice).where(Notice.unit_code == unit.code).values(unit_code=heir.code)
        )
        for instance_id in moving:
            rehome(
                session,
                instance_id,
                {"unit": heir.code},
                now=now,
                reason={"unit_event": event.id},
            )
    event.carried_out_at = now
    session.flush()


def carry_out_due(session: Session, now: datetime) -> None:
    """Carry out what was recorded ahead of its day. Every minute is often enough."""
    query = select(UnitEvent).where(
        UnitEvent.carried_out_at.is_(None), UnitEvent.effective_on <= calendar.today(now)
    )
    for event in session.scalars(query.order_by(UnitEvent.id).with_for_update()).all():
        carry_out(session, event, now)


def events(session: Session, unit: Unit) -> Sequence[UnitEvent]:
    """What happened to a unit, and to those it came of or went into; the latest first."""
    seen = {unit.id}
    while True:
        mine = select(UnitEventPart.event_id).where(UnitEventPart.unit_id.in_(seen))
        parts = select(UnitEventPart.unit_id).where(UnitEventPart.event_id.in_(mine))
        wider = seen | set(session.scalars(parts))
        if wider == seen:
            break
        seen = wider
    query = (
        select(UnitEvent)
        .where(UnitEvent.id.in_(mine))
        .options(selectinload(UnitEvent.parts).joinedload(UnitEventPart.unit))
        .order_by(UnitEvent.effective_on.desc(), UnitEvent.id.desc())
    )
    return session.scalars(query).all()


def planned(session: Session) -> Sequence[UnitEvent]:
    """What was recorded and whose day has not come."""
    query = select(UnitEvent).where(UnitEvent.carried_out_at.is_(None))
    return session.scalars(query.order_by(UnitEvent.effective_on)).all()


def heads_on(session: Session, day: date) -> dict[int, list[Person]]:
    """Who heads which unit on a day."""
    query = select(Post).where(Post.role == UNIT_ROLES[1], blocks.within(Post, day))
    query = query.options(selectinload(Post.person))
    heads: dict[int, list[Person]] = {}
    for post in session.scalars(query.order_by(Post.is_deputy, Post.id)):
        heads.setdefault(post.unit_id or 0, []).append(post.person)
    return heads


def _check(session: Session, change: Change) -> list[Unit]:
    """The units that end, if the change makes sense."""
    codes = {*change.ending, change.heir}
    query = select(Unit).where(Unit.code.in_(codes)).order_by(Unit.id)
    held = session.scalars(query.with_for_update()).all()
    ending = [unit for unit in held if unit.code in change.ending]
    if not ending or len(ending) != len(set(change.ending)):
        raise BadChange(N_("Chọn đơn vị mà quyết định nói đến."))
    for unit in ending:
        if unit.valid_from >= change.effective_on or unit.valid_to is not None:
            raise BadChange(
                N_("%(unit)s chưa có vào ngày đó, hoặc đã có quyết định chấm dứt."),
                unit=unit.name,
            )
    is_single = change.kind in (UnitEventKind.RENAME, UnitEventKind.SPLIT)
    if is_single and len(ending) != 1:
        raise BadChange(N_("Đổi tên, chia tách từng đơn vị một."))
    _check_new(change, len(ending))
    _check_heir(session, change)
    return ending


def _check_new(change: Change, ending: int) -> None:
    count = len(change.new)
    match change.kind:
        case UnitEventKind.RENAME if count != 1 or change.heir:
            raise BadChange(N_("Ghi mã và tên mới của đơn vị."))
        case UnitEventKind.SPLIT if count < 2:  # noqa: PLR2004 - one would be a new name
            raise BadChange(N_("Chia tách cần ít nhất hai đơn vị mới."))
        case UnitEventKind.MERGE if count + bool(change.heir) != 1:
            raise BadChange(
                N_("Hợp nhất thành một đơn vị mới hoặc nhập vào một đơn vị có sẵn.")
            )
        case UnitEventKind.MERGE if count and ending < 2:  # noqa: PLR2004 - one would be a new name
            raise BadChange(N_("Hợp nhất thành đơn vị mới cần ít nhất hai đơn vị."))
        case UnitEventKind.DISSOLVE if count or not change.heir:
            raise BadChange(N_("Giải thể: chọn đơn vị có sẵn tiếp nhận hồ sơ."))


def _check_heir(session: Session, change: Change) -> None:
    if not change.heir:
        return
    query = select(Unit).where(
        Unit.code == change.heir, blocks.within(Unit, change.effective_on)
    )
    heir = session.scalars(query).first()
    if heir is None or heir.code in change.ending or heir.valid_to is not None:
        raise BadChange(N_("Đơn vị tiếp nhận phải còn hoạt động vào ngày đó."))


def _event(
    session: Session,
    kind: UnitEventKind,
    day: date,
    decision_number: str,
    heir: Unit | None,
    *,
    by: Actor,
    now: datetime,
) -> UnitEvent:
    event = UnitEvent(
        kind=kind,
        effective_on=day,
        decision_number=decision_number,
        heir=heir,
        recorded_by=by.id,
        recorded_at=now,
    )
    session.add(event)
    session.flush()
    return event


def _begin(
    session: Session, event: UnitEvent, new: NewUnit, kind: UnitKind, block: Block | None
) -> Unit:
    same = or_(Unit.code == new.code, Unit.name == new.name)
    if session.scalars(select(Unit.id).where(same)).first():
        raise BadChange(
            N_("Mã “%(code)s” hoặc tên “%(name)s” đã có, kể cả ở đơn vị không còn nữa."),
            code=new.code,
            name=new.name,
        )
    unit = Unit(code=new.code, name=new.name, kind=kind, valid_from=event.effective_on)
    event.parts.append(UnitEventPart(unit=unit, is_new=True))
    if block is not None:
        session.add(
            BlockMember(
                block=block,
                unit=unit,
                valid_from=event.effective_on,
                decision_number=event.decision_number,
            )
        )
    session.flush()
    return unit


def _open(session: Session, units: Sequence[Unit]) -> Sequence[int]:
    """The instances of running nominations that these units look after."""
    query = (
        select(ProcessInstance.id)
        .join(Nomination, Nomination.instance_id == ProcessInstance.id)
        .join(Unit, Unit.id == Nomination.unit_id)
        .where(func.coalesce(Unit.keeper_id, Unit.id).in_([unit.id for unit in units]))
        .where(ProcessInstance.status == InstanceStatus.RUNNING)
    )
    return session.scalars(query.order_by(ProcessInstance.id)).all()
