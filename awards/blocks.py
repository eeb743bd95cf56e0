"""Khối: which units are in them when, who leads them in a year, and how the lead goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from awards import posts
from awards.errors import BadChange, BadPost
from awards.posts import Appointment
from awards.province import BLOCK_DEPUTY, BLOCK_HEAD
from models.organisation import Block, BlockMember, BlockTerm, Delegation, Post, Role, Unit
from workflows import calendar
from workflows.actors import Actor
from workflows.words import N_

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """A Khối as of a day: its members by name, and who leads it, if that was recorded."""

    block: Block
    members: list[Unit]
    term: BlockTerm | None


@dataclass(frozen=True, slots=True)
class Handover:
    """Who is to lead a Khối, and from when to when. Units by code; a deputy may be missing."""

    head: str
    deputy: str
    valid_from: date
    valid_to: date
    decision_number: str


def find(session: Session, code: str) -> Block:
    """The Khối with this code; raises NoResultFound."""
    return session.scalars(select(Block).where(Block.code == code)).one()


def of(session: Session, unit: Unit, day: date) -> Block | None:
    """The Khối that the unit is in on a day."""
    query = select(Block).join(BlockMember, BlockMember.block_id == Block.id)
    query = query.where(BlockMember.unit_id == unit.id, within(BlockMember, day))
    return session.scalars(query).first()


def placed(session: Session, day: date) -> set[int]:
    """The units, by id, that are in a Khối on a day."""
    return set(session.scalars(select(BlockMember.unit_id).where(within(BlockMember, day))))


def within(
    table: type[BlockMember | BlockTerm | Unit | Post | Delegation], day: date
) -> ColumnElement[bool]:
    """The rows of a dated table that hold on a day."""
    return and_(
        table.valid_from <= day, or_(table.valid_to.is_(None), table.valid_to >= day)
    )


def standings(session: Session, day: date) -> list[Standing]:
    """All Khối as of a day, by code."""
    members: dict[int, list[Unit]] = {}
    for member in session.scalars(
        select(BlockMember)
        .join(BlockMember.unit)
        .options(joinedload(BlockMember.unit))
        .where(within(BlockMember, day))
        .order_by(Unit.name)
    ):
        members.setdefault(member.block_id, []).append(member.unit)
    terms = {
        term.block_id: term
        for term in session.scalars(_terms.where(within(BlockTerm, day)))
    }
    return [
        Standing(block, members.get(block.id, []), terms.get(block.id))
        for block in posts.blocks(session)
    ]


_terms = select(BlockTerm).options(joinedload(BlockTerm.head), joinedload(BlockTerm.deputy))


def terms(session: Session, block: Block) -> Sequence[BlockTerm]:
    """Who led the Khối, the latest first."""
    query = _terms.where(BlockTerm.block_id == block.id)
    return session.scalars(query.order_by(BlockTerm.valid_from.desc())).all()


def members(session: Session, block: Block) -> Sequence[BlockMember]:
    """Who was ever in the Khối, by name."""
    query = (
        select(BlockMember).join(BlockMember.unit).where(BlockMember.block_id == block.id)
    )
    query = query.options(joinedload(BlockMember.unit))
    return session.scalars(query.order_by(Unit.name, BlockMember.valid_from)).all()


def units_on(session: Session, block: Block, day: date) -> Sequence[Unit]:
    """The members of the Khối on a day, by name."""
    query = select(Unit).join(BlockMember, BlockMember.unit_id == Unit.id)
    query = query.where(BlockMember.block_id == block.id, within(BlockMember, day))
    return session.scalars(query.order_by(Unit.name)).all()


def memberships(session: Session, unit: Unit) -> Sequence[BlockMember]:
    """The Khối that a unit was ever in, the latest first."""
    query = select(BlockMember).where(BlockMember.unit_id == unit.id)
    query = query.options(joinedload(BlockMember.block))
    return session.scalars(query.order_by(BlockMember.valid_from.desc())).all()


def create(session: Session, code: str, name: str) -> Block:
    """A new Khối, without members. Raises BadChange for a code that is taken."""
    if session.scalars(select(Block.id).where(Block.code == code)).first():
        raise BadChange(N_("Mã “%(code)s” đã có."), code=code)
    block = Block(code=code, name=name)
    session.add(block)
    session.flush()
    return block


def join(
    session: Session, block: Block | None, unit: Unit, *, since: date, decision_number: str
) -> None:
    """Put a unit into a Khối from a day on, or into none; where it was before, it leaves.

    Nominations that have begun stay in the Khối of their start. Raises BadChange.
    """
    session.refresh(unit, with_for_update=True)
    if since < unit.valid_from or (unit.valid_to is not None and unit.valid_to < since):
        raise BadChange(N_("Vào ngày đó đơn vị này chưa có hoặc không còn."))
    held = select(BlockMember).where(
        BlockMember.unit_id == unit.id,
        or_(BlockMember.valid_to.is_(None), BlockMember.valid_to >= since),
    )
    latest_first = held.order_by(BlockMember.valid_from.desc())
    for member in session.scalars(latest_first.with_for_update()).all():
        if member.valid_from > since:
            raise BadChange(N_("Đơn vị đã được xếp Khối từ một ngày sau đó."))
        if block is not None and member.block_id == block.id:
            raise BadChange(N_("Vào ngày đó đơn vị đã ở trong Khối này."))
        member.valid_to = since - DAY
        if member.valid_to < member.valid_from:
            session.delete(member)
    if block is not None:
        session.add(
            BlockMember(
                block=block,
                unit=unit,
                valid_from=since,
                valid_to=unit.valid_to,
                decision_number=decision_number,
            )
        )
    session.flush()


def hand_over(
    session: Session, block: Block, wanted: Handover, *, by: Actor, now: datetime
) -> BlockTerm:
    """Give the lead of a Khối to two of its members: their heads hold the posts from that day.

    Who led it before does so until the day before. Raises BadChange; NotAllowed for whoever would
    give a post to himself.
    """
    if wanted.valid_to < wanted.valid_from:
        raise BadChange(N_("Ngày cuối không thể trước ngày đầu."))
    session.refresh(block, with_for_update=True)  # handovers of one Khối take turns
    present = {u.code: u for u in units_on(session, block, wanted.valid_from)}
    if wanted.head not in present or wanted.deputy not in {"", *present}:
        raise BadChange(N_("Khối trưởng và phó phải là thành viên của Khối vào ngày đó."))
    if wanted.head == wanted.deputy:
        raise BadChange(N_("Khối trưởng và phó phải là hai đơn vị khác nhau."))
    head, deputy = present[wanted.head], present.get(wanted.deputy)
    _end_before(session, block, wanted.valid_from, by, now)
    term = BlockTerm(
        block=block,
        head=head,
        deputy=deputy,
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
        decision_number=wanted.decision_number,
        recorded_by=by.id,
        recorded_at=now,
    )
    session.add(term)
    session.flush()
    for unit in (head, deputy):
        if unit is not None:
            _lead(session, term, unit, by, now)
    return term


def led_on(session: Session, day: date) -> set[int]:
    """The Khối that somebody leads on a day, by id."""
    leads = select(Post.block_id).where(Post.role == Role.BLOCK_LEAD, within(Post, day))
    return {block_id for block_id in session.scalars(leads) if block_id is not None}


def first_day(year: int, today: date) -> date:
    """From when the leads of a year lead: its first day, or today in a year that has begun."""
    return today if today.year == year else date(year, 1, 1)


def next_year(
    session: Session, year: int, since: date | None = None
) -> list[tuple[Standing, str, str]]:
    """Each Khối that has members then, and its leads: last year's deputy, and the next by name.

    Those whose lead for that year is recorded are left out; in a year that has begun, `since` a
    day, all that somebody leads.
    """
    day = since or date(year, 1, 1)
    led = led_on(session, day) if day > date(year, 1, 1) else set()
    found = []
    for standing in standings(session, day):
        codes = [unit.code for unit in standing.members]
        if not codes or standing.term is not None or standing.block.id in led:
            continue
        last = session.scalars(
            _terms.where(
                BlockTerm.block_id == standing.block.id, BlockTerm.valid_from < day
            )
            .order_by(BlockTerm.valid_from.desc())
            .limit(1)
        ).first()
        head = codes[0] if last is None else _follows(codes, last)
        deputy = codes[(codes.index(head) + 1) % len(codes)] if len(codes) > 1 else ""
        found.append((standing, head, deputy))
    return found


def open_year(
    session: Session,
    year: int,
    leads: Mapping[str, tuple[str, str]],
    *,
    decision_number: str,
    by: Actor,
    now: datetime,
) -> int:
    """Begin an emulation year: every Khối goes on with its members, led by these.

    `leads` gives head and deputy by the code of the Khối; one without a head waits for later.
    Returns how many were handed over. Raises BadChange where none is.
    """
    since = first_day(year, calendar.today(now))
    chosen = {code: pair for code, pair in leads.items() if pair[0]}
    if not chosen:
        raise BadChange(N_("Chọn Khối trưởng cho ít nhất một Khối."))
    for code, (head, deputy) in chosen.items():
        handover = Handover(head, deputy, since, date(year, 12, 31), decision_number)
        block = find(session, code)
        try:
            hand_over(session, block, handover, by=by, now=now)
        except BadChange as error:
            message = N_("%(block)s: %(why)s")
            raise BadChange(message, block=block.name, why=str(error)) from error
    return len(chosen)


def _follows(codes: Sequence[str], last: BlockTerm) -> str:
    """The deputy of the year before, or the member after its head; or what became of them."""
    if last.deputy is not None and last.deputy.kept_by.code in codes:
        return last.deputy.kept_by.code
    head = last.head.kept_by.code
    return codes[(codes.index(head) + 1) % len(codes)] if head in codes else codes[0]


def _end_before(
    session: Session, block: Block, day: date, by: Actor, now: datetime
) -> None:
    """Whatever lead would last into the new one ends the day before it."""
    lasting = BlockTerm.valid_to >= day
    for term in session.scalars(
        _terms.where(BlockTerm.block_id == block.id, lasting)
    ).all():
        if term.valid_from >= day:
            raise BadChange(N_("Từ ngày đó Khối đã có bàn giao khác."))
        term.valid_to = day - DAY
    held = select(Post).where(
        Post.role == Role.BLOCK_LEAD,
        Post.block_id == block.id,
        or_(Post.valid_to.is_(None), Post.valid_to >= day),
    )
    for post in session.scalars(held).all():
        posts.end(
            session, post.id, person_id=post.person_id, last_day=day - DAY, by=by, now=now
        )


def _lead(session: Session, term: BlockTerm, unit: Unit, by: Actor, now: datetime) -> None:
    """The unit's own head holds the Khối's post too, as long as the term lasts."""
    is_deputy = unit is term.deputy
    heads = session.scalars(
        select(Post).where(
            Post.unit_id == unit.id,
            Post.role == Role.UNIT_HEAD,
            Post.is_deputy.is_(False),
            within(Post, term.valid_from),
        )
    ).all()
    if not heads:
        raise BadChange(
            N_("%(unit)s chưa có thủ trưởng vào ngày đó; giao chức vụ trước."),
            unit=unit.name,
        )
    wanted = Appointment(
        role=Role.BLOCK_LEAD,
        title=BLOCK_DEPUTY if is_deputy else BLOCK_HEAD,
        organisation=term.block.name,
        valid_from=term.valid_from,
        valid_to=term.valid_to,
        block=term.block.code,
        is_deputy=is_deputy,
    )
    for post in heads:
        try:
            posts.appoint(session, post.person_id, wanted, by=by, now=now)
        except BadPost as error:
            raise BadChange(
                N_("%(name)s là thủ trưởng của cả hai đơn vị; chọn đơn vị khác."),
                name=post.person.name,
            ) from error
