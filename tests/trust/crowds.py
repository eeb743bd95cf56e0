"""Two hundred people at work on two thousand open nominations, for tests of a served province."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from awards import passwords
from awards.demo import people
from models.awards import Nomination
from models.interests import Interest, Relation
from models.organisation import Person, Post, Role
from models.session import reading, transaction
from tests import factories
from tests.conftest import NOW

PASSWORD = "vinh-danh-dong-nguoi"  # noqa: S105 - of everybody here
AT_ONCE = 50
_COPIES = {  # of each of the demo's accounts with this role
    Role.UNIT_OFFICER: 12,
    Role.UNIT_HEAD: 4,
    Role.BLOCK_LEAD: 6,
    Role.DEPARTMENT_CLERK: 10,
    Role.DEPARTMENT_SPECIALIST: 20,
    Role.DEPARTMENT_HEAD: 6,
    Role.OFFICE_SPECIALIST: 14,
    Role.CHAIRMAN: 2,
    Role.RECORDS_CLERK: 6,
    Role.COUNCIL_MEMBER: 12,
}


@dataclass(frozen=True, slots=True)
class Case:
    """An open nomination: its task, who may do it, and what its form is sent."""

    code: str
    nominee: str
    task: int
    step: str
    people: tuple[str, ...]
    answer: dict[str, str]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody's login, those of the council, and all open cases."""

    logins: list[str]
    council: list[str]
    cases: list[Case]


def gather(engine: Engine, *, people_count: int, case_count: int) -> Crowd:
    """Fill a province; what stands in it was made by the operations that clicks call."""
    hashed = passwords.hash_password(PASSWORD)
    with transaction(engine) as session:
        copies = list(islice(_copies(session, hashed), people_count))
        session.add_all(copies)
    steps = cycle(factories.ROUTE[:-1])
    for start in range(0, case_count, AT_ONCE):
        with transaction(engine) as session:
            for number in range(start, min(start + AT_ONCE, case_count)):
                nomination = factories.begin(session, name=f"Trần Thị Đào {number}")
                factories.walk(session, nomination, next(steps))
    with transaction(engine) as session:
        cases = list(_cases(session, {person.login for person in copies}))
        _declare(session, cases)
    with reading(engine) as session:
        council = select(Person.login).join(Post).where(Post.role == Role.COUNCIL_MEMBER)
        logins = [person.login for person in copies]
        there = [login for login in session.scalars(council) if login in logins]
        return Crowd(logins, there, cases)


def _copies(session: Session, hashed: str) -> Iterator[Person]:
    """People with the posts of the demo's, and names of their own."""
    columns = [c.key for c in Post.__table__.columns if c.key not in ("id", "person_id")]
    originals = session.scalars(select(Post).order_by(Post.id)).all()
    for post in originals:
        for n in range(_COPIES.get(post.role, 0)):
            facts = {key: getattr(post, key) for key in columns}
            person = Person(
                login=f"{post.person.login}.{n}",
                name=f"{post.person.name} {n}",
                honorific=post.person.honorific,
                password_hash=hashed,
            )
            person.posts.append(Post(**facts))
            yield person


def _cases(session: Session, copies: set[str]) -> Iterator[Case]:
    served: dict[str, list[str]] = {}
    logins = _pairs(session, Person.id, Person.login)
    for queue, actors in people.by_queue(session, NOW.date()).items():
        served[queue] = [logins[actor.id] for actor in actors]
    for nomination in session.scalars(select(Nomination).order_by(Nomination.id)):
        task = factories.open_task(session, nomination)
        said = factories.content(session, nomination, task.element_id, "approve")
        yield Case(
            nomination.code,
            nomination.nominee.name,
            task.id,
            task.element_id,
            tuple(login for login in served[task.queue] if login in copies),
            {name: "y" if v is True else str(v) for name, v in said.items() if v},
        )


def _declare(session: Session, cases: list[Case]) -> None:
    """Everybody has declared on what waits for him, as people do every morning."""
    ids = _pairs(session, Person.login, Person.id)
    numbers = _pairs(session, Nomination.code, Nomination.id)
    rows = [
        {
            "person_id": ids[login],
            "nomination_id": numbers[case.code],
            "relation": Relation.NONE,
            "declared_at": NOW,
        }
        for case in cases
        for login in case.people
    ]
    session.execute(insert(Interest), rows)


def _pairs(session: Session, key: Any, value: Any) -> dict[Any, Any]:
    return {row[0]: row[1] for row in session.execute(select(key, value))}
