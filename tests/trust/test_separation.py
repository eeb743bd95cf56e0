"""A5 of trust.md: two acts by one person on one nomination, against the table written by hand."""

from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from sqlalchemy import select

from awards import delegations, nominations, people, posts, separation
from awards.delegations import Mandate
from awards.posts import Appointment
from models.awards import NomineeKind
from models.interests import Interest, Relation
from models.operations import OperatorActKind
from models.organisation import BLOCK_ROLES, UNIT_ROLES, Person, Role
from models.tasks import TaskState
from tests import factories
from tests.conftest import NOW
from tests.factories import ROUTE
from tests.permissions import PAIRS, STEP_TABLE
from workflows import calendar, deployments, drafts, operations, queues, tasks
from workflows.errors import ActRefused, NotAllowed, SamePerson, WorkflowError
from workflows.operations import Wish

BPMN = Path(__file__).parents[2] / "bpmn" / "movement_award.bpmn"
TODAY = calendar.today(NOW)
DAY = timedelta(days=1)
ADMIN = factories.stand_in(990, Role.SYSTEM_ADMIN.value)
ROLE_OF = {step: Role(role) for step, role in STEP_TABLE[1:]}
MAY = {
    (row[0], role): cell == "yes"
    for row in PAIRS[1:]
    for role, cell in zip(PAIRS[0][1:], row[1:], strict=True)
}
STEPS = list(combinations(ROUTE, 2))
WAYS = ("post", "delegation", "moved")


def newcomer(db, name="Người Mới"):
    person = Person(
        login=f"moi{len(db.scalars(select(Person.id)).all())}",
        name=name,
        honorific="Ông",
        password_hash="",
    )
    db.add(person)
    db.flush()
    return person


def appoint(db, person, role, **changes):
    wanted = Appointment(
        role,
        "Kiêm nhiệm",
        "Nơi khác" if role not in UNIT_ROLES else "",
        TODAY,
        unit="SO-TP" if role in UNIT_ROLES else "",
        block="K01" if role in BLOCK_ROLES else "",
        **changes,
    )
    return posts.appoint(db, person.id, wanted, by=ADMIN, now=NOW)


def acting(db, person, now=NOW):
    db.flush()
    db.expire_all()
    return people.actor_of(people.find(db, person.id), calendar.today(now))


def try_to(db, task, actor):
    """Claim the step, whichever way it comes; says whether it was possible."""
    try:
        with db.begin_nested():
            tasks.claim(db, task.id, actor=actor, now=NOW)
    except WorkflowError:
        return False
    return True


def acted(db, earlier, later, person):
    """A nomination at the later step; the person has completed the earlier one."""
    nomination = factories.begin(db)
    task = factories.walk(db, nomination, earlier)
    factories.answer(db, nomination, "approve", by=acting(db, person))
    assert task.assignee_id == person.id
    return factories.walk(db, nomination, later)


def give(db, way, person, role, old):
    """Let the person serve the later role in one of the ways in which somebody comes to it."""
    if way == "moved":
        old.valid_to = TODAY - DAY
        old.valid_from = TODAY - 9 * DAY
    if way != "delegation":
        appoint(db, person, role)
        return
    holder = newcomer(db, "Người Vắng")
    post = appoint(db, holder, role)
    post.organisation = old.organisation = "Cùng một nơi"
    db.flush()
    delegations.grant(
        db,
        Mandate(post.id, person.id, TODAY, TODAY + DAY, "QĐ 1"),
        by=ADMIN,
        now=NOW,
    )


@pytest.mark.parametrize(("earlier", "later"), STEPS, ids="-".join)
@pytest.mark.parametrize(
    "way", [WAYS[0], *(pytest.param(w, marks=pytest.mark.full) for w in WAYS[1:])]
)
def test_second_act_by_one_person_is_as_the_page_says(db, earlier, later, way):
    first, second = ROLE_OF[earlier], ROLE_OF[later]
    if way == "delegation" and second not in delegations.DELEGABLE:
        pytest.skip("nobody delegates this post")
    if way == "delegation" and second in BLOCK_ROLES:
        pytest.skip("goes to heads of members alone")
    person = newcomer(db)
    old = appoint(db, person, first)
    task = acted(db, earlier, later, person)
    give(db, way, person, second, old)
    actor = acting(db, person)

    assert task.queue in actor.queues  # the queue is not what stops it
    assert try_to(db, task, actor) == MAY[first, second]
    assert try_to(db, task, factories.actor(db, task.queue)) == (not MAY[first, second])


def test_the_table_is_whole_and_reads_both_ways():
    assert [row[0] for row in PAIRS[1:]] == PAIRS[0][1:] == list(ROLE_OF.values())
    assert all(MAY[a, b] == MAY[b, a] for a, b in MAY)
    assert all(MAY[role, role] for role in ROLE_OF.values())
    assert sum(MAY.values()) == 9 + 2 * 4


def test_same_role_again_when_a_nomination_comes_back(db):
    nomination = factories.begin(db)
    factories.walk(db, nomination, "appraise")
    specialist = factories.actor(db, Role.DEPARTMENT_SPECIALIST.value)
    factories.answer(db, nomination, "return")
    task = factories.walk(db, nomination, "appraise")

    assert try_to(db, task, specialist)


def test_completing_is_refused_as_claiming_is_and_nothing_is_left(db):
    person = newcomer(db)
    appoint(db, person, Role.DEPARTMENT_SPECIALIST)
    task = acted(db, "appraise", "approve_by_department", person)
    appoint(db, person, Role.DEPARTMENT_HEAD)

    with pytest.raises(separation.ActedBefore), db.begin_nested():
        factories.answer(
            db, nominations.of_instance(db, task.instance_id), by=acting(db, person)
        )

    db.expire_all()
    assert task.state == TaskState.READY


def test_administrators_give_a_task_to_nobody_who_may_not_do_it(db):
    person = newcomer(db)
    appoint(db, person, Role.DEPARTMENT_SPECIALIST)
    task = acted(db, "appraise", "approve_by_department", person)
    appoint(db, person, Role.DEPARTMENT_HEAD)
    admin = factories.actor(db, Role.PROCESS_ADMIN.value)
    assert queues.serving(db, person.id, task.queue, NOW) is not None

    with pytest.raises(ActRefused, match="đã xử lý bước khác"):
        operations.ask(
            db,
            task.instance_id,
            Wish(OperatorActKind.REASSIGN, task=task.id, assignee=person.id),
            reason="Giao lại.",
            actor=admin,
            now=NOW,
            command_key="k",
        )


def test_who_may_not_do_a_step_leaves_no_draft_of_it(db):
    person = newcomer(db)
    appoint(db, person, Role.UNIT_HEAD)
    nomination = factories.begin_at(db, "approve_by_unit")
    factories.answer(db, nomination, "return", by=acting(db, person))
    appoint(db, person, Role.UNIT_OFFICER)
    task = factories.open_task(db, nomination)

    with pytest.raises(separation.ActedBefore):
        drafts.save(db, task.id, actor=acting(db, person), fields=[["a", "b"]], now=NOW)
    assert drafts.find(db, task.id, person_id=person.id) is None


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("step", ROUTE)
def test_nobody_judges_whom_he_has_declared(db, step, relation):
    nomination = factories.begin(db)
    task = factories.walk(db, nomination, step)
    person = newcomer(db)
    role = ROLE_OF[step]
    appoint(db, person, role)
    db.add(
        Interest(
            person_id=person.id,
            nomination_id=nomination.id,
            relation=relation,
            declared_at=NOW,
        )
    )

    is_barred = relation != Relation.NONE and role in separation.JUDGES
    is_barred |= relation == Relation.SELF and role == Role.UNIT_HEAD
    assert try_to(db, task, acting(db, person)) != is_barred


@pytest.mark.parametrize("step", ROUTE)
def test_nobody_signs_or_judges_for_himself_whatever_he_declares(db, step):
    nomination = factories.begin(db)
    task = factories.walk(db, nomination, step)
    nominee = nomination.nominee
    person, namesake = newcomer(db, nominee.name), newcomer(db, nominee.name)
    role = ROLE_OF[step]
    appoint(db, person, role).organisation = nomination.unit.name
    appoint(db, namesake, role).organisation = "Nơi khác"

    is_barred = role in (*separation.JUDGES, Role.UNIT_HEAD)
    assert nominee.kind == NomineeKind.INDIVIDUAL
    assert try_to(db, task, acting(db, person)) != is_barred
    db.refresh(task)
    if is_barred:  # control: the same name elsewhere is somebody else
        assert try_to(db, task, acting(db, namesake))


def test_what_was_delegated_goes_no_further_however_long_the_chain(db):
    """Three people of one place after the holder: the first stands in, the others get nothing."""
    chain = [newcomer(db, f"Người thứ {n}") for n in range(4)]
    held = [appoint(db, one, Role.DEPARTMENT_SPECIALIST) for one in chain[:1]]
    held += [appoint(db, one, Role.RECORDS_CLERK) for one in chain[1:]]
    for post in held:
        post.organisation = "Cùng một nơi"
    first, second, third = (
        Mandate(held[0].id, one.id, TODAY, TODAY + DAY, "QĐ 1") for one in chain[1:]
    )
    delegations.grant(db, first, by=acting(db, chain[0]), now=NOW)

    for giver, mandate in ((chain[1], second), (chain[2], third)):
        with pytest.raises(NotAllowed):
            delegations.grant(db, mandate, by=acting(db, giver), now=NOW)
    task = factories.walk(db, factories.begin(db), "appraise")
    assert [task.queue in acting(db, one).queues for one in chain] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.PROCESS_ADMIN, Role.AUDITOR])
def test_administrators_and_watchers_do_no_step(db, role):
    person = newcomer(db)
    appoint(db, person, role)
    actor = acting(db, person)
    nomination = factories.begin(db)

    for step in ROUTE:
        assert not try_to(db, factories.walk(db, nomination, step), actor), step


def test_nobody_confirms_the_process_that_he_deployed(db):
    person = newcomer(db)
    xml = BPMN.read_bytes().replace(b"P10D", b"P11D", 1)
    row = deployments.deploy(db, xml, deployed_by=person.id, now=NOW)
    appoint(db, person, Role.SYSTEM_ADMIN)  # another post makes nobody somebody else

    with pytest.raises(SamePerson):
        deployments.confirm(db, row, confirmed_by=person.id, now=NOW)
    deployments.confirm(db, row, confirmed_by=newcomer(db).id, now=NOW)
    assert deployments.latest(db, row.key).id == row.id


def test_a_table_that_allows_what_it_should_not_is_caught(db, monkeypatch):
    pair = frozenset((Role.DEPARTMENT_SPECIALIST, Role.DEPARTMENT_HEAD))
    monkeypatch.setattr(separation, "TOGETHER", separation.TOGETHER | {pair})

    with pytest.raises(AssertionError):
        test_second_act_by_one_person_is_as_the_page_says(
            db, "appraise", "approve_by_department", "post"
        )
