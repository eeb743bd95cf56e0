"""Acts on many: what is frozen, what stands against it, what comes of it, and nothing twice."""

import pytest
from sqlalchemy import update

from awards import batches, nominations, preflight, results
from awards.errors import NothingChosen
from awards.separation import Interested
from models.batches import BatchState, ItemState
from models.history import EventKind
from models.interests import Interest, Relation
from models.organisation import Person, Post
from models.tasks import TaskState, UserTask
from tests import factories
from tests.conftest import NOW
from workflows import drafts, history, tasks
from workflows.actors import Actor
from workflows.errors import NotAllowed, TaskChanged
from workflows.submissions import Entry

QUEUE = f"unit_head:{factories.UNIT}"
SUITED = {"approve_by_unit", "check_by_office"}
ENTRY = Entry("approve_by_unit", content={"outcome": "approve", "opinion": "Đồng ý."})


def waiting(session, count=1, step="approve_by_unit"):
    begun = [factories.begin_at(session, step) for _ in range(count)]
    return [factories.open_task(session, nomination) for nomination in begun]


def freeze(session, chosen, *, actor=None, key="choose"):
    return batches.freeze(
        session,
        chosen if isinstance(chosen, dict) else {task.id: task.revision for task in chosen},
        actor=actor or factories.actor(session, QUEUE),
        suits=SUITED.__contains__,
        command_key=key,
        now=NOW,
    )


def confirm(session, batch, *, actor=None, key="confirm"):
    return batches.confirm(
        session,
        batch.id,
        actor=actor or factories.actor(session, QUEUE),
        entry=ENTRY,
        variables={"outcome": "approve"},
        command_key=key,
        now=NOW,
    )


def carry_out(session, batch):
    while batches.carry_out_some(session, batch.id, now=NOW):
        pass


def told(session, batch, *states):
    found = results.items(session, batch, states or tuple(ItemState))
    return [(item.task_id, item.state, item.message) for item, _nomination in found]


def test_batch_freezes_what_can_be_done(db):
    found = waiting(db, 3)

    batch = freeze(db, found)

    assert (batch.step, batch.form_key) == ("Thủ trưởng đơn vị duyệt", "approve_by_unit")
    assert (batch.state, batch.total, batch.done) == (BatchState.FROZEN, 3, 0)
    assert told(db, batch) == [(task.id, ItemState.WAITING, "") for task in found]


def test_batch_says_why_a_task_cannot_be_done(db):
    good, closed, taken, changed, drafted, elsewhere = waiting(db, 6)
    head, other = factories.actor(db, QUEUE), factories.stand_in(1_002, QUEUE)
    confirm(db, freeze(db, [elsewhere], key="x"), key="y")
    seen = {t.id: t.revision for t in (good, closed, taken, changed, drafted, elsewhere)}
    factories.answer(db, nominations.of_instance(db, closed.instance_id))
    tasks.claim(db, taken.id, actor=other, now=NOW)
    tasks.claim(db, changed.id, actor=other, now=NOW)
    tasks.unclaim(db, changed.id, actor=other, now=NOW)
    drafts.save(db, drafted.id, actor=head, fields=[], now=NOW)

    batch = freeze(db, seen)

    assert told(db, batch, ItemState.WAITING) == [(good.id, ItemState.WAITING, "")]
    assert [message for _id, _s, message in told(db, batch, ItemState.EXCLUDED)] == [
        preflight._CLOSED,
        preflight._TAKEN,
        preflight._CHANGED,
        preflight._DRAFTED,
        preflight._ELSEWHERE,
    ]
    assert batch.total == 1


def test_batch_takes_what_one_has_claimed_since(db):
    (task,) = waiting(db)
    seen = {task.id: task.revision}
    tasks.claim(db, task.id, actor=factories.actor(db, QUEUE), now=NOW)

    assert freeze(db, seen).total == 1


def test_batch_takes_the_step_of_most_and_no_step_that_is_for_singles(db):
    (lone,) = waiting(db, 1, "appraise")
    (other,) = waiting(db, 1, "check_by_office")
    pair = waiting(db, 2)
    queues = (lone.queue, other.queue, QUEUE)
    actor = Actor(
        1_003, "X", tuple(factories.stand_in(1_003, queue).posts[0] for queue in queues)
    )

    batch = freeze(db, [lone, other, *pair], actor=actor)

    assert told(db, batch) == [
        (lone.id, ItemState.EXCLUDED, preflight._SINGLE),
        (other.id, ItemState.EXCLUDED, preflight._OTHER_STEP),
        *((task.id, ItemState.WAITING, "") for task in pair),
    ]


def test_batch_of_single_steps_alone_has_no_form(db):
    (task,) = waiting(db, 1, "appraise")

    batch = freeze(db, [task], actor=factories.actor(db, task.queue))

    assert (batch.step, batch.form_key, batch.total) == ("", "", 0)


def test_batch_knows_nothing_of_foreign_tasks(db):
    (mine,) = waiting(db)
    (foreign,) = waiting(db, 1, "appraise")

    assert told(db, freeze(db, [mine, foreign])) == [(mine.id, ItemState.WAITING, "")]
    with pytest.raises(NothingChosen):
        freeze(db, [foreign], key="again")
    with pytest.raises(NothingChosen):
        freeze(db, {}, key="nothing")


def test_batch_frozen_again_with_one_key_is_the_same(db):
    found = waiting(db, 2)
    batch = freeze(db, found)
    before = factories.everything(db)

    assert freeze(db, found).id == batch.id
    assert factories.everything(db) == before


def test_batch_is_carried_out_once(db):
    found = waiting(db, 3)
    batch = confirm(db, freeze(db, found))
    carry_out(db, batch)
    before = factories.everything(db)
    confirm(db, batch)
    carry_out(db, batch)

    assert factories.everything(db) == before
    assert (batch.state, batch.done, batch.finished_at) == (BatchState.DONE, 3, NOW)
    assert told(db, batch) == [(task.id, ItemState.DONE, "") for task in found]
    events = [history.details(e) for t in found for e in history.of(db, t.instance_id)]
    assert [told["batch"] for told in events if "batch" in told] == [batch.id] * 3


def test_batch_is_confirmed_once(db):
    batch = confirm(db, freeze(db, waiting(db)))

    with pytest.raises(TaskChanged):
        confirm(db, batch, key="another")


def test_batch_is_its_beginners_alone(db):
    batch = freeze(db, waiting(db))

    with pytest.raises(NotAllowed):
        confirm(db, batch, actor=factories.stand_in(1_002, QUEUE))


def test_batch_that_is_not_confirmed_is_not_carried_out(db):
    (task,) = waiting(db)
    batch = freeze(db, [task])

    assert not batches.carry_out_some(db, batch.id, now=NOW)
    assert task.state == TaskState.READY


def test_batch_tells_what_changed_after_it_was_frozen(db):
    good, *late = waiting(db, 3)
    batch = freeze(db, [good, *late])
    for task in late:
        tasks.claim(db, task.id, actor=factories.stand_in(1_002, QUEUE), now=NOW)

    carry_out(db, confirm(db, batch))

    message = TaskChanged.message
    assert told(db, batch, ItemState.FAILED) == [
        (task.id, ItemState.FAILED, message) for task in late
    ]
    assert results.counts(db, batch) == {
        ItemState.EXCLUDED: 0,
        ItemState.WAITING: 0,
        ItemState.DONE: 1,
        ItemState.FAILED: 2,
    }


def test_batch_is_carried_on_where_it_stopped(db, monkeypatch):
    monkeypatch.setattr(batches, "TASKS_AT_ONCE", 2)
    batch = confirm(db, freeze(db, waiting(db, 5)))
    steps = []

    more = True
    while more:
        assert batches.unfinished(db) == [batch.id]
        more = batches.carry_out_some(db, batch.id, now=NOW)
        steps.append(batch.done)

    assert steps == [2, 4, 5]
    assert batches.unfinished(db) == []


@pytest.mark.parametrize("lost", ["account", "post"])
def test_batch_of_somebody_who_may_no_longer_does_nothing(db, lost):
    (task,) = waiting(db)
    head = factories.actor(db, QUEUE)
    batch = confirm(db, freeze(db, [task]))
    if lost == "account":
        db.execute(update(Person).where(Person.id == head.id).values(is_active=False))
    else:
        ended = update(Post).where(Post.person_id == head.id)
        db.execute(ended.values(valid_to=NOW.date().replace(year=2020)))

    carry_out(db, batch)

    assert told(db, batch) == [(task.id, ItemState.FAILED, NotAllowed.message)]
    assert db.get_one(UserTask, task.id).state == TaskState.READY


def concern(session, task):
    """Have the head declare that the nominee is himself."""
    nomination = nominations.of_instance(session, task.instance_id)
    session.add(
        Interest(
            person_id=factories.actor(session, QUEUE).id,
            nomination_id=nomination.id,
            relation=Relation.SELF,
            declared_at=NOW,
        )
    )
    session.flush()


def barred(session, task):
    events = history.of(session, task.instance_id)
    found = [one for one in events if one.kind == EventKind.TASK_BARRED]
    return [(one.actor_id, history.details(one)["because"]) for one in found]


@pytest.mark.parametrize("when", ["before", "after"])
def test_history_tells_who_was_kept_from_a_task_among_many(db, when):
    own, other = waiting(db, 2)
    chosen = {task.id: task.revision for task in (own, other)}
    head = factories.actor(db, QUEUE)
    if when == "before":
        concern(db, own)
    batch = freeze(db, chosen)
    if when == "after":
        concern(db, own)

    carry_out(db, confirm(db, batch))
    freeze(db, chosen, key="again")  # tried again, told once

    state = ItemState.EXCLUDED if when == "before" else ItemState.FAILED
    assert told(db, batch, state) == [(own.id, state, Interested.message)]
    assert db.get_one(UserTask, own.id).state == TaskState.READY
    assert (barred(db, own), barred(db, other)) == ([(head.id, "interest")], [])
    assert db.get_one(UserTask, other.id).state == TaskState.COMPLETED
    assert history.verify(db, own.instance) is None


def test_batches_are_listed_newest_first(db):
    first = confirm(db, freeze(db, waiting(db), key="a"))
    second = confirm(db, freeze(db, waiting(db), key="b"))
    freeze(db, waiting(db), key="never confirmed")
    head = factories.actor(db, QUEUE)

    assert results.latest(db, head, page=1) == ([second, first], 2)
    assert results.latest(db, factories.stand_in(1_002, QUEUE), page=1) == ([], 0)
