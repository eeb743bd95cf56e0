"""Which BPMN files are refused, and in which words: hostile ones, and odd ones."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows import definitions
from workflows.diagrams import MAX_BYTES
from workflows.errors import BadDefinition

AWARD = (Path(__file__).parents[2] / "bpmn" / "movement_award.bpmn").read_bytes()


def timer(duration: str) -> str:
    """A timer's definition."""
    inner = f"<bpmn:timeDuration>{duration}</bpmn:timeDuration>"
    return f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"


def refusal(xml: bytes) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(BadDefinition) as refused:
        definitions.parse(xml)
    return str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"no xml",
        b"<a>",
        b"<a></b>",
        b"\x00\x01\x02",
        b"PK\x03\x04",
        b"\xff\xfe\x00",
    ],
    ids=repr,
)
def test_what_is_not_xml_is_refused(content):
    assert refusal(content).startswith("Tệp không phải XML: ")


def test_unknown_encoding_is_refused():
    xml = b'<?xml version="1.0" encoding="klingon"?><a/>'

    assert refusal(xml).startswith("Tệp không phải XML: ")


def test_doctype_is_refused(draw):
    xml = draw.one_step().replace(b"<bpmn:definitions", b"<!DOCTYPE a><bpmn:definitions", 1)

    assert refusal(xml) == "Tệp BPMN không được có DOCTYPE."


def test_external_entity_is_refused_and_not_read(draw, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    doctype = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
    xml = draw.one_step("", "<bpmn:documentation>&x;</bpmn:documentation>")
    xml = xml.replace(b"<bpmn:definitions", doctype + b"<bpmn:definitions", 1)

    assert refusal(xml) == "Tệp BPMN không được có DOCTYPE."


def test_billion_laughs_are_refused():
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<!DOCTYPE a [<!ENTITY a0 "ha">{entities}]><a b="&a9;">&a9;</a>'.encode()

    assert refusal(xml)


@pytest.mark.parametrize("closing", [b"", b"</a>" * 100_000], ids=["open", "closed"])
def test_deeply_nested_xml_is_refused(closing):
    assert refusal(b"<a>" * 100_000 + closing).startswith("Tệp không phải XML: ")


def test_file_over_one_megabyte_is_refused(draw):
    small = draw.one_step()

    assert refusal(small.ljust(MAX_BYTES + 1)) == "Tệp BPMN lớn quá 1 MB."
    assert definitions.parse(small.ljust(MAX_BYTES)).key == "leave"


@pytest.mark.parametrize(
    "change",
    [
        (b'isExecutable="true"', b'isExecutable="false"'),
        (b'isExecutable="true"', b""),
        (b"</bpmn:process>", b'</bpmn:process><bpmn:process id="b" isExecutable="true" />'),
        (b"http://www.omg.org/spec/BPMN/20100524/MODEL", b"http://example.org/other"),
    ],
    ids=["false", "unsaid", "two", "foreign"],
)
def test_anything_but_one_executable_process_is_refused(draw, change):
    xml = draw.one_step().replace(*change)

    assert refusal(xml) == "Tệp phải có đúng một quy trình thực thi được."


@pytest.mark.parametrize(
    "tag",
    [
        "scriptTask",
        "businessRuleTask",
        "manualTask",
        "task",
        "transaction",
        "adHocSubProcess",
        "complexGateway",
        "intermediateThrowEvent",
        "somethingNew",
    ],
)
def test_unsupported_element_is_refused_by_name(draw, tag):
    xml = draw.one_step("", "", f'<bpmn:{tag} id="odd_one" />')

    assert refusal(xml) == f"Phần tử “odd_one” thuộc loại {tag}, chưa được hỗ trợ."


@pytest.mark.parametrize("kind", ["preScript", "postScript"])
def test_script_on_a_step_is_refused_by_name(draw, kind):
    core = "http://spiffworkflow.org/bpmn/schema/1.0/core"
    script = f'<s:{kind} xmlns:s="{core}">x = 1</s:{kind}>'
    inside = f"<bpmn:extensionElements>{script}</bpmn:extensionElements>"

    assert refusal(draw.one_step("", inside)) == "Phần tử “ask” có mã lệnh."


def test_gateway_without_a_default_is_refused_by_name(draw):
    xml = draw.diagram(
        '<bpmn:startEvent id="begun" /><bpmn:exclusiveGateway id="which_way" />',
        '<bpmn:endEvent id="here" /><bpmn:endEvent id="there" />',
        draw.flow("a", "begun", "which_way"),
        draw.flow("b", "which_way", "here"),
        draw.flow("c", "which_way", "there", "x == 1"),
    )

    assert refusal(xml) == "Cổng “which_way” chưa có luồng mặc định."


@pytest.mark.parametrize(
    ("source", "target", "end"),
    [("ask", "nowhere", "nowhere"), ("nowhere", "ask", "nowhere"), ("ask", "", "")],
)
def test_flow_to_nowhere_is_refused_by_name(draw, source, target, end):
    xml = draw.one_step("", "", draw.flow("lost", source, target))

    assert refusal(xml) == f"Luồng “lost” nối tới “{end}” không có trong sơ đồ."


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("<bpmn:timerEventDefinition />", "Phần tử “too_late”: “” không phải số ngày"),
        (timer("PT5H"), "Phần tử “too_late”: “PT5H” không phải số ngày"),
        (
            timer("P5D") + timer("P6D"),
            "Sự kiện “too_late” không dùng được loại “timer, timer”",
        ),
        ("<bpmn:messageEventDefinition />", "Phần tử “too_late” phải chờ một thông điệp"),
        (
            '<bpmn:messageEventDefinition messageRef="unknown" />',
            "Phần tử “too_late” phải chờ một thông điệp",
        ),
        (
            "<bpmn:errorEventDefinition />",
            "Sự kiện biên “too_late” không gắn vào công việc",
        ),
        (
            '<bpmn:errorEventDefinition errorRef="unknown" />',
            "Sự kiện “too_late” phải chỉ tới một mã",
        ),
        (
            "<bpmn:signalEventDefinition />",
            "Sự kiện “too_late” không dùng được loại “signal”",
        ),
        ("", "Sự kiện “too_late” không dùng được loại “”"),
    ],
)
def test_boundary_event_that_waits_for_nothing_is_refused_by_name(draw, event, said):
    boundary = f'<bpmn:boundaryEvent id="too_late" attachedToRef="ask">{event}</bpmn:boundaryEvent>'
    xml = draw.one_step("", "", boundary, draw.flow("late", "too_late", "answered"))

    assert refusal(xml).startswith(said)


@pytest.mark.parametrize("activity", ["nothing", "asked", "inner", ""])
def test_boundary_event_on_no_activity_is_refused_by_name(draw, activity):
    xml = draw.one_step(
        "",
        "",
        '<bpmn:subProcess id="part"><bpmn:startEvent id="in" /><bpmn:userTask id="inner" />',
        '<bpmn:endEvent id="out" /></bpmn:subProcess>',
        f'<bpmn:boundaryEvent id="late" attachedToRef="{activity}">{timer("P5D")}',
        "</bpmn:boundaryEvent>",
    )

    assert refusal(xml) == "Sự kiện biên “late” không gắn vào công việc nhận được nó."


@pytest.mark.parametrize(
    "event",
    [
        '<bpmn:startEvent id="odd"><bpmn:timerEventDefinition /></bpmn:startEvent>',
        '<bpmn:endEvent id="odd"><bpmn:messageEventDefinition /></bpmn:endEvent>',
        '<bpmn:endEvent id="odd"><bpmn:signalEventDefinition /></bpmn:endEvent>',
        '<bpmn:endEvent id="odd"><bpmn:compensateEventDefinition /></bpmn:endEvent>',
        '<bpmn:intermediateCatchEvent id="odd" />',
    ],
)
def test_event_of_a_kind_that_would_be_misread_is_refused_by_name(draw, event):
    assert refusal(draw.one_step("", "", event)).startswith("Sự kiện “odd” không dùng được")


def test_error_end_without_a_code_is_refused_by_name(draw):
    end = '<bpmn:endEvent id="odd"><bpmn:errorEventDefinition /></bpmn:endEvent>'

    assert refusal(draw.one_step("", "", end)).startswith(
        "Sự kiện “odd” phải chỉ tới một mã"
    )


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ('<bpmn:multiInstanceLoopCharacteristics isSequential="true" />', "lặp nhiều lần"),
        ("<bpmn:standardLoopCharacteristics />", "lặp nhiều lần"),
        ("<bpmn:ioSpecification />", "khai biến vào, ra"),
        (
            '<bpmn:extensionElements><camunda:in variables="all" /></bpmn:extensionElements>',
            "khai biến vào, ra",
        ),
        (
            '<bpmn:extensionElements><camunda:out variables="all" /></bpmn:extensionElements>',
            "khai biến vào, ra",
        ),
    ],
)
def test_what_the_engine_would_pass_over_is_refused_by_name(draw, inside, said):
    assert refusal(draw.one_step("", inside)).startswith(f"Phần tử “ask” {said}")


def test_event_sub_process_is_refused_by_name(draw):
    xml = draw.one_step("", "", '<bpmn:subProcess id="aside" triggeredByEvent="true" />')

    assert refusal(xml) == "Phần tử “aside” thuộc loại subProcess, chưa được hỗ trợ."


@pytest.mark.parametrize(
    "inside",
    [
        "",
        '<bpmn:startEvent id="in" />',
        '<bpmn:endEvent id="out" />',
        '<bpmn:startEvent id="in" /><bpmn:startEvent id="too" /><bpmn:endEvent id="out" />',
    ],
)
def test_sub_process_that_does_not_begin_once_and_end_is_refused_by_name(draw, inside):
    xml = draw.one_step("", "", f'<bpmn:subProcess id="part">{inside}</bpmn:subProcess>')

    assert refusal(xml).startswith("“part” phải có đúng một sự kiện bắt đầu")


@pytest.mark.parametrize("id_", ["a/b", "ask.BoundaryEventSplit", "leave.EndJoin", ""])
def test_id_that_the_engine_needs_is_refused(draw, id_):
    xml = draw.one_step("", "", f'<bpmn:userTask id="{id_}" />')

    assert refusal(xml) == f"Tên “{id_}” dành riêng cho hệ thống. Đặt tên khác."


@pytest.mark.parametrize("id_", ["ask", "begin"])
def test_id_used_twice_is_refused(draw, id_):
    xml = draw.one_step("", "", f'<bpmn:userTask id="{id_}" />')

    assert refusal(xml) == f"Tên “{id_}” được dùng hai lần."


def test_flow_through_the_wall_of_a_sub_process_is_refused_by_name(draw):
    xml = draw.one_step(
        "",
        "",
        '<bpmn:subProcess id="part"><bpmn:startEvent id="in" /><bpmn:endEvent id="out" />',
        "</bpmn:subProcess>",
        draw.flow("through", "ask", "out"),
    )

    assert refusal(xml) == "Luồng “through” đi xuyên qua vách quy trình con."


def test_condition_on_the_flow_of_a_step_is_refused_by_name(draw):
    xml = draw.one_step("", "", draw.flow("perhaps", "ask", "answered", "x == 1"))

    assert (
        refusal(xml) == "Luồng “perhaps” có điều kiện nhưng không đi ra từ cổng lựa chọn."
    )


@pytest.mark.parametrize(
    "parts",
    [
        ['<bpmn:userTask id="other" />'],
        ['<bpmn:receiveTask id="other" messageRef="message_recall" />', "attached"],
        ['<bpmn:receiveTask id="other" messageRef="message_recall" />', "entered twice"],
    ],
    ids=["user task", "attached", "entered twice"],
)
def test_what_cannot_stand_behind_an_event_based_gateway_is_refused_by_name(draw, parts):
    odd = {
        "attached": '<bpmn:boundaryEvent id="late" attachedToRef="other">'
        + timer("P5D")
        + "</bpmn:boundaryEvent>",
        "entered twice": draw.flow("again", "ask", "other"),
    }
    xml = draw.one_step(
        "",
        "",
        '<bpmn:eventBasedGateway id="what_comes" />',
        draw.flow("comes", "what_comes", "other"),
        *(odd.get(part, part) for part in parts),
    )

    assert refusal(xml).startswith("Sau cổng sự kiện “what_comes” phải là sự kiện chờ")


@pytest.mark.parametrize("kind", ["parallelGateway", "inclusiveGateway"])
def test_two_flows_from_one_element_into_a_join_are_refused_by_name(draw, kind):
    xml = draw.diagram(
        draw.node("startEvent", "begun"),
        draw.node(kind, "join"),
        draw.node("endEvent", "done"),
        draw.flow("one", "begun", "join"),
        draw.flow("two", "begun", "join"),
        draw.chain("join", "done"),
    )

    assert refusal(xml) == "Hai luồng đi từ “begun” vào cổng “join”. Chỉ giữ một."


def test_call_of_an_unknown_process_is_refused_by_name(draw):
    xml = draw.one_step("", "", '<bpmn:callActivity id="call" calledElement="nobody" />')

    assert refusal(xml) == "Phần tử “call” gọi quy trình “nobody” chưa có."


@pytest.mark.parametrize(
    "text", ["5D", "P5", "PT5H", "P5W", "P-5D", "P5.5D", "${due}", "P²D"]
)
def test_bad_number_of_days_is_refused(draw, text):
    assert f"“{text}”" in refusal(draw.one_step(f'camunda:dueDate="{text}"'))


@pytest.mark.parametrize("attribute", ["dueDate", "followUpDate"])
def test_bad_number_of_days_is_refused_by_name(draw, attribute):
    assert "“ask”" in refusal(draw.one_step(f'camunda:{attribute}="5D"'))


@pytest.mark.parametrize("condition", ["os.system('x')", "x ==", "  "])
def test_bad_condition_is_refused_by_name(draw, condition):
    xml = draw.diagram(
        '<bpmn:startEvent id="begun" />',
        '<bpmn:exclusiveGateway id="which" default="on" />',
        '<bpmn:endEvent id="here" /><bpmn:endEvent id="there" />',
        draw.flow("begin", "begun", "which"),
        draw.flow("on", "which", "here"),
        draw.flow("maybe", "which", "there", condition),
    )

    assert "“maybe”" in refusal(xml)


# what must never be more than a refusal


_START = '<bpmn:startEvent id="begun" />'
_ODD = {
    "no start": ['<bpmn:userTask id="ask" />'],
    "empty process": [],
    "a gateway that leads nowhere": [
        _START,
        '<bpmn:exclusiveGateway id="stuck" />',
        '<bpmn:sequenceFlow id="a" sourceRef="begun" targetRef="stuck" />',
    ],
    "a timer at the start": [
        '<bpmn:startEvent id="begun"><bpmn:timerEventDefinition>',
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration>",
        "</bpmn:timerEventDefinition></bpmn:startEvent>",
        '<bpmn:endEvent id="done" />',
        '<bpmn:sequenceFlow id="a" sourceRef="begun" targetRef="done" />',
    ],
    "an end by error": [
        _START,
        '<bpmn:endEvent id="failed"><bpmn:errorEventDefinition errorRef="x" /></bpmn:endEvent>',
        '<bpmn:sequenceFlow id="a" sourceRef="begun" targetRef="failed" />',
    ],
    "SpiffWorkflow's own Start": [
        _START,
        '<bpmn:userTask id="Start" />',
        '<bpmn:sequenceFlow id="a" sourceRef="begun" targetRef="Start" />',
    ],
    "SpiffWorkflow's own End": [
        _START,
        '<bpmn:userTask id="End" />',
        '<bpmn:sequenceFlow id="a" sourceRef="begun" targetRef="End" />',
    ],
    "a priority in words": ['<bpmn:userTask id="ask" camunda:priority="high" />', _START],
    "a default flow of somebody else": [
        _START,
        '<bpmn:exclusiveGateway id="which" default="begin" /><bpmn:endEvent id="done" />',
        '<bpmn:sequenceFlow id="begin" sourceRef="begun" targetRef="which" />',
        '<bpmn:sequenceFlow id="a" sourceRef="which" targetRef="done" />',
        '<bpmn:sequenceFlow id="b" sourceRef="which" targetRef="done" />',
    ],
}


@pytest.mark.parametrize("parts", _ODD.values(), ids=_ODD.keys())
def test_odd_diagram_is_refused_and_nothing_worse(draw, parts):
    assert refusal(draw.diagram(*parts))


@settings(max_examples=150, deadline=None)
@given(content=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_random_bytes_are_refused_and_nothing_worse(content):
    assert refusal(content)


@settings(max_examples=150, deadline=None)
@given(
    place=st.integers(0, 16_000), length=st.integers(1, 400), noise=st.binary(max_size=20)
)
def test_damaged_file_is_read_or_refused_and_nothing_worse(place, length, noise):
    damaged = AWARD[:place] + noise + AWARD[place + length :]
    try:
        read = definitions.parse.__wrapped__(damaged)
    except BadDefinition:
        return
    assert read.key
