"""Signers are told what waits for them; who is given another's task is told so, and who had it."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import amendments
from awards.messages import choices, reading, signatures, telling, words
from awards.proposals import gathering
from models.awards import Movement
from models.messages import Message, MessageKind
from models.operations import OperatorActKind
from models.papers import DecisionEntry, DecisionKind
from models.proposals import ProposalKind
from models.session import transaction
from tests import factories, recordings
from tests.awards.test_messages import HEAD, OFFICER, delegate, give_address, letters, tell
from tests.awards.test_messages import told as told_in_words
from tests.conftest import NOW, connect
from workflows import tasks
from workflows.operations import Wish


@pytest.fixture(autouse=True)
def acts_anew(monkeypatch):
    monkeypatch.setattr(recordings, "once", lambda _session, _key, act: act())


def told(world, queue, kind=MessageKind.SIGNATURE):
    return told_in_words(world, queue, kind)


def paths(world, queue):
    rows, _total = reading.page(world.session, world.actor(queue), 1)
    return [words.path(row) for row in rows if row.kind == MessageKind.SIGNATURE]


def tell_signers(world, now=NOW, *, by_mail=False):
    telling.tell_signers(world.session, now, by_mail=by_mail)


def handed_in(session, by, begin, key="one"):
    """A proposal of the unit with a nomination that has just begun, handed in by that person."""
    begin()
    movement = session.scalars(select(Movement)).one()
    proposal = gathering.open_(
        session, ProposalKind.UNIT, HEAD, movement, actor=by, command_key=key, now=NOW
    )
    return gathering.submit(session, proposal.id, actor=by, now=NOW)


@pytest.fixture
def hand_in(world):
    def act(key="one", by=OFFICER):
        begin = partial(world.walk, "approve")
        return handed_in(world.session, world.actor(by), begin, key)

    return act


def amend(world, kind=DecisionKind.REVOCATION):
    nomination = world.walk(*["approve"] * 9)
    entry = world.session.scalars(
        select(DecisionEntry).where(DecisionEntry.nomination_id == nomination.id)
    ).one()
    return amendments.prepare(
        world.session,
        entry.decision_id,
        kind,
        {nomination.id: {} if kind == DecisionKind.REVOCATION else {"name": "Đào Thị Lê"}},
        reason="Gian dối.",
        actor=world.actor("department_clerk"),
        command_key=f"amend {nomination.id}",
        now=NOW,
    )


def test_signer_is_told_of_a_proposal_once_and_nobody_else_is(world, hand_in):
    give_address(world, HEAD)
    proposal = hand_in()
    tell_signers(world, by_mail=True)
    tell_signers(world, by_mail=True)

    said = f"Tờ trình chờ bạn ký: {proposal.movement.name}"
    assert told(world, HEAD) == [said]
    assert paths(world, HEAD) == [f"/proposals/{proposal.id}"]
    (mail,) = letters(world)
    assert mail.subject == said
    assert f"/proposals/{proposal.id}\n" in mail.text
    others = world.session.scalars(
        select(Message.person_id).where(Message.kind == MessageKind.SIGNATURE)
    )
    assert set(others) == {world.actor(HEAD).id}


def test_who_stands_in_for_the_signer_is_told_too(world, hand_in):
    delegate(world, HEAD, OFFICER)
    hand_in(by=HEAD)
    tell_signers(world)

    assert told(world, HEAD) == []  # who has handed it in
    assert len(told(world, OFFICER)) == 1


def test_draft_that_was_taken_back_is_told_of_when_it_is_handed_in_again(world, hand_in):
    proposal, officer = hand_in(), world.actor(OFFICER)
    gathering.take_back(world.session, proposal.id, actor=officer)
    tell_signers(world)
    assert told(world, HEAD) == []

    later = NOW + timedelta(hours=1)
    for moment in (NOW, later):
        gathering.submit(world.session, proposal.id, actor=officer, now=moment)
        tell_signers(world, moment)
        gathering.take_back(world.session, proposal.id, actor=officer)
    assert len(told(world, HEAD)) == 2


def test_many_are_one_message_and_a_discarded_one_leaves_no_broken_link(world, hand_in):
    first, _second = hand_in("one"), hand_in("two")
    tell_signers(world)
    assert told(world, HEAD) == ["2 tờ trình chờ bạn ký"]
    assert paths(world, HEAD) == ["/proposals"]

    reading.mark_all_read(world.session, actor=world.actor(HEAD), now=NOW)
    third = hand_in("three")
    tell_signers(world)
    for one in (first, third):
        gathering.discard(world.session, one.id, actor=world.actor(OFFICER))
    world.session.expire_all()
    assert paths(world, HEAD) == ["/proposals"] * 2
    assert told(world, HEAD)[0] == "1 tờ trình chờ bạn ký"


def test_chairman_is_told_of_corrections_and_revocations(world):
    revocation = amend(world)
    correction = amend(world, DecisionKind.CORRECTION)
    tell_signers(world)
    tell_signers(world)

    symbol = correction.refers_to.symbol
    assert told(world, "chairman") == [
        f"Chờ bạn ký đính chính Quyết định số {symbol}",
        f"Chờ bạn ký hủy bỏ khen thưởng theo Quyết định số {revocation.refers_to.symbol}",
    ]
    assert set(paths(world, "chairman")) == {
        f"/decisions#draft-{one.id}" for one in (revocation, correction)
    }
    for queue in (HEAD, OFFICER, "department_clerk", "records_clerk"):
        assert told(world, queue) == []


def test_what_was_signed_or_declined_meanwhile_is_no_news(world):
    signed, declined = amend(world), amend(world)
    chairman = world.actor("chairman")
    amendments.sign(world.session, signed.id, actor=chairman, now=NOW)
    amendments.decline(world.session, declined.id, actor=chairman, now=NOW)
    tell_signers(world)

    assert told(world, "chairman") == []


def test_whoever_dies_telling_tells_again_and_two_at_once_tell_once(databases):
    engine = connect(databases.copy("province"))
    with transaction(engine) as session:
        officer = factories.actor(session, OFFICER)
        handed_in(session, officer, lambda: factories.begin_at(session, "approve_by_unit"))

    def tell_all():
        with transaction(engine) as session:
            telling.tell_signers(session, NOW, by_mail=False)

    with Session(engine) as session:  # killed before the commit
        telling.tell_signers(session, NOW, by_mail=False)
        session.rollback()
    threads = [threading.Thread(target=tell_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction(engine) as session:
        assert len(session.scalars(select(Message.id)).all()) == 1
    engine.dispose()


def test_news_that_forgets_what_it_has_told_is_seen(world, hand_in, monkeypatch):
    """The control: without the mark the same is told again."""
    proposal = hand_in()
    monkeypatch.setattr(signatures, "_mark", lambda *_: None)
    tell_signers(world)
    reading.mark_all_read(world.session, actor=world.actor(HEAD), now=NOW)
    tell_signers(world)

    assert proposal.told_at is None
    assert len(told(world, HEAD)) == 2


# Tasks that operators give to another


def reassign(world, nomination, to):
    task = world.task(nomination)
    world.operate(
        nomination,
        Wish(OperatorActKind.REASSIGN, task=task.id, assignee=to.id if to else 0),
    )


def pair(world):
    """A nomination that waits for the office, and two who may hold its task, one of whom does."""
    nomination = world.walk(*["approve"] * 4)
    holder, other = world.staff["department_specialist"][:2]
    tasks.claim(world.session, world.task(nomination).id, actor=holder, now=NOW)
    return nomination, holder, other


def given(world, person):
    """What somebody was told of tasks given and taken, newest first, and where it leads."""
    rows, _total = reading.page(world.session, person, 1)
    found = [row for row in rows if row.kind == MessageKind.REASSIGNMENT]
    return [(words.title(row).vietnamese, words.path(row)) for row in found]


def test_new_holder_and_the_one_who_lost_the_task_are_told_once(world):
    nomination, holder, other = pair(world)
    tell(world)
    choices.set_address(world.session, other.id, "other@so-nv.example.vn")
    reassign(world, nomination, other)
    tell(world, by_mail=True)
    tell(world, by_mail=True)

    task, name = world.task(nomination), nomination.nominee.name
    said = f"Bạn được giao việc ở bước “Thẩm định”: {name}"
    assert given(world, other) == [(said, f"/tasks/{task.id}")]
    lost = f"Việc của bạn ở bước “Thẩm định” đã giao lại: {name}"
    assert given(world, holder) == [(lost, f"/nominations/{nomination.code}")]
    assert [(m.subject, m.address) for m in letters(world)] == [
        (said, "other@so-nv.example.vn")
    ]
    for actor in (*world.staff["process_admin"], world.actor(OFFICER), world.actor(HEAD)):
        assert given(world, actor) == []


def test_task_put_back_to_its_queue_is_told_to_whoever_had_it(world):
    nomination, holder, other = pair(world)
    reassign(world, nomination, None)
    tell(world)

    assert [said for said, _path in given(world, holder)] == [
        f"Việc của bạn ở bước “Thẩm định” đã giao lại: {nomination.nominee.name}"
    ]
    assert given(world, other) == []


def test_many_reassigned_are_one_message_and_stale_ones_are_none(world):
    cases = [pair(world) for _ in range(3)]
    _case, holder, other = cases[0]
    for nomination, *_ in cases:
        reassign(world, nomination, other)
    reassign(world, cases[2][0], holder)  # and back again, before anybody was told
    tell(world)

    back = cases[2][0]
    assert given(world, other) == [
        (
            f"Việc của bạn ở bước “Thẩm định” đã giao lại: {back.nominee.name}",
            f"/nominations/{back.code}",
        ),
        ("Bạn được giao 2 việc ở bước “Thẩm định”", "/inbox?tab=mine&step=appraise"),
    ]
