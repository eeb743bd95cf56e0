"""The search over everything: nominations, units, decisions, awards, and what people entered.

Each group holds only what the actor may see, and its total counts no more than that. Words match
from their beginning, with or without their marks; what has the marks as typed comes first.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from awards import access, interests, outside, register, text
from models import search
from models.awards import Award, Nomination
from models.organisation import Block, BlockMember, Role, Unit
from models.papers import Decision
from models.search import EnteredText
from models.tasks import Submission
from workflows import deployments
from workflows.actors import Actor

SHOWN = 8  # of a group beside others
MOST = 1_000  # that are counted: who sees more than that types another word
MAX_WORDS = 10
_NUMBER = re.compile(r"[0-9]{1,6}\Z")
_FILLING = ("quyet", "dinh", "so", "nam")  # “Quyết định số 12 năm 2026”
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody looks for: the words as they were typed, and without their marks."""

    typed: str
    words: tuple[str, ...]
    plain: tuple[str, ...]

    @classmethod
    def of(cls, typed: str) -> "Question":
        """The first words of what was typed."""
        words = text.words(typed)[:MAX_WORDS]
        plain = text.words(text.fold(typed))[:MAX_WORDS]
        return cls(typed, tuple(words), tuple(plain))

    def fits(self, *names: str) -> bool:
        """Whether each word begins one of these names' words."""
        return _all_begin(self.plain, text.words(text.fold(" ".join(names))))

    def fits_as_typed(self, *names: str) -> bool:
        """The same, with the marks."""
        return _all_begin(self.words, text.words(" ".join(names)))


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """The first rows of a group, and how many there are; `MOST` where `is_more`."""

    rows: Sequence[Row]
    total: int
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """An entry in which the words stand, and the nomination it was made for."""

    nomination: Nomination
    entry: Submission


def nominations(
    session: Session, actor: Actor, question: Question, *, skip: int = 0, limit: int = SHOWN
) -> Found[Nomination]:
    """By code, nominee, unit and award; the latest first."""
    ids, is_more = _numbers(
        session,
        lambda words: select(Nomination.id).where(
            search.holds(Nomination.search_text, words), access.visible_to(actor)
        ),
        question,
        Nomination.id,
    )
    query = select(Nomination).options(
        joinedload(Nomination.nominee),
        joinedload(Nomination.unit),
        joinedload(Nomination.award),
        joinedload(Nomination.movement),
    )
    rows = session.scalars(query.where(Nomination.id.in_(ids[skip : skip + limit])))
    return Found(sorted(rows, key=lambda row: ids.index(row.id)), len(ids), is_more)


def units(session: Session, actor: Actor, question: Question) -> Found[Unit]:
    """By name and code, those that have ended as well; from outside only one's own."""
    query = select(Unit).options(joinedload(Unit.keeper)).where(_units_of(actor))
    rows = session.scalars(query.order_by(Unit.name))
    return _whole(question, rows.all(), lambda unit: (unit.name, unit.code))


def awards(session: Session, question: Question) -> Found[Award]:
    """By name; they are in the law, which everybody may read."""
    rows = session.scalars(select(Award).order_by(Award.id)).all()
    return _whole(question, rows, lambda award: (award.name,))


def decisions(session: Session, actor: Actor, question: Question) -> Found[Decision]:
    """By number, with the suffix and the year if these were typed; the latest first."""
    numbers = [int(word) for word in question.plain if _NUMBER.match(word)]
    if not numbers:
        return Found([], 0)
    query = select(Decision).where(Decision.number.in_(numbers), _decisions_of(actor))
    query = query.options(joinedload(Decision.refers_to)).order_by(
        Decision.issued_at.desc()
    )
    rows = [row for row in session.scalars(query) if _is_meant(question, row)]
    return Found(rows, len(rows))


def texts(
    session: Session, actor: Actor, question: Question, *, skip: int = 0, limit: int = SHOWN
) -> Found[Passage]:
    """By what was entered at steps whose words the actor may read; the latest first.

    Who has yet to declare an interest in a nomination is shown nothing of its dossier.
    """
    visible = and_(
        access.visible_to(actor), ~interests.is_closed_to(actor), _steps_of(session, actor)
    )
    ids, is_more = _numbers(
        session,
        lambda words: (
            select(EnteredText.submission_id)
            .join(Nomination, Nomination.id == EnteredText.nomination_id)
            .where(search.holds(EnteredText.search_text, words), visible)
        ),
        question,
        EnteredText.submission_id,
    )
    query = (
        select(Nomination, Submission)
        .join(Submission, Submission.instance_id == Nomination.instance_id)
        .where(Submission.id.in_(ids[skip : skip + limit]))
        .options(joinedload(Nomination.nominee), joinedload(Nomination.instance))
    )
    rows = sorted(session.execute(query).all(), key=lambda row: ids.index(row[1].id))
    return Found([Passage(*row) for row in rows], len(ids), is_more)


def named(session: Session, actor: Actor, typed: str) -> Nomination | None:
    """The nomination of which the very code was typed, if the actor may see it."""
    code = "-".join(text.words(typed)).upper()
    query = select(Nomination).where(Nomination.code == code, access.visible_to(actor))
    return session.scalars(query).first()


def _numbers(
    session: Session,
    query: Callable[[Sequence[str]], Select[int]],
    question: Question,
    column: InstrumentedAttribute[int],
) -> tuple[list[int], bool]:
    """What is found with the marks, then without; at most so many, and whether there are more.

    Sorted by a sum, or PostgreSQL would go down the numbers and look into each row's words.
    """
    if not question.plain:
        return [], False

    def ask(words: Sequence[str]) -> Sequence[int]:
        ordered = query(words).order_by((column + 0).desc())
        return session.scalars(ordered.limit(MOST + 1)).all()

    found = ask(question.plain)
    is_more = len(found) > MOST
    if found and question.words != question.plain:
        found = list(dict.fromkeys([*ask(question.words), *found]))
    return list(found[:MOST]), is_more


def _whole(
    question: Question, rows: Sequence[Row], names: Callable[[Row], tuple[str, ...]]
) -> Found[Row]:
    """Of a few rows those that fit, in their order but for those with the marks, which lead."""
    fitting = [row for row in rows if question.plain and question.fits(*names(row))]
    fitting.sort(key=lambda row: not question.fits_as_typed(*names(row)))
    return Found(fitting, len(fitting))


def _all_begin(wanted: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(one) for word in words) for one in wanted)


def _is_meant(question: Question, decision: Decision) -> bool:
    """Whether all that was typed is the number, its suffix, its year, or what stands around it."""
    numbers = {f"{decision.number}", f"{decision.number:02d}", f"{decision.year}"}
    others = [word for word in question.plain if word not in numbers]
    return _all_begin(others, [*text.words(text.fold(decision.suffix)), *_FILLING])


def _units_of(actor: Actor) -> ColumnElement[bool]:
    if access.sees_everything(actor):
        return true()
    led = (
        select(BlockMember.unit_id)
        .join(Block, Block.id == BlockMember.block_id)
        .where(Block.code.in_(actor.scopes(Role.BLOCK_LEAD)))
    )
    own = access.kept_by(actor.scopes(*access.UNIT))
    return or_(Unit.id.in_(own), Unit.id.in_(led))


def _decisions_of(actor: Actor) -> ColumnElement[bool]:
    if register.sees_register(actor):
        return true()
    return Decision.id.in_(register.readable(actor))


def _steps_of(session: Session, actor: Actor) -> ColumnElement[bool]:
    """The steps whose affairs are the actor's in every version of every process that has them."""
    if access.sees_inside(actor):
        return true()
    told: set[str] = set()
    inside: set[str] = set()
    for row in deployments.every(session):
        definition = deployments.parsed(session, row)
        for element_id in definition.elements:
            kept = inside if outside.is_inside(definition, element_id) else told
            kept.add(element_id)
    return EnteredText.element_id.in_(told - inside)
