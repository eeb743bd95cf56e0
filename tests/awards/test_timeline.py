"""The history told in plain sentences, and the return that waits for an answer."""

from datetime import date, timedelta

import pytest

from awards import comments, files, timeline, withdrawals
from awards.interventions import OPERATED
from models.awards import Outcome
from models.history import EventKind, HistoryEvent
from models.operations import OperatorActKind as Kind
from workflows import history, operations, tasks
from workflows.operations import Wish


def told(world, nomination):
    """The sentences of the acts that moved it on."""
    moments = timeline.of(world.session, nomination)
    return [moment.message for moment in timeline.milestones(moments)]


def withdraw(world, nomination, reason="Đơn vị xin rút."):
    withdrawals.withdraw(
        world.session,
        nomination,
        reason=reason,
        actor=world.actor("unit_head:SO-TP"),
        command_key=f"withdraw-{nomination.id}",
        now=world.now,
    )


def test_story_of_an_award_newest_first(world):
    nomination = world.walk(*["approve"] * 9)

    assert told(world, nomination) == [
        "Hồ sơ kết thúc: được khen thưởng",
        "cấp số, ban hành quyết định",
        "quyết định khen thưởng",
        "kiểm tra, trình Chủ tịch UBND tỉnh",
        "phê duyệt, trình Văn phòng UBND tỉnh",
        "thẩm định, đề nghị khen",
        "tiếp nhận hồ sơ để thẩm định",
        "suy tôn, chuyển hồ sơ tới Sở Nội vụ",
        "duyệt, gửi hồ sơ tới Khối thi đua",
        "trình hồ sơ lên thủ trưởng đơn vị",
        "lập hồ sơ",
    ]


@pytest.mark.parametrize(
    ("answers", "last"),
    [
        (["withdraw"], ["Hồ sơ kết thúc: đơn vị đã rút", "rút hồ sơ"]),
        (
            ["approve", "approve", "not_selected"],
            ["Hồ sơ kết thúc: không được suy tôn", "không suy tôn"],
        ),
        (
            [*["approve"] * 7, "refuse"],
            ["Hồ sơ kết thúc: không khen, đã thông báo cho đơn vị", "không khen"],
        ),
        (
            ["approve", "return"],
            ["trả lại để chỉnh sửa", "trình hồ sơ lên thủ trưởng đơn vị"],
        ),
        (["approve", "approve", "return"], ["trả lại để bổ sung"]),
    ],
    ids=lambda value: value[-1],
)
def test_story_ends_with(world, answers, last):
    nomination = world.walk(*answers)

    assert told(world, nomination)[: len(last)] == last


def test_moment_says_who_acting_as_what_when_and_why(world):
    nomination = world.walk("approve")
    world.now += timedelta(hours=1)
    world.answer(nomination, "return", reason="Thiếu số liệu năm 2025.")

    moment = timeline.of(world.session, nomination)[0]

    assert moment.at == world.now
    assert moment.who == "Đỗ Minh Quang"
    assert moment.acting_as == "Giám đốc Sở Tư pháp"
    assert (moment.element_id, moment.outcome) == ("approve_by_unit", "return")
    assert moment.reason == "Thiếu số liệu năm 2025."
    assert moment.submission is not None
    assert moment.kind == EventKind.TASK_COMPLETED


def test_an_opinion_is_told_when_there_is_no_reason(world):
    nomination = world.walk("approve")
    world.answer(nomination, "approve", opinion="Nhất trí.", reason="")

    assert timeline.of(world.session, nomination)[0].reason == "Nhất trí."


def remark(world, nomination, text):
    officer = world.actor("unit_officer:SO-TP")
    comments.add(
        world.session, nomination, text=text, actor=officer, command_key=text, now=world.now
    )


def test_small_acts_are_told_but_are_no_milestones(world):
    nomination = world.nominate()
    officer = world.actor("unit_officer:SO-TP")
    task = world.task(nomination)
    tasks.claim(world.session, task.id, actor=officer, now=world.now)
    tasks.unclaim(world.session, task.id, actor=officer, now=world.now)
    remark(world, nomination, "Xem lại.")
    first = files.of(world.session, nomination.id)[0]
    files.remove(world.session, nomination, first, actor=officer, now=world.now)

    moments = timeline.of(world.session, nomination)
    assert [moment.message for moment in moments] == [
        "gỡ giấy tờ",
        "ghi ý kiến trao đổi",
        "nhả việc",
        "nhận việc",
        *["đính kèm giấy tờ"] * 3,
        "lập hồ sơ",
    ]


def test_milestones_tell_who_took_up_the_present_step_but_no_earlier_one(world):
    nomination = world.nominate()
    for outcome in ("approve", "approve"):
        world.answer(nomination, outcome)
    lead = world.actor("block_lead:K01")
    tasks.claim(world.session, world.task(nomination).id, actor=lead, now=world.now)

    assert told(world, nomination) == [
        "nhận việc",
        "duyệt, gửi hồ sơ tới Khối thi đua",
        "trình hồ sơ lên thủ trưởng đơn vị",
        "lập hồ sơ",
    ]
    assert timeline.milestones([]) == []


def test_closing_is_the_act_that_closed_the_task(world):
    nomination = world.nominate()
    first = world.task(nomination)
    world.answer(nomination, "approve")
    world.now += timedelta(hours=1)
    second = world.task(nomination)
    withdraw(world, nomination)
    moments = timeline.of(world.session, nomination)

    assert timeline.closing(moments, first).message == "trình hồ sơ lên thủ trưởng đơn vị"
    assert timeline.closing(moments, second).at == second.closed_at


def test_withdrawal_is_told_with_its_reason(world):
    nomination = world.walk("approve", "approve")
    withdraw(world, nomination)

    moments = timeline.of(world.session, nomination)
    assert [m.message for m in moments[:2]] == [
        "Hồ sơ kết thúc: đơn vị đã rút",
        "rút hồ sơ",
    ]
    assert moments[1].reason == "Đơn vị xin rút."
    assert moments[1].who == "Đỗ Minh Quang"


def test_every_kind_of_event_is_told_or_passed_over(world):
    nomination = world.nominate()
    details = {
        "element": "appraise",
        "outcome": "approve",
        "result": "awarded",
        "topic": "x",
        "scan": "clean",
    }
    passed_over = set()
    for kind in set(EventKind) - set(OPERATED):
        event = HistoryEvent(kind=kind, at=world.now, actor_id=None)
        event.body = f'{{"post": null, "details": {history.canonical(details)}}}'
        if timeline._moment(event, {}, {}, {}) is None:
            passed_over.add(kind)

    assert nomination.instance.history_length > 0
    assert passed_over == {
        EventKind.TASK_OPENED,
        EventKind.TASK_BARRED,  # who stands back is the auditors' to read
        EventKind.INTEREST_DECLARED,
        EventKind.TASK_CANCELLED,
        EventKind.SERVICE_COMPLETED,
        EventKind.OPERATION_REQUESTED,
        EventKind.OPERATION_DECLINED,
        EventKind.FILE_SCANNED,  # that it is clean; what was found is told
        EventKind.WORDS_ERASED,
        EventKind.HOLD_PLACED,
        EventKind.HOLD_LIFTED,
    }


def test_every_act_of_operators_is_told():
    assert set(OPERATED) == set(operations.EVENTS.values())


def test_act_of_operators_is_told_with_both_people_and_the_reason(world):
    nomination = world.walk("approve", "approve")
    world.operate(nomination, Wish(Kind.PLACE, element="approve_by_unit"))

    moments = timeline.of(world.session, nomination)
    placed = moments[0]

    assert placed.message == "đưa hồ sơ về bước “%(step)s”, theo đề nghị của %(asker)s"
    assert placed.values["step"] == "Thủ trưởng đơn vị duyệt"
    assert placed.values["asker"] == "Trịnh Công Hưng"
    assert (placed.who, placed.acting_as) == ("Lê Thị Hiền", "Phó quản trị Sở Nội vụ")
    assert placed.reason == "Duyệt nhầm."
    assert timeline.milestones(moments)[0] is placed


def test_task_given_back_has_its_own_sentence(world):
    nomination = world.walk("approve")
    task = world.task(nomination)
    head = world.actor("unit_head:SO-TP")
    tasks.claim(world.session, task.id, actor=head, now=world.now)

    world.operate(nomination, Wish(Kind.REASSIGN, task=task.id))

    assert timeline.of(world.session, nomination)[0].message == (
        "trả việc về nhóm, theo đề nghị của %(asker)s"
    )


def test_cancelling_closes_the_task(world):
    nomination = world.walk("approve")
    task = world.task(nomination)
    world.operate(nomination, Wish(Kind.CANCEL))
    moments = timeline.of(world.session, nomination)

    assert timeline.closing(moments, task).kind == EventKind.INSTANCE_CANCELLED


@pytest.mark.parametrize("outcome", Outcome)
def test_a_step_of_another_process_is_told_too(outcome):
    assert timeline._message(EventKind.TASK_COMPLETED, "some_new_step", outcome.value)


# the return that waits for an answer


def request(world, nomination):
    return timeline.return_request(timeline.of(world.session, nomination))


def test_nothing_is_asked_before_a_return(world):
    assert request(world, world.nominate()) is None
    assert request(world, world.walk("approve")) is None


def test_return_request_says_what_is_missing_and_until_when(world):
    nomination = world.walk("approve", "approve", "approve")
    world.answer(
        nomination,
        "return",
        reason="Bổ sung đúng hạn.",
        items="Biên bản họp: thiếu chữ ký\n\n  Báo cáo thành tích \n",
        supplement_by="2026-12-02",
    )

    asked = request(world, nomination)

    assert asked is not None
    assert asked.who == "Nguyễn Thúy Nga"
    assert asked.acting_as == "Văn thư Sở Nội vụ"
    assert asked.element_id == "receive_by_department"
    assert asked.reason == "Bổ sung đúng hạn."
    assert asked.items == ("Biên bản họp: thiếu chữ ký", "Báo cáo thành tích")
    assert asked.answer_by == date(2026, 12, 2)
    assert nomination.supplement_by == date(2026, 12, 2)


def test_return_request_stands_while_small_acts_happen(world):
    nomination = world.walk("approve", "return")
    officer = world.actor("unit_officer:SO-TP")
    tasks.claim(world.session, world.task(nomination).id, actor=officer, now=world.now)
    remark(world, nomination, "Đang sửa.")

    assert request(world, nomination) is not None


def test_return_request_is_gone_once_answered(world):
    assert request(world, world.walk("approve", "return", "approve")) is None


def test_withdrawn_after_a_return_is_asked_nothing(world):
    nomination = world.walk("approve", "return")
    withdraw(world, nomination)

    assert request(world, nomination) is None


@pytest.mark.parametrize(
    ("content", "items"),
    [
        ({}, ()),
        ({"items": None}, ()),
        ({"items": ""}, ()),
        ({"items": " \n \n"}, ()),
        ({"items": "một"}, ("một",)),
        ({"items": "một\r\n hai \n"}, ("một", "hai")),
    ],
)
def test_missing_items_are_the_lines_written(content, items):
    assert timeline.missing_items(content) == items


def test_return_request_is_gone_once_operators_put_the_nomination_elsewhere(world):
    nomination = world.walk("approve", "approve", "return")
    assert request(world, nomination) is not None

    world.operate(nomination, Wish(Kind.PLACE, element="approve_by_unit"))

    assert request(world, nomination) is None
