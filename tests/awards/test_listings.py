"""Nominations in lists: who sees which, filtered, counted, sorted, in how many queries."""

import unicodedata
from datetime import timedelta

import pytest
from sqlalchemy import event

from awards import listings
from awards.filters import Filters
from awards.listings import Status
from awards.overview import Count
from workflows import tasks

WATCHER = "council_member"
EVERY_STATUS = {
    Status.WAITING: ["approve"],
    Status.RETURNED: ["approve", "return"],
    Status.AWARDED: ["approve"] * 9,
    Status.NOT_SELECTED: ["approve", "approve", "not_selected"],
    Status.REFUSED: [*["approve"] * 7, "refuse"],
    Status.WITHDRAWN: ["withdraw"],
}


def listed(world, queue=WATCHER, now=None, **filters):
    """The codes on a page, in its order."""
    found = listings.page(
        world.session, world.actor(queue), Filters(**filters), now or world.now
    )
    assert len(found.rows) == min(found.total, listings.PAGE)
    return [row.nomination.code for row in found.rows]


@pytest.fixture
def three(world):
    """Three nominations: two of Sở Tư pháp, the second at its head, and one of a commune."""
    first = world.nominate("SO-TP", "Nguyễn Thị Đào")
    second = world.nominate("SO-TP", "Đường Văn Ân")
    third = world.nominate("XA-VG", "Tổ Sạch 100% Xanh")
    world.answer(second, "approve")
    return first, second, third


# who sees what


SEEN = {
    "unit_officer:SO-TP": {"SO-TP"},
    "unit_head:XA-VG": {"XA-VG"},
    "block_lead:K01": {"SO-TP", "SO-YT"},
    "block_lead:K02": {"XA-VG"},
    "department_clerk": {"SO-TP", "SO-YT", "XA-VG"},
    "auditor": {"SO-TP", "SO-YT", "XA-VG"},
    "system_admin": set(),
}


def test_page_lists_what_the_actor_may_see(world):
    units = {world.nominate(unit).code: unit for unit in ("SO-TP", "SO-YT", "XA-VG")}

    assert {queue: {units[c] for c in listed(world, queue)} for queue in SEEN} == SEEN


# filters


def test_no_filter_lists_everything(world, three):
    assert set(listed(world)) == {n.code for n in three}


FILTERS = [  # and which of the three they keep
    ({"unit": "SO-TP"}, {0, 1}),
    ({"block": "K02"}, {2}),
    ({"block": "K01", "unit": "XA-VG"}, set()),
    ({"movement": "VHCS-2025"}, {0, 1, 2}),
    ({"stage": "prepare_nomination"}, {0, 2}),
    ({"stage": "approve_by_unit"}, {1}),
    ({"status": "waiting"}, {0, 1, 2}),
    ({"status": "returned"}, set()),
    ({"q": "đào"}, {0}),
    ({"q": "dao"}, {0}),
    ({"q": "ĐÀO NGUYỄN"}, {0}),
    ({"q": unicodedata.normalize("NFD", "Đường")}, {1}),
    ({"q": "duong"}, {1}),
    ({"q": "duong an"}, {1}),
    ({"q": "so tu phap"}, {0, 1}),
    ({"q": "bang khen"}, {0, 1, 2}),
    ({"q": "hs-2026-00002"}, {1}),
    ({"q": "00003"}, {2}),
    ({"q": "100%"}, {2}),
    ({"q": "%"}, set()),
    ({"q": "_"}, set()),
    ({"q": "   "}, {0, 1, 2}),
    ({"q": "dao", "unit": "XA-VG"}, set()),
]
ODD_FILTERS = [
    {"movement": "no such"},
    {"unit": "'; DROP TABLE nomination; --"},
    {"block": "K99"},
    {"stage": "no_such_step"},
    {"q": "không có ai tên này"},
    {"q": "😀"},
    {"q": "\\"},
    {"q": "'\""},
    {"q": "a" * 10_000},
    {"q": "zz " * 5_000},
]


def test_filters_keep_what_was_asked_for(world, three):
    numbers = {nomination.code: n for n, nomination in enumerate(three)}
    kept = [
        (filters, {numbers[code] for code in listed(world, **filters)})
        for filters, _found in FILTERS
    ]

    assert kept == FILTERS


def test_odd_filters_find_nothing(world, three):
    assert [filters for filters in ODD_FILTERS if listed(world, **filters)] == []


def test_unknown_status_and_sort_are_passed_over(world, three):
    everything = {n.code for n in three}

    assert set(listed(world, status="no such")) == everything
    assert set(listed(world, sort="no such")) == everything
    assert set(listed(world, sort="-")) == everything


def test_page_beyond_the_last_is_empty(world, three):
    found = listings.page(world.session, world.actor(WATCHER), Filters(page=99), world.now)

    assert (list(found.rows), found.total, found.pages) == ([], 3, 1)


# status


@pytest.mark.parametrize("status", EVERY_STATUS)
def test_status_of_each_kind(world, status):
    nomination = world.walk(*EVERY_STATUS[status])
    world.nominate(name="Một người khác")

    (row,) = (
        row
        for row in listings.page(
            world.session, world.actor(WATCHER), Filters(), world.now
        ).rows
        if row.nomination is nomination
    )
    assert row.status == status
    assert (nomination.code in listed(world, status=status.value)) is True
    others = [s.value for s in Status if s != status]
    assert [s for s in others if nomination.code in listed(world, status=s)] == []


def test_overdue_goes_before_returned(world):
    nomination = world.walk("approve", "return")
    later = world.now + timedelta(days=30)

    assert listed(world, now=later, status="overdue") == [nomination.code]
    assert listed(world, now=later, status="returned") == []
    assert listed(world, now=later, status="waiting") == []


def test_ended_is_never_overdue(world):
    world.walk("withdraw")

    assert listed(world, now=world.now + timedelta(days=30), status="overdue") == []


def test_a_second_start_after_a_return_is_no_longer_returned(world):
    nomination = world.walk("approve", "return", "approve")

    assert listed(world, status="waiting") == [nomination.code]
    assert listed(world, status="returned") == []


def test_waited_and_allowed_are_working_days(world):
    nomination = world.nominate()
    task = world.task(nomination)

    (row,) = listings.page(
        world.session, world.actor(WATCHER), Filters(), world.now + timedelta(days=7)
    ).rows

    assert row.task is task
    assert (row.waited, row.allowed) == (4, 5)  # 24/11 is a holiday


def test_ended_nomination_waits_for_nobody(world):
    nomination = world.walk("withdraw")
    row = listings.row(nomination, None, None, world.now)

    assert (row.status, row.waited, row.allowed) == (Status.WITHDRAWN, 0, None)


def test_step_without_a_due_date_allows_any_time(world):
    nomination = world.nominate()
    task = world.task(nomination)
    task.due_at = None
    row = listings.row(nomination, task, None, world.now + timedelta(days=30))

    assert (row.status, row.allowed) == (Status.WAITING, None)


def test_holder_is_who_has_claimed(world):
    nomination = world.nominate()
    officer = world.actor("unit_officer:SO-TP")
    tasks.claim(world.session, world.task(nomination).id, actor=officer, now=world.now)

    (row,) = listings.page(world.session, world.actor(WATCHER), Filters(), world.now).rows

    assert row.holder is not None
    assert row.holder.id == officer.id
    assert listings.open_task(world.session, nomination) == (row.task, row.holder)


def test_open_task_of_an_ended_nomination_is_none(world):
    assert listings.open_task(world.session, world.walk("withdraw")) == (None, None)


# counts


def test_count_by_stage_counts_waits_and_ends(world, three):
    world.answer(three[2], "withdraw")
    later = world.now + timedelta(days=7)  # the head had three days, the officer five

    assert listings.count_by_stage(
        world.session, world.actor(WATCHER), Filters(), later
    ) == {
        "prepare_nomination": Count(1, 0),
        "approve_by_unit": Count(1, 1),
        "withdrawn": Count(1, 0),
    }


def test_count_by_stage_minds_filters_but_not_stage_status_and_page(world, three):
    filters = Filters(unit="SO-TP", stage="appraise", status="awarded", sort="unit", page=9)

    assert listings.count_by_stage(
        world.session, world.actor(WATCHER), filters, world.now
    ) == {"prepare_nomination": Count(1, 0), "approve_by_unit": Count(1, 0)}


def test_count_by_stage_counts_only_what_the_actor_sees(world, three):
    assert listings.count_by_stage(
        world.session, world.actor("unit_officer:XA-VG"), Filters(), world.now
    ) == {"prepare_nomination": Count(1, 0)}


# order


ORDERS = [
    ("", [1, 2, 0]),
    ("code", [0, 1, 2]),
    ("-code", [2, 1, 0]),
    ("nominee", [1, 0, 2]),
    ("-nominee", [2, 0, 1]),
    ("unit", [1, 0, 2]),
    ("-unit", [2, 1, 0]),
    ("block", [1, 0, 2]),
    ("stage", [1, 2, 0]),
    ("due", [1, 2, 0]),
    ("-due", [2, 0, 1]),
    ("waited", [2, 1, 0]),
    ("holder", [1, 0, 2]),
    ("status", [2, 1, 0]),
]


def test_every_sort_puts_in_order(world, three):
    numbers = {nomination.code: n for n, nomination in enumerate(three)}
    found = [
        (sort, [numbers[code] for code in listed(world, sort=sort)])
        for sort, _order in ORDERS
    ]

    assert found == ORDERS


def test_names_sort_by_given_name_then_family_name(world):
    for name in ("Trần Văn Bình", "Nguyễn Văn An", "Lê Thị Ân", "Bùi Văn An"):
        world.nominate(name=name)
    rows = listings.page(
        world.session, world.actor(WATCHER), Filters(sort="nominee"), world.now
    ).rows

    assert [row.nomination.nominee.name for row in rows] == [
        "Bùi Văn An",
        "Nguyễn Văn An",
        "Lê Thị Ân",
        "Trần Văn Bình",
    ]


def test_what_waits_for_nobody_comes_last(world):
    ended = world.walk("withdraw")
    waiting = world.nominate()
    sorts = ["due", "-due", "holder", "-holder", "waited", "-waited", "stage", "-stage", ""]

    others = [
        sort for sort in sorts if listed(world, sort=sort) != [waiting.code, ended.code]
    ]
    assert others == []


def test_what_has_no_result_yet_comes_last(world):
    ended = world.walk("withdraw")
    waiting = world.nominate()

    assert listed(world, sort="status") == [ended.code, waiting.code]
    assert listed(world, sort="-status") == [ended.code, waiting.code]


# cost


def queries(world, act):
    """How many statements an act sends, from a session that knows nothing yet."""
    world.session.flush()
    world.session.expire_all()
    world.session.expunge_all()
    sent = []
    engine = world.session.get_bind()

    def note(*arguments):
        sent.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    act()
    event.remove(engine, "before_cursor_execute", note)
    return len(sent)


def look(world):
    """Read a page as the board shows it."""
    actor = world.actor(WATCHER)
    for row in listings.page(world.session, actor, Filters(), world.now).rows:
        nomination = row.nomination
        assert nomination.nominee.name
        assert nomination.award.name
        assert nomination.unit.name
        assert nomination.block.name
        assert nomination.instance.variables
    listings.count_by_stage(world.session, actor, Filters(), world.now)


def test_page_of_three_takes_as_many_queries_as_a_page_of_one(world):
    world.nominate("SO-TP")
    one = queries(world, lambda: look(world))
    world.nominate("XA-VG")
    world.nominate("SO-YT")

    assert queries(world, lambda: look(world)) == one
