"""Reading BPMN: what is read from the award's diagram, and what from small ones."""

import re

import pytest

from workflows import definitions
from workflows.diagrams import ElementKind

STEPS = {  # role, lane, due, follow-up, priority, outcomes
    "prepare_nomination": ("unit_officer", "Chuyên viên đơn vị", 5, 3, 50, "approve withdraw"),
    "approve_by_unit": ("unit_head", "Thủ trưởng đơn vị", 3, 2, 50, "approve return withdraw"),
    "review_by_block": ("block_lead", "Khối trưởng", 7, 5, 50, "approve return not_selected"),
    "receive_by_department": (
        "department_clerk", "Văn thư Sở Nội vụ", 2, 1, 50, "approve return",
    ),
    "appraise": (
        "department_specialist", "Chuyên viên Sở Nội vụ", 10, 7, 50, "approve return refuse",
    ),
    "approve_by_department": (
        "department_head", "Lãnh đạo Sở Nội vụ", 3, 2, 50, "approve return refuse",
    ),
    "check_by_office": (
        "office_specialist", "Chuyên viên Văn phòng UBND tỉnh", 5, 3, 50, "approve return",
    ),
    "decide_by_chairman": (
        "chairman", "Lãnh đạo UBND tỉnh", 5, 3, 50, "approve return refuse",
    ),
    "issue_decision": ("records_clerk", "Văn thư UBND tỉnh", 2, 1, 70, "approve return"),
}  # fmt: skip
WORDS = {
    "prepare_nomination": ("Lập hồ sơ", "Đơn vị đang lập hồ sơ"),
    "approve_by_unit": ("Đơn vị duyệt", "Đang chờ thủ trưởng đơn vị duyệt"),
    "review_by_block": ("Khối suy tôn", "Đang chờ Khối thi đua bình xét"),
    "receive_by_department": ("Tiếp nhận", "Đang chờ Sở Nội vụ tiếp nhận hồ sơ"),
    "appraise": ("Thẩm định", "Đang chờ Sở Nội vụ thẩm định"),
    "approve_by_department": ("Sở phê duyệt", "Đang chờ lãnh đạo Sở Nội vụ phê duyệt"),
    "check_by_office": ("Văn phòng kiểm tra", "Đang chờ Văn phòng UBND tỉnh kiểm tra"),
    "decide_by_chairman": ("Chủ tịch quyết định", "Đang chờ Chủ tịch UBND tỉnh quyết định"),
    "issue_decision": ("Ban hành", "Đã quyết định khen, đang chờ ban hành"),
}


# what the award's diagram says


def test_key_and_name_are_those_of_the_process(award_process):
    assert award_process.key == "movement_award"
    assert award_process.name == "Xét tặng Bằng khen trong phong trào thi đua"
    assert re.fullmatch("[0-9a-f]{64}", award_process.sha256)


@pytest.mark.parametrize("step", STEPS)
def test_step_is_read_as_drawn(award_process, step):
    element = award_process.elements[step]
    role, lane, due, follow_up, priority, outcomes = STEPS[step]

    assert element.kind == ElementKind.USER
    assert (element.role, element.lane) == (role, lane)
    assert element.form_key == step
    assert (element.due_days, element.follow_up_days) == (due, follow_up)
    assert element.priority == priority
    assert element.outcomes == tuple(outcomes.split())
    assert (element.stage, element.public_status) == WORDS[step]


def test_steps_stand_in_the_order_of_the_main_path(award_process):
    assert [step.id for step in award_process.user_tasks] == list(STEPS)


def test_elements_begin_with_the_main_path(award_process):
    kinds = [element.kind for element in award_process.elements.values()]

    assert next(iter(award_process.elements)) == "nomination_started"
    assert kinds[1:19] == [ElementKind.USER, ElementKind.EXCLUSIVE] * 9
    assert list(award_process.elements)[19:21] == [
        "make_decision_paper",
        "nomination_awarded",
    ]


@pytest.mark.parametrize(
    ("element", "topic"),
    [
        ("notify_refusal_by_department", "notify_refusal"),
        ("notify_refusal_by_chairman", "notify_refusal"),
        ("make_decision_paper", "make_decision_paper"),
        ("appraise", ""),
    ],
)
def test_topic_is_read(award_process, element, topic):
    assert award_process.elements[element].topic == topic


@pytest.mark.parametrize(
    ("element", "result"),
    [
        ("nomination_awarded", "awarded"),
        ("nomination_not_selected", "not_selected"),
        ("nomination_refused_by_department", "refused"),
        ("nomination_refused_by_chairman", "refused"),
        ("nomination_withdrawn_by_officer", "withdrawn"),
        ("nomination_withdrawn_by_unit", "withdrawn"),
        ("nomination_withdrawn_during_appraise", "withdrawn"),
        ("appraise", ""),
    ],
)
def test_result_is_read(award_process, element, result):
    assert award_process.elements[element].result == result


def test_message_is_read_by_its_name(award_process):
    messages = {
        e.id: e.message
        for e in award_process.elements.values()
        if e.kind == ElementKind.BOUNDARY
    }

    assert messages == {f"withdrawn_during_{s}": "withdrawal" for s in list(STEPS)[:-1]}


def test_conditions_read_nothing_but_the_outcome(award_process):
    assert award_process.reads == {"outcome"}


def test_names_are_one_line(draw):
    read = definitions.parse(draw.one_step('name="Xin&#10;  nghỉ&#9;phép"'))

    assert read.elements["ask"].name == "Xin nghỉ phép"


def test_candidate_groups_go_before_the_lane(draw):
    lanes = (
        '<bpmn:laneSet id="lanes"><bpmn:lane id="staff" name="Nhân viên">'
        "<bpmn:flowNodeRef> ask </bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    plain = definitions.parse(draw.one_step("", "", lanes)).elements["ask"]
    group = 'camunda:candidateGroups="boss"'
    grouped = definitions.parse(draw.one_step(group, "", lanes)).elements["ask"]

    assert (plain.role, plain.lane) == ("staff", "Nhân viên")
    assert (grouped.role, grouped.lane) == ("boss", "Nhân viên")


def test_a_bare_step_has_defaults(draw):
    element = definitions.parse(draw.one_step()).elements["ask"]

    assert (element.role, element.lane, element.form_key) == ("", "", "")
    assert (element.due_days, element.follow_up_days, element.priority) == (None, None, 50)
    assert element.outcomes == ()


def test_process_without_a_name_is_called_by_its_key(draw):
    xml = draw.one_step().replace('name="Xin nghỉ"'.encode(), b"")

    assert definitions.parse(xml).name == "leave"


def test_due_date_of_no_days_is_today(draw):
    read = definitions.parse(draw.one_step('camunda:dueDate="P0D"'))

    assert read.elements["ask"].due_days == 0


def test_comments_and_instructions_are_passed_over(draw):
    xml = draw.one_step("", "", "<!-- a remark --><?modeler x?>")
    read = definitions.parse(
        xml.replace(b"<bpmn:def", b"<!-- first --><?x y?><bpmn:def", 1)
    )

    assert [step.id for step in read.user_tasks] == ["ask"]


def test_empty_line_in_a_lane_is_passed_over(draw):
    lane = '<bpmn:lane id="staff"><bpmn:flowNodeRef /></bpmn:lane>'
    read = definitions.parse(
        draw.one_step("", "", f'<bpmn:laneSet id="lanes">{lane}</bpmn:laneSet>')
    )

    assert read.elements["ask"].role == ""


def test_gateway_with_one_way_out_needs_no_default(draw):
    read = definitions.parse(
        draw.diagram(
            '<bpmn:startEvent id="begun" /><bpmn:exclusiveGateway id="merge" />',
            '<bpmn:endEvent id="done" />',
            draw.flow("a", "begun", "merge"),
            draw.flow("b", "merge", "done"),
        )
    )

    assert [flow.condition for flow in read.flows] == [None, None]


# ways between waits


@pytest.mark.parametrize(
    ("source", "target", "outcome", "way"),
    [
        ("nomination_started", "prepare_nomination", None, ["begin_preparation"]),
        (
            "prepare_nomination",
            "approve_by_unit",
            "approve",
            ["nomination_prepared", "submit_to_unit_head"],
        ),
        (
            "review_by_block",
            "prepare_nomination",
            "return",
            ["block_answered", "return_by_block_lead"],
        ),
        (
            "approve_by_department",
            "notify_refusal_by_department",
            "refuse",
            ["department_head_answered", "refuse_by_department_head"],
        ),
        (
            "notify_refusal_by_department",
            "nomination_refused_by_department",
            "refuse",
            ["refusal_by_department_notified"],
        ),
        (
            "withdrawn_during_appraise",
            "nomination_withdrawn_during_appraise",
            "withdraw",
            ["withdraw_during_appraise"],
        ),
        ("prepare_nomination", "review_by_block", "approve", []),
        ("nomination_awarded", "prepare_nomination", "approve", []),
    ],
)
def test_way_finds_the_flows_between_two_waits(award_process, source, target, outcome, way):
    assert list(award_process.way(source, target, outcome)) == way


def test_way_prefers_the_flow_that_the_outcome_opens(draw):
    read = definitions.parse(
        draw.diagram(
            '<bpmn:startEvent id="begun" /><bpmn:userTask id="ask" />',
            '<bpmn:exclusiveGateway id="which" default="plain" />',
            '<bpmn:endEvent id="done" />',
            draw.flow("begin", "begun", "ask"),
            draw.flow("answered", "ask", "which"),
            draw.flow("plain", "which", "done"),
            draw.flow("special", "which", "done", "outcome == 'refuse'"),
        )
    )

    assert read.way("ask", "done", "refuse") == ("answered", "special")
    assert read.way("ask", "done", "approve") == ("answered", "plain")
    assert read.way("ask", "done", None) == ("answered", "plain")
