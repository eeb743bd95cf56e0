"""What auditors look for: events by who and when, patterns, samples; on both databases."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from awards import reads
from awards.auditing import events, patterns, readers, samples
from awards.auditing.events import Filters
from awards.auditing.patterns import PATTERNS, Span
from awards.errors import NothingToDraw
from models.history import EventKind
from models.operations import OperatorActKind as Kind
from models.organisation import Post, Role, Unit
from models.reads import ReadKind
from tests.conftest import NOW
from workflows.errors import NotAllowed
from workflows.operations import Wish

TODAY = NOW.date()
NIGHT = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # 23:30 in Vietnam
SUNDAY = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
WEEK = Span(TODAY, TODAY + timedelta(days=6))


def at(world, moment):
    return replace(world, now=moment)


def told(world, key, span=WEEK):
    return patterns.found(world.session, PATTERNS[key], span)


def kinds(world, filters):
    rows, onward = events.page(world.session, filters, None)
    assert onward is None
    return [(row.nomination.code, row.event.kind) for row in rows]


def test_events_are_narrowed_by_everything(world):
    first = world.walk("approve", "approve", "return")
    other = world.walk("approve", unit="SO-YT")
    head = world.actor("unit_head:SO-TP")
    by_head = kinds(world, Filters(person=head.name))
    completed = EventKind.TASK_COMPLETED

    assert by_head[0] == (first.code, completed)
    assert {code for code, _kind in by_head} == {first.code}
    assert kinds(world, Filters(unit="SO-YT", kind="task_completed")) == [
        (other.code, completed)
    ]
    assert (
        kinds(world, Filters(code=first.code.lower(), kind="task_completed"))
        == [(first.code, completed)] * 3
    )
    assert kinds(world, Filters(since=TODAY + timedelta(days=1))) == []
    assert kinds(world, Filters(kind="task_barred")) == []
    assert kinds(world, Filters(person="khong co ai")) == []


def test_pages_give_every_event_once_newest_first(world, monkeypatch):
    monkeypatch.setattr(events, "PAGE", 4)
    world.walk("approve", "approve")
    found = [row.event for rows in events.pages(world.session, Filters()) for row in rows]
    places = [(event.at, event.id) for event in found]

    assert places == sorted(set(places), reverse=True)
    assert len(found) == events.count(world.session, Filters(), limit=1_000)
    assert events.count(world.session, Filters(), limit=3) == 3


@pytest.mark.parametrize("broken", ["", "x", "2026-01-01_1", "2026-01-01T00:00:00+00:00_x"])
def test_cursor_that_makes_no_sense_is_none(broken):
    assert events.cursor(broken) is None


def test_acts_at_night_and_on_days_off_stand_out(world):
    nomination = world.walk("approve")
    at(world, NIGHT).answer(nomination, "approve")
    at(world, SUNDAY).answer(nomination, "approve")

    assert [finding.event.at for finding in told(world, "off_hours")] == [SUNDAY, NIGHT]


def test_quick_and_unread_approvals_stand_out(world):
    nomination = world.walk("approve")
    head, lead = world.actor("unit_head:SO-TP"), world.actor("block_lead:K01")
    reads.record(world.session, ReadKind.DOSSIER_OPENED, nomination, actor=head, now=NOW)
    at(world, NOW + timedelta(seconds=9)).answer(nomination, "approve")
    at(world, NOW + timedelta(hours=1)).answer(nomination, "approve")
    (quick,), unread = told(world, "quick"), told(world, "unopened")

    assert (quick.event.actor_id, quick.values) == (head.id, {"seconds": 9})
    assert [finding.event.actor_id for finding in unread] == [lead.id]


def test_read_long_before_is_not_quick(world):
    nomination = world.walk("approve")
    head = world.actor("unit_head:SO-TP")
    reads.record(world.session, ReadKind.DOSSIER_OPENED, nomination, actor=head, now=NOW)
    at(world, NOW + timedelta(seconds=10)).answer(nomination, "approve")

    assert told(world, "quick") == told(world, "unopened") == []


@pytest.mark.parametrize(
    ("valid_to", "count"), [(None, 1), (TODAY, 1), (TODAY - timedelta(days=1), 0)]
)
def test_deciding_for_the_own_unit_stands_out_by_the_posts_of_that_day(
    world, valid_to, count
):
    nomination = world.walk("approve", "approve")
    unit = world.session.query(Unit).filter_by(code="SO-TP").one()
    lead = world.actor("block_lead:K01")
    world.session.add(
        Post(
            person_id=lead.id,
            role=Role.UNIT_OFFICER,
            title="Chuyên viên",
            organisation="Sở Tư pháp",
            unit_id=unit.id,
            valid_from=date(2020, 1, 1),
            valid_to=valid_to,
        )
    )
    world.session.flush()
    world.answer(nomination, "approve")
    found = told(world, "own_unit")

    assert [finding.event.actor_id for finding in found] == [lead.id] * count


def test_many_returns_are_counted_per_nomination(world):
    nomination = world.walk(*["approve", "return"] * 3)
    world.walk(*["approve", "return"] * 2)
    (finding,) = told(world, "returned")

    assert finding.nomination.code == nomination.code
    assert finding.values == {"times": 3}


def test_operators_acts_stand_out_and_a_quiet_season_shows_nothing(world):
    nomination = world.walk(*["approve"] * 3)
    assert told(world, "operated") == told(world, "barred") == told(world, "extended") == []
    world.operate(nomination, Wish(Kind.PLACE, element="approve_by_unit"))

    assert [f.event.kind for f in told(world, "operated")] == [EventKind.INSTANCE_PLACED]


def test_every_pattern_says_what_it_finds_and_what_that_does_not_prove(world):
    before = Span(date(2020, 1, 1), date(2020, 1, 2))
    for one in PATTERNS.values():
        assert one.name
        assert one.finds.endswith(".")
        assert one.proves_not.endswith(".")
        assert patterns.found(world.session, one, before) == []


def test_reads_are_found_by_person_and_by_nomination(world):
    first, other = world.walk("approve"), world.walk("approve", unit="SO-YT")
    head, lead = world.actor("unit_head:SO-TP"), world.actor("block_lead:K01")
    for actor, nomination in ((head, first), (lead, first), (lead, other)):
        reads.record(
            world.session, ReadKind.DOSSIER_OPENED, nomination, actor=actor, now=NOW
        )

    def found(**wanted):
        rows, onward = readers.page(world.session, **wanted)
        assert onward is None
        return [(row.actor_id, row.chain) for row in rows]

    assert found(code=first.code) == [(lead.id, first.code), (head.id, first.code)]
    assert found(person=lead.name) == [(lead.id, other.code), (lead.id, first.code)]
    assert found(person=lead.name, code=other.code) == [(lead.id, other.code)]
    assert found(until=TODAY - timedelta(days=1)) == []


def drawn(world, **changes):
    wanted = {
        "purpose": "Kiểm tra thành phần hồ sơ",
        "population": {},
        "size": 2,
        "seed": "12-05-37",
        "actor": world.actor("auditor"),
        "command_key": "draw-1",
        "now": NOW,
    }
    return samples.draw(world.session, **(wanted | changes))


def test_draw_is_what_anybody_draws_with_sha256_alone(world):
    codes = [world.walk("approve", name=f"Người {n}").code for n in range(5)]
    sample = drawn(world)
    lots = sorted(codes, key=lambda c: hashlib.sha256(f"12-05-37:{c}".encode()).hexdigest())

    assert [item.nomination.code for item in sample.items] == lots[:2]
    assert (sample.population_size, sample.size) == (5, 2)
    assert samples.again(world.session, sample)
    assert drawn(world).id == sample.id  # the same press of the button
    assert drawn(world, command_key="draw-2").id != sample.id


def test_draw_stays_the_same_when_nominations_come_and_end(world):
    world.walk("withdraw")
    running = world.walk("approve", unit="SO-YT")
    sample = drawn(world, population={"result": "withdrawn"}, size=20)
    at(world, NOW + timedelta(hours=1)).answer(running, "withdraw")
    world.walk("withdraw", name="Người đến sau")

    assert sample.population_size == 1
    assert samples.again(world.session, sample)


def test_sample_that_was_changed_is_told(world):
    for n in range(3):
        world.walk("approve", name=f"Người {n}")
    sample = drawn(world)
    first, second = sample.items
    first.nomination_id, second.nomination_id = second.nomination_id, first.nomination_id

    assert not samples.again(world.session, sample)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_sample SET seed = 'mine'", "DELETE FROM audit_sample"],
)
def test_draw_is_kept_whoever_dislikes_it(world, statement):
    world.walk("approve")
    drawn(world)
    world.session.execute(text("DELETE FROM audit_sample_item"))

    with pytest.raises(DBAPIError), world.session.begin_nested():
        world.session.execute(text(statement))


def test_nobody_but_an_auditor_draws_and_from_nothing_nothing_is_drawn(world):
    with pytest.raises(NotAllowed):
        drawn(world, actor=world.actor("process_admin"))
    with pytest.raises(NothingToDraw):
        drawn(world, population={"result": "awarded"})


def test_remark_is_kept_with_who_wrote_it(world):
    world.walk("approve")
    (item,) = drawn(world).items
    auditor = world.actor("auditor")
    samples.tick(world.session, item, is_checked=True, remark="Đủ.", actor=auditor, now=NOW)

    assert (item.is_checked, item.remark, item.written_by) == (True, "Đủ.", auditor.id)
    with pytest.raises(NotAllowed):
        samples.tick(
            world.session,
            item,
            is_checked=False,
            remark="",
            actor=world.actor("process_admin"),
            now=NOW,
        )


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        (Filters(), "ix_history_event_at"),
        (Filters(kind="task_completed", since=TODAY), "ix_history_event_at"),
        (Filters(kind="task_barred"), "ix_history_event_rare"),
        (Filters(person="Trần Thị Lan"), "ix_history_event_actor"),
        (Filters(unit="SO-TP"), "ix_nomination_unit"),
    ],
)
def test_events_are_found_by_an_index(world, filters, index):
    if world.session.get_bind().dialect.name != "sqlite":
        pytest.skip("a planner that reckons with how little there is reads it all")
    query = events._ordered(world.session, filters).limit(51)
    told = query.compile(world.session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = world.session.execute(text(f"EXPLAIN QUERY PLAN {told}".replace(":", "\\:")))
    steps = [row[3] for row in plan]

    assert any(index in step for step in steps)
    assert not any(
        step.startswith("SCAN history_event") and "INDEX" not in step for step in steps
    )


@pytest.mark.parametrize("seconds", [9.5, 10])
def test_moments_before_others_are_reckoned_alike_everywhere(world, seconds):
    opened = NOW + timedelta(milliseconds=250)
    nomination = world.walk("approve")
    head = world.actor("unit_head:SO-TP")
    reads.record(world.session, ReadKind.DOSSIER_OPENED, nomination, actor=head, now=opened)
    at(world, opened + timedelta(seconds=seconds)).answer(nomination, "approve")

    assert len(told(world, "quick")) == (seconds < 10)
