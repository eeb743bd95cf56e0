"""Which BPMN files are refused, and in which words: hostile ones, and odd ones."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows import definitions
from workflows.diagrams import MAX_BYTES
from workflows.errors import BadDefinition

AWARD = (Path(__file__).parents[2] / "bpmn" / "movement_award.bpmn").read_bytes()


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
        "sendTask",
        "receiveTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
        "intermediateCatchEvent",
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
    "event",
    [
        "<bpmn:timerEventDefinition />",
        "<bpmn:messageEventDefinition />",
        '<bpmn:messageEventDefinition messageRef="unknown" />',
        "<bpmn:errorEventDefinition />",
        "<bpmn:escalationEventDefinition />",
        "",
    ],
)
def test_boundary_event_without_a_named_message_is_refused_by_name(draw, event):
    boundary = f'<bpmn:boundaryEvent id="too_late" attachedToRef="ask">{event}</bpmn:boundaryEvent>'
    xml = draw.one_step("", "", boundary, draw.flow("late", "too_late", "answered"))

    assert refusal(xml) == "Sự kiện biên “too_late” phải chờ một thông điệp có tên."


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
