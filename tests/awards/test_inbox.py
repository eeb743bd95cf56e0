"""The inbox: what a person has claimed, what waits in the queues, what is done."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from awards import inbox
from awards.inbox import Filters, Tab
from models.tasks import TaskState
from workflows import tasks
from workflows.actors import Actor

OFFICER = "unit_officer:SO-TP"


def codes(world, queue, tab, now=None, **filters):
    found, total = inbox.items(
        world.session, world.actor(queue), tab, Filters(**filters), now or world.now
    )
    assert len(found) == min(total, inbox.PAGE)
    return [item.code for item in found]


def claim(world, nomination, queue=OFFICER):
    task = world.task(nomination)
    tasks.claim(world.session, task.id, actor=world.actor(queue), now=world.now)
    return task


def test_ready_task_waits_in_the_group_of_its_queue(world):
    nomination = world.nominate("SO-TP")

    assert codes(world, OFFICER, Tab.GROUPS) == [nomination.code]
    assert codes(world, OFFICER, Tab.MINE) == []
    assert codes(world, "unit_officer:SO-YT", Tab.GROUPS) == []
    assert codes(world, "unit_head:SO-TP", Tab.GROUPS) == []
    assert codes(world, "department_clerk", Tab.GROUPS) == []


def test_claimed_task_is_mine_and_no_longer_the_groups(world):
    nomination = world.nominate("SO-TP")
    claim(world, nomination)

    assert codes(world, OFFICER, Tab.MINE) == [nomination.code]
    assert codes(world, OFFICER, Tab.GROUPS) == []


def test_task_claimed_by_a_colleague_is_in_neither_tab(world):
    nomination = world.walk(*["approve"] * 4)
    claim(world, nomination, "department_specialist")
    colleague = world.staff["department_specialist"][1]

    assert inbox.counts(world.session, colleague) == {
        Tab.MINE: 0,
        Tab.GROUPS: 0,
    }


def test_completed_task_is_done_for_who_did_it(world):
    nomination = world.walk("approve")

    assert codes(world, OFFICER, Tab.DONE) == [nomination.code]
    assert codes(world, OFFICER, Tab.GROUPS) == []
    assert codes(world, "unit_head:SO-TP", Tab.GROUPS) == [nomination.code]
    assert codes(world, "unit_head:SO-TP", Tab.DONE) == []


def test_cancelled_task_is_nowhere(world):
    nomination = world.nominate("SO-TP")
    task = claim(world, nomination)
    task.state, task.closed_at = TaskState.CANCELLED, world.now
    world.session.flush()

    assert [codes(world, OFFICER, tab) for tab in Tab] == [[]] * len(Tab)


def test_claimed_task_leaves_with_the_post(world):
    nomination = world.nominate("SO-TP")
    claim(world, nomination)
    former = replace(world.actor(OFFICER), posts=())

    assert inbox.items(world.session, former, Tab.MINE, Filters(), world.now) == ([], 0)
    assert set(inbox.counts(world.session, former).values()) == {0}


def test_counts(world):
    first, _second, _third = (world.nominate("SO-TP") for _ in range(3))
    claim(world, first)
    world.walk("approve")
    officer = world.actor(OFFICER)

    assert inbox.counts(world.session, officer) == {
        Tab.MINE: 1,
        Tab.GROUPS: 2,
    }


def test_escalated_task_is_shown_to_the_superiors_until_it_is_done(world):
    nomination = world.nominate("SO-TP")
    task = world.task(nomination)
    task.escalated_to = "unit_head:SO-TP"
    world.session.flush()

    assert codes(world, "unit_head:SO-TP", Tab.ESCALATED) == [nomination.code]
    head = world.actor("unit_head:SO-TP")
    assert inbox.escalated(world.session, head) == 1
    assert set(inbox.counts(world.session, head).values()) == {0}
    assert codes(world, "unit_head:SO-YT", Tab.ESCALATED) == []
    task.state, task.closed_at = TaskState.COMPLETED, world.now
    world.session.flush()
    assert codes(world, "unit_head:SO-TP", Tab.ESCALATED) == []


def test_somebody_without_a_post_has_an_empty_inbox(world):
    world.nominate("SO-TP")
    nobody = Actor(10_000, "Không ai", ())

    assert set(inbox.counts(world.session, nobody).values()) == {0}


@pytest.fixture
def clerks_inbox(world):
    """Three that wait for the department's clerk, from two units, the first opened days ago."""
    now = world.now
    world.now = now - timedelta(days=7)
    old = world.walk("approve", "approve", "approve", unit="XA-VG", name="Đường Văn Ân")
    world.now = now
    return [
        old,
        *(
            world.walk("approve", "approve", "approve", unit=u, name=f"Lê {u}")
            for u in ("SO-TP", "SO-YT")
        ),
    ]


FILTERS = [  # and which of the three they keep
    ({}, [0, 1, 2]),
    ({"unit": "SO-TP"}, [1]),
    ({"unit": "no such"}, []),
    ({"movement": "VHCS-2025"}, [0, 1, 2]),
    ({"movement": "no such"}, []),
    ({"step": "receive_by_department"}, [0, 1, 2]),
    ({"step": "appraise"}, []),
    ({"is_overdue": True}, [0]),
    ({"q": "duong"}, [0]),
    ({"q": "ĐƯỜNG"}, [0]),
    ({"q": "%"}, []),
    ({"q": " "}, [0, 1, 2]),
    ({"q": "so y te", "unit": "SO-TP"}, []),
    ({"unit": "SO-TP", "is_overdue": True}, []),
]


def test_filters_keep_what_was_asked_for(world, clerks_inbox):
    numbers = {nomination.code: n for n, nomination in enumerate(clerks_inbox)}
    found = [
        (
            filters,
            [numbers[c] for c in codes(world, "department_clerk", Tab.GROUPS, **filters)],
        )
        for filters, _found in FILTERS
    ]

    assert found == FILTERS


def test_late_tasks_come_first_then_the_more_important(world, clerks_inbox):
    urgent = world.task(clerks_inbox[2])
    urgent.priority = 90
    world.session.flush()

    order = codes(world, "department_clerk", Tab.GROUPS)
    assert order == [clerks_inbox[n].code for n in (0, 2, 1)]


def test_tasks_without_a_due_date_come_last(world, clerks_inbox):
    world.task(clerks_inbox[0]).due_at = None
    world.session.flush()

    order = codes(world, "department_clerk", Tab.GROUPS)
    assert order == [clerks_inbox[n].code for n in (1, 2, 0)]
    assert codes(world, "department_clerk", Tab.GROUPS, is_overdue=True) == []


def test_what_was_done_last_comes_first(world):
    first = world.walk("approve")
    world.now += timedelta(minutes=1)
    second = world.walk("approve")

    assert codes(world, OFFICER, Tab.DONE) == [second.code, first.code]


def test_item_tells_what_its_task_and_nomination_say(world):
    nomination = world.walk("approve", "return")
    task = world.task(nomination)
    task.due_at, nomination.instance.suspended_at = world.now, world.now + timedelta(days=1)
    world.session.flush()

    (item,), _total = inbox.items(
        world.session, world.actor(OFFICER), Tab.GROUPS, Filters(), world.now
    )

    definition = nomination.instance.definition
    assert item._asdict() == {
        "id": task.id,
        "instance_id": nomination.instance_id,
        "revision": task.revision,
        "queue": OFFICER,
        "element_id": "prepare_nomination",
        "opened_at": task.opened_at,
        "due_at": world.now,
        "closed_at": None,
        "outcome": None,
        "code": nomination.code,
        "nominee": nomination.nominee.name,
        "award": nomination.award.name,
        "unit": nomination.unit.name,
        "definition_id": definition.id,
        "definition_sha256": definition.sha256,
        "is_running": True,
        "suspended_at": world.now + timedelta(days=1),
        "is_returned": True,
    }


def test_items_of_a_case_that_has_ended_say_so(world):
    world.walk("approve", "approve", "not_selected")

    (item,), _total = inbox.items(
        world.session, world.actor(OFFICER), Tab.DONE, Filters(), world.now
    )

    assert (item.is_running, item.is_returned) == (False, False)
    assert (item.outcome, item.closed_at) == ("approve", world.now)


def test_page_beyond_the_last_is_empty(world, clerks_inbox):
    actor = world.actor("department_clerk")

    assert inbox.items(world.session, actor, Tab.GROUPS, Filters(page=9), world.now) == (
        [],
        3,
    )


def test_three_items_take_as_many_queries_as_one(world):
    def look():
        actor = world.actor(OFFICER)
        world.session.expunge_all()
        sent = []

        def note(*arguments):
            sent.append(arguments[2])

        event.listen(world.session.get_bind(), "before_cursor_execute", note)
        for item in inbox.items(world.session, actor, Tab.GROUPS, Filters(), world.now)[0]:
            assert item.nominee  # what the table shows of a row
            assert item.award
            assert item.unit
        event.remove(world.session.get_bind(), "before_cursor_execute", note)
        return len(sent)

    world.nominate()
    one = look()
    world.nominate()
    world.nominate()

    assert look() == one
