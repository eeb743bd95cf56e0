"""Who may see and do what: every role, in and out of its scope, on both databases."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from awards import access
from models.awards import Nomination, NomineeList
from models.organisation import BLOCK_ROLES, UNIT_ROLES, Block, Role, Unit
from models.process import InstanceStatus
from tests.conftest import NOW
from workflows.actors import Actor, Post

SEES_ALL = set(Role) - {
    Role.UNIT_OFFICER,
    Role.UNIT_HEAD,
    Role.BLOCK_LEAD,
    Role.SYSTEM_ADMIN,
}


def actor(*queues, id_=1):
    posts = tuple(Post(n, queue, "Chuyên viên", "Sở") for n, queue in enumerate(queues, 1))
    return Actor(id_, "Ai đó", posts)


def queues_of(role):
    """The queue of this role in the nomination's own scope, and in another."""
    if role in UNIT_ROLES:
        return f"{role}:SO-TP", f"{role}:SO-YT"
    if role in BLOCK_ROLES:
        return f"{role}:K01", f"{role}:K02"
    return (role.value,)


KHOI = Block(code="K01")
SCOPED = [(role, queue) for role in Role for queue in queues_of(role)]
SEEING = [(role, n == 0) for role in Role for n in range(len(queues_of(role)))]
WHO = [
    actor(),
    *(actor(queue) for _role, queue in SCOPED),
    actor("unit_head:SO-TP", "block_lead:K02"),
    actor("unit_officer:SO-YT", "unit_officer:XA-VG"),
    actor("unit_head:K01", "block_lead:SO-TP"),  # a code of the other kind opens nothing
    actor("unit_officer:", "block_lead:"),
    actor("unit_officer", "block_lead"),
    actor("system_admin", "auditor"),
]


@pytest.mark.parametrize(("role", "is_own"), SEEING)
def test_role_sees_the_nomination_or_not(role, is_own):
    queue = queues_of(role)[0 if is_own else 1]
    scoped = role in (*UNIT_ROLES, *BLOCK_ROLES) and is_own

    seen = access.may_see(actor(queue), Nomination(unit=Unit(code="SO-TP"), block=KHOI))

    assert seen == (role in SEES_ALL or scoped)


def test_visible_to_agrees_with_may_see_for_everybody(world):
    made = [world.nominate(unit) for unit in ("SO-TP", "SO-YT", "XA-VG", "TT-HCC")]
    lonely = world.nominate("P-PH")
    lonely.block = None
    ended = world.nominate("SO-XD")
    ended.unit.keeper = made[0].unit
    world.session.flush()

    for who in WHO:
        listed = set(
            world.session.scalars(select(Nomination).where(access.visible_to(who)))
        )
        assert listed == {n for n in [*made, lonely, ended] if access.may_see(who, n)}, (
            who.queues
        )


def test_a_unit_without_a_block_is_seen_by_no_block_lead(world):
    nomination = world.nominate("P-PH")
    nomination.block = None

    seen = [
        a.queues for a in WHO if a.has(Role.BLOCK_LEAD) and access.may_see(a, nomination)
    ]
    assert seen == []


@pytest.mark.parametrize(
    ("predicate", "roles"),
    [
        (access.works_on_tasks, set(list(Role)[:9])),
        (access.follows_nominations, set(Role) - {Role.SYSTEM_ADMIN}),
        (
            access.keeps_nominations,
            {Role.UNIT_OFFICER, Role.UNIT_HEAD, Role.DEPARTMENT_CLERK},
        ),
        (access.sees_everything, SEES_ALL),
        (access.nominates, {Role.UNIT_OFFICER}),
        (access.imports_lists, {Role.UNIT_OFFICER, Role.DEPARTMENT_CLERK}),
        (access.audits, {Role.AUDITOR, Role.PROCESS_ADMIN}),
        (access.signed_in, set(Role)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_predicate_holds_for_these_roles(predicate, roles):
    assert {role for role, queue in SCOPED if predicate(actor(queue))} == roles


def test_nobody_without_a_post_may_do_anything():
    stranger = actor()

    assert access.signed_in(stranger)
    assert [p.__name__ for p in (
        access.works_on_tasks, access.follows_nominations, access.keeps_nominations,
        access.sees_everything, access.nominates, access.imports_lists,
        access.audits,
    ) if p(stranger)] == []  # fmt: skip


@pytest.mark.parametrize(("role", "queue"), SCOPED)
def test_may_import_for_the_own_unit_or_any(role, queue):
    allowed = queue == "unit_officer:SO-TP" or role == Role.DEPARTMENT_CLERK

    assert access.may_import_for(actor(queue), "SO-TP") is allowed


@pytest.mark.parametrize(("role", "queue"), SCOPED)
@pytest.mark.parametrize("status", InstanceStatus)
@pytest.mark.parametrize("suspended_at", [None, NOW])
def test_only_the_units_head_withdraws_and_only_while_it_runs(
    role, queue, status, suspended_at
):
    instance = SimpleNamespace(status=status, suspended_at=suspended_at)
    unit = SimpleNamespace(kept_by=SimpleNamespace(code="SO-TP"))
    nomination = SimpleNamespace(unit=unit, instance=instance)
    is_head = queue == "unit_head:SO-TP"

    assert access.may_withdraw(actor(queue), nomination) == (
        is_head and status == InstanceStatus.RUNNING and suspended_at is None
    )
    assert (access.withdrawing_post(actor(queue), nomination) is not None) == is_head


@pytest.mark.parametrize(("role", "queue"), SCOPED)
def test_only_administrators_of_the_processes_operate(role, queue):
    assert access.operates(actor(queue)) == (role == Role.PROCESS_ADMIN)


@pytest.mark.parametrize(("role", "queue"), SCOPED)
def test_watchers_do_not_comment(role, queue):
    nomination = Nomination(unit=Unit(code="SO-TP"), block=KHOI)
    works = access.works_on_tasks(actor(queue))

    assert access.may_comment(actor(queue), nomination) == (
        works and access.may_see(actor(queue), nomination)
    )


@pytest.mark.parametrize(
    ("queue", "id_", "seen"),
    [
        ("unit_officer:SO-TP", 7, True),
        ("unit_officer:SO-TP", 8, False),
        ("department_clerk", 7, True),
        ("unit_head:SO-TP", 7, False),
        ("auditor", 7, False),
    ],
)
def test_a_list_is_its_senders_alone(queue, id_, seen):
    assert access.may_see_list(actor(queue, id_=id_), NomineeList(uploaded_by=7)) is seen


def test_visible_to_needs_no_unit_to_exist(world):
    world.nominate()
    query = select(Nomination).where(access.visible_to(actor("unit_officer:NO-SUCH")))

    assert world.session.scalars(query).all() == []
    assert world.session.scalar(select(Unit).where(Unit.code == "NO-SUCH")) is None
