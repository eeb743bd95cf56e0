"""Why a nomination is where it is, in words, for those inside and those outside the offices."""

import pypdfium2
import pytest

from awards import outside, reasons, story_papers, timeline
from models.operations import OperatorActKind as Kind
from workflows import deployments, history
from workflows.operations import Wish

RETURNED = (
    "Tại “Hồ sơ đầy đủ?”, sơ đồ rẽ sang “Trả lại” khi kết quả xử lý là “Trả lại”; "
    "lúc đó kết quả xử lý là “Trả lại”."
)
SENT_ON = (
    "Tại “Đơn vị duyệt?”, sơ đồ đi tiếp “Duyệt” trừ khi kết quả xử lý là “Trả lại” hoặc "
    "kết quả xử lý là “Rút hồ sơ”; lúc đó kết quả xử lý là “Đồng ý”."
)


def arrivals(world, nomination):
    return reasons.of(world.session, history.of(world.session, nomination.instance_id))


def test_each_place_has_the_act_that_led_there_and_its_rule(world):
    nomination = world.walk(*["approve"] * 3, "return")
    found = arrivals(world, nomination)

    assert [one.element_id for one in found] == [
        "prepare_nomination",
        "approve_by_unit",
        "review_by_block",
        "receive_by_department",
        "prepare_nomination",
    ]
    assert [one.is_open for one in found] == [False] * 4 + [True]
    assert reasons.sentences(found[2], story_papers.say) == [SENT_ON]
    assert reasons.sentences(found[4], story_papers.say) == [RETURNED]
    assert reasons.rule(found[4], story_papers.say).startswith("5 ngày làm việc")


def test_end_is_told_with_the_step_of_a_machine_before_it(world):
    last = arrivals(world, world.walk(*["approve"] * 9))[-1]

    assert (last.is_end, last.is_open, last.element_id) == (
        True,
        True,
        "nomination_awarded",
    )
    assert [choice.flow.name for choice in last.choices] == ["Ban hành"]


def test_place_where_operators_put_it_has_no_choice_of_the_diagram(world):
    nomination = world.walk(*["approve"] * 4)
    world.operate(nomination, Wish(Kind.PLACE, element="review_by_block"))
    last = arrivals(world, nomination)[-1]
    act = next(
        m for m in timeline.of(world.session, nomination) if m.sequence == last.sequence
    )

    assert (last.element_id, last.choices, act.kind.value) == (
        "review_by_block",
        (),
        "instance_placed",
    )


def test_what_offices_send_one_another_is_not_told_outside(world):
    nomination = world.walk(*["approve"] * 5, "return")
    definition = deployments.definition_of(world.session, nomination.instance)
    moments = outside.told(timeline.of(world.session, nomination), definition)
    found = arrivals(world, nomination)
    told = [one for led in reasons.told(found, moments).values() for one in led]

    assert [one.element_id for one in told if one.choices] == [
        "approve_by_unit",
        "review_by_block",
        "receive_by_department",
    ]
    assert found[-1].element_id == "appraise"
    assert found[-1].sequence not in {one.sequence for one in told}


@pytest.mark.parametrize(
    ("queue", "reads"), [("auditor", True), ("unit_officer:SO-TP", False)]
)
def test_paper_tells_its_reader_no_more_than_the_pages(world, queue, reads):
    nomination = world.walk(*["approve"] * 5, "return")
    paper = story_papers.pdf(
        world.session, nomination, actor=world.actor(queue), now=world.now
    )
    said = " ".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper)
    )

    assert ("Sở phê duyệt?" in said) == reads
    assert nomination.instance.history_head in "".join(said.split())
    assert "Đơn vị duyệt?" in said
