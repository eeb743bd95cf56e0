"""X3 of trust.md: what may be drawn is what bpmn/README.md names, and nothing else of BPMN.

One file for every element that BPMN 2.0 knows and for every extension of Camunda and Zeebe: a sound
process with that one thing in it, where it may stand.
"""

import pytest

from tests.workflows.linter.conftest import (
    KNOWN,
    boundary,
    end,
    event,
    file,
    flow,
    flows,
    node,
    one_step,
    properties,
    service,
    start,
    timer,
    user,
)
from workflows.linter import elements, extensions, lint

pytestmark = pytest.mark.trust
ZEEBE = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
CALLED = node("callActivity", "call", calledElement="asking")


def step(drawn: str, id_: str = "x") -> str:
    """A process with one more step, between the start and the question."""
    return start() + drawn + user() + end() + flows(f"begun>{id_}>ask>done")


def beside(inside: str, **attributes: str) -> str:
    """A process with something on the edge of its step that leads to an end of its own."""
    return one_step(
        boundary("late", "ask", inside, **attributes), end("over"), flows("late>over")
    )


def between(tag: str) -> str:
    """Two questions between a gateway that parts and one that joins."""
    to_two = flow("to_two", "fork", "two", "${outcome == 'approve'}")
    conditional = tag in {"exclusiveGateway", "inclusiveGateway"}
    fork = node(tag, "fork", default="fork_to_one") if conditional else node(tag, "fork")
    return (
        start() + fork + user("one") + user("two") + node(tag, "join") + end()
        + flows("begun>fork>one>join>done two>join")
        + (to_two if conditional else flows("fork>two"))
    )  # fmt: skip


def race() -> str:
    """Whichever comes first."""
    return (
        start() + node("eventBasedGateway", "race") + catch("news", event("message", "m1"))
        + catch("late", timer()) + user() + end() + flows("begun>race>news>ask>done race>late>ask")
    )  # fmt: skip


def catch(id_: str, inside: str) -> str:
    return node("intermediateCatchEvent", id_, inside)


def sub_process(inside: str = "", **attributes: str) -> str:
    return node(
        "subProcess",
        "x",
        node("startEvent", "in") + user("inner") + node("endEvent", "out")
        + flows("in>inner>out") + inside,
        **attributes,
    )  # fmt: skip


def raising(inside: str, caught: str) -> str:
    """A sub-process that ends with an event, and the event that catches it."""
    thrower = node("endEvent", "thrown", inside)
    part = node("subProcess", "x", node("startEvent", "in") + user("inner") + thrower
                + flows("in>inner>thrown"))  # fmt: skip
    rest = boundary("caught", "x", caught) + end("over") + flows("caught>over")
    return step(part + rest)


ALLOWED = {
    "startEvent": one_step(),
    "endEvent": one_step(),
    "endEvent terminate": start() + user() + end(inside=event("terminate"))
    + flows("begun>ask>done"),
    "endEvent error": raising(event("error", "e1"), event("error", "e1")),
    "endEvent escalation": raising(event("escalation", "s1"), event("escalation", "s1")),
    "userTask": one_step(),
    "serviceTask": step(service("x")),
    "sendTask": step(node("sendTask", "x", camunda_type="external", camunda_topic="notify")),
    "receiveTask": step(node("receiveTask", "x", messageRef="m1")),
    "callActivity": step(CALLED, "call"),
    "subProcess": step(sub_process()),
    "exclusiveGateway": between("exclusiveGateway"),
    "parallelGateway": between("parallelGateway"),
    "inclusiveGateway": between("inclusiveGateway"),
    "eventBasedGateway": race(),
    "intermediateCatchEvent message": step(catch("x", event("message", "m1"))),
    "intermediateCatchEvent timer": step(catch("x", timer())),
    "boundaryEvent timer": beside(timer()),
    "boundaryEvent timer beside": beside(timer(), cancelActivity="false"),
    "boundaryEvent message": beside(event("message", "m1")),
    "boundaryEvent message beside": beside(event("message", "m1"), cancelActivity="false"),
    "textAnnotation": one_step(node("textAnnotation", "x", "<bpmn:text>Chú thích</bpmn:text>")),
    "association": one_step(
        node("textAnnotation", "x"), node("association", "y", sourceRef="ask", targetRef="x")
    ),
    "group": one_step(node("group", "x")),
    "dataObject": one_step(node("dataObject", "x")),
    "dataObjectReference": one_step(
        node("dataObject", "x"), node("dataObjectReference", "y", dataObjectRef="x")
    ),
    "documentation": one_step(node("documentation", "x", "Lời")),
    "laneSet": one_step(
        node("laneSet", "x", node("lane", "clerk", "".join(
            f"<bpmn:flowNodeRef>{n}</bpmn:flowNodeRef>" for n in ("begun", "ask", "done"))))
    ),
    "camunda:properties": step(user("x", properties(stage="Bước"))),
    "camunda:formData": step(
        user("x", "<bpmn:extensionElements><camunda:formData><camunda:formField id='days' "
             "label='Số ngày' type='long' /></camunda:formData></bpmn:extensionElements>")
        .replace('camunda:formKey="ask" ', "")
    ),
    **{
        f"userTask camunda:{name}": one_step(**{f"camunda_{name}": value})
        for name, value in {
            "dueDate": "P3D", "followUpDate": "P2D", "priority": "50", "asyncBefore": "true",
            "asyncAfter": "true", "exclusive": "false",
        }.items()
    },
}  # fmt: skip
_TASKS = (
    "task", "manualTask", "scriptTask", "businessRuleTask", "globalTask", "globalUserTask",
    "globalScriptTask", "globalManualTask", "globalBusinessRuleTask", "choreographyTask",
    "subChoreography", "callChoreography", "transaction", "adHocSubProcess", "complexGateway",
    "intermediateThrowEvent", "implicitThrowEvent", "dataStoreReference", "dataStore",
)  # fmt: skip
_PARTS = (
    "ioSpecification", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics",
    "potentialOwner", "humanPerformer", "performer", "resourceRole", "rendering",
    "monitoring", "auditing", "correlationSubscription", "script", "completionCondition",
    "loopCardinality", "ioBinding",
)  # fmt: skip
_AT_THE_TOP = (
    "import", "interface", "globalTask", "globalUserTask", "globalScriptTask", "dataStore",
    "choreography", "globalConversation", "partnerEntity", "partnerRole", "resource",
    "correlationProperty", "endPoint", "eventDefinition", "cancelEventDefinition", "script",
    "timerEventDefinition", "relationship", "extension",
)  # fmt: skip
_START = ("message", "timer", "error", "escalation", "signal", "conditional", "compensate")
_END = ("message", "signal", "cancel", "compensate", "timer", "conditional", "link")
_CATCH = ("signal", "conditional", "link", "error", "escalation", "compensate", "terminate")
_BESIDE = ("signal", "conditional", "compensate", "cancel", "link", "terminate")
_CAMUNDA = (
    "class", "expression", "delegateExpression", "resultVariable", "assignee", "candidateUsers",
    "caseRef", "decisionRef", "errorCodeVariable", "taskPriority", "jobPriority", "formRef",
    "formHandlerClass", "variableMappingClass", "topic", "type", "async", "collection",
    "elementVariable", "resource", "mapDecisionResult",
)  # fmt: skip
_EXTENSIONS = (
    "executionListener", "taskListener", "connector", "inputOutput", "in", "out", "field", "script",
    "failedJobRetryTimeCycle", "errorEventDefinition", "potentialStarter", "entry", "list", "map",
    "constraint", "validation", "generatedFormData",
)  # fmt: skip
_ZEEBE = (
    "taskDefinition", "ioMapping", "taskHeaders", "script", "calledElement", "calledDecision",
    "formDefinition", "assignmentDefinition", "executionListeners", "taskListeners", "userTask",
    "loopCharacteristics", "subscription", "versionTag", "properties",
)  # fmt: skip
REFUSED = {
    **{tag: step(node(tag, "x")) for tag in _TASKS},
    **{f"in a task: {tag}": step(user("x", node(tag, "z"))) for tag in _PARTS},
    **{f"start {kind}": node("startEvent", "begun", event(kind)) + user() + end()
       + flows("begun>ask>done") for kind in _START},
    **{f"end {kind}": start() + user() + end(inside=event(kind)) + flows("begun>ask>done")
       for kind in _END},
    **{f"catch {kind}": step(catch("x", event(kind))) for kind in _CATCH},
    **{f"beside {kind}": beside(event(kind)) for kind in _BESIDE},
    **{f"userTask camunda:{name}": one_step(**{f"camunda_{name}": "x"}) for name in _CAMUNDA},
    **{f"camunda:{tag}": step(user("x", "<bpmn:extensionElements>"
       f"<camunda:{tag} /></bpmn:extensionElements>")) for tag in _EXTENSIONS},
    **{f"zeebe:{tag}": step(user("x", "<bpmn:extensionElements>"
       f"<zeebe:{tag} {ZEEBE} /></bpmn:extensionElements>")) for tag in _ZEEBE},
    "spiff:preScript": step(user("x", "<bpmn:extensionElements><s:preScript "
                                 'xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">1'
                                 "</s:preScript></bpmn:extensionElements>")),
    "event sub-process": step(sub_process(), "x").replace(
        'id="x"', 'id="x" triggeredByEvent="true"'),
    "compensation task": step(service("x")).replace('id="x"', 'id="x" isForCompensation="true"'),
    "receive that starts": step(node("receiveTask", "x", messageRef="m1", instantiate="true")),
    "call of nobody": step(node("callActivity", "x", calledElement="nobody")),
    "call of an expression": step(node("callActivity", "x", calledElement="${outcome}")),
    "call of itself": step(node("callActivity", "x", calledElement="leave")),
    "unknown topic": step(node("serviceTask", "x", camunda_type="external", camunda_topic="rm")),
    "service with a class": step(node("serviceTask", "x", camunda_class="java.lang.Runtime")),
    "service with an expression": step(node("serviceTask", "x", camunda_expression="${x}")),
    "script as a condition": between("exclusiveGateway").replace(
        "<bpmn:conditionExpression>", '<bpmn:conditionExpression language="groovy">')
        .replace("${outcome == 'approve'}", "${outcome.execute()}"),
    "foreign element": one_step('<x:y xmlns:x="urn:x" id="x" />'),
}  # fmt: skip
TOP = {f"at the top: {tag}": node(tag, "x") for tag in _AT_THE_TOP}


def found(body: str, top: str = "") -> list[str]:
    """What keeps a process with this in it out."""
    return [str(finding) for finding in lint(file(body, top), KNOWN)]


@pytest.mark.parametrize("name", ALLOWED)
def test_documented_thing_passes(name):
    assert found(ALLOWED[name]) == []


@pytest.mark.parametrize("name", REFUSED)
def test_other_thing_is_refused(name):
    assert found(REFUSED[name]) != []


@pytest.mark.parametrize("name", TOP)
def test_other_thing_beside_the_process_is_refused(name):
    assert found(one_step(), TOP[name]) != []


def test_there_is_a_file_for_everything():
    assert len(ALLOWED) + len(REFUSED) + len(TOP) > 120


def test_everything_that_may_be_drawn_is_tried():
    tried = "".join(ALLOWED.values())
    drawn = elements.NODES | elements.DRAWN

    assert {tag for tag in drawn if f"<bpmn:{tag}" not in tried} == set()


def test_linter_without_its_allow_lists_is_caught(monkeypatch):
    for module in (elements, extensions):
        monkeypatch.setattr(module, "check", lambda *_: iter(()))

    let_in = {name for name, body in REFUSED.items() if not found(body)}

    assert let_in >= {
        "in a task: ioSpecification",
        "userTask camunda:class",
        "zeebe:script",
    }
    assert len(let_in) > 60
