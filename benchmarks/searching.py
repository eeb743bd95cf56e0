"""What the search takes, against LIKE '%…%' over the same column in the same run.

Ours is the whole search as its page does it: nominations, units, decisions, awards and what was
entered, with the rights of the reader. The peer only finds nominations' numbers, everybody's.
"""

from collections.abc import Callable, Iterator
from functools import partial
from statistics import quantiles

from sqlalchemy import Engine, and_, select
from sqlalchemy.orm import Session

from awards import entered, people, searching, text
from awards.searching import MOST, Question
from benchmarks.databases import NOW
from benchmarks.measuring import ROUNDS, Result, Side, interleave, timed
from models.awards import Nomination
from models.session import reading, transaction
from workflows import calendar
from workflows.actors import Actor

READER = "hoidong"
QUESTIONS = (
    "nguyen thi hu",
    "Nguyễn Thị Hà",
    "nguyen",
    "tran van quang",
    "HS-2026-0099999",
    "don vi so 17",
    "bang khen hung",
    "ho van",
    "sang kien",
    "12/QĐ-UBND",
    "khong co ai",
    "le thi",
)


def prepare(engine: Engine) -> None:
    """Gather what was entered, as `flask --app app search rebuild` does."""
    with transaction(engine) as session:
        entered.begin_rebuild(session)
    last, count = 0, 1
    while count:
        with transaction(engine) as session:
            last, count = entered.rebuild_some(session, last)
    with transaction(engine) as session:
        entered.end_rebuild(session)


def measure(kind: str, count: int, engine: Engine, rounds: int = ROUNDS) -> list[Result]:
    """The median and the 95th percentile of a search, and how many times LIKE takes as long."""
    seconds: list[float] = []

    def ours() -> Iterator[float]:
        for one in _asked(engine, _search):
            seconds.append(one)
            yield one

    side, peer = Side("ours", ours), Side("LIKE", partial(_asked, engine, _like))
    interleave(side, peer, rounds=rounds)
    slow = quantiles(seconds, n=20)[-1]
    return [
        Result(
            f"search_{count}",
            kind,
            side.seconds * 1_000,
            "ms",
            "LIKE '%…%'",
            peer.seconds / side.seconds,
        ),
        Result(f"search_{count}_p95", kind, slow * 1_000, "ms"),
    ]


def _asked(engine: Engine, act: Callable[[Session, Actor, str], None]) -> Iterator[float]:
    """The seconds for each question, in sessions that know who asks and nothing else."""
    for typed in QUESTIONS:
        with reading(engine) as session:
            person = people.by_login(session, READER)
            assert person is not None
            actor = people.actor_of(person, calendar.today(NOW))
            yield timed(partial(act, session, actor, typed))


def _search(session: Session, actor: Actor, typed: str) -> None:
    question = Question.of(typed)
    searching.nominations(session, actor, question)
    searching.units(session, actor, question)
    searching.decisions(session, actor, question)
    searching.awards(session, question)
    searching.texts(session, actor, question)


def _like(session: Session, _actor: Actor, typed: str) -> None:
    words = text.words(text.fold(typed))
    found = (Nomination.search_text.contains(word, autoescape=True) for word in words)
    query = select(Nomination.id).where(and_(*found)).order_by(Nomination.id.desc())
    session.scalars(query.limit(MOST + 1)).all()
