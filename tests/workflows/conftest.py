"""Small diagrams, written by hand where a test needs one that says just this; shared provinces."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests import recordings
from tests.conftest import connect
from workflows import definitions, engine
from workflows.definitions import Definition
from workflows.engine import WaitKind

BPMN = Path(__file__).parents[2] / "bpmn" / "movement_award.bpmn"
_FILE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    id="file" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="leave" name="Xin nghỉ" isExecutable="true">{body}</bpmn:process>
  <bpmn:message id="message_recall" name="recall" />
  <bpmn:error id="error_lost" errorCode="lost" /><bpmn:error id="error_late" errorCode="late" />
  <bpmn:escalation id="escalation_told" escalationCode="told" />
</bpmn:definitions>"""


def flow(id_: str, source: str, target: str, condition: str = "") -> str:
    """A sequence flow, perhaps with a condition."""
    inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>"
    ends = f'id="{id_}" sourceRef="{source}" targetRef="{target}"'
    return f"<bpmn:sequenceFlow {ends}>{inner if condition else ''}</bpmn:sequenceFlow>"


def diagram(*parts: str) -> bytes:
    """A BPMN file whose one executable process `leave` is made of these parts."""
    return _FILE.format(body="".join(parts)).encode()


def one_step(attributes: str = "", inside: str = "", *more: str) -> bytes:
    """A process with one user task, `ask`, between its start and its end."""
    return diagram(
        '<bpmn:startEvent id="asked" />',
        f'<bpmn:userTask id="ask" {attributes}>{inside}</bpmn:userTask>',
        '<bpmn:endEvent id="answered" />',
        flow("begin", "asked", "ask"),
        flow("finish", "ask", "answered"),
        *more,
    )


def chain(*ids: str) -> str:
    """Flows from each element to the next, named after both."""
    return "".join(flow(f"{a}_to_{b}", a, b) for a, b in pairwise(ids))


def node(tag: str, id_: str, inside: str = "", **attributes: str) -> str:
    """An element."""
    said = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f'<bpmn:{tag} id="{id_}" {said}>{inside}</bpmn:{tag}>'


def beside(activity: str, id_: str, event: str, *, stops: bool = True) -> str:
    """A boundary event."""
    return node(
        "boundaryEvent",
        id_,
        event,
        attachedToRef=activity,
        cancelActivity="true" if stops else "false",
    )


class Drawing:
    """The makers of diagrams, for tests that ask for the fixture."""

    diagram: Callable[..., bytes] = staticmethod(diagram)
    flow: Callable[..., str] = staticmethod(flow)
    one_step: Callable[..., bytes] = staticmethod(one_step)
    chain: Callable[..., str] = staticmethod(chain)
    node: Callable[..., str] = staticmethod(node)
    beside: Callable[..., str] = staticmethod(beside)
    timer = (
        "<bpmn:timerEventDefinition><bpmn:timeDuration>P5D</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition>"
    )
    message = '<bpmn:messageEventDefinition messageRef="message_recall" />'
    lost = '<bpmn:errorEventDefinition errorRef="error_lost" />'
    late = '<bpmn:errorEventDefinition errorRef="error_late" />'
    any_error = "<bpmn:errorEventDefinition />"
    told = '<bpmn:escalationEventDefinition escalationRef="escalation_told" />'
    terminate = "<bpmn:terminateEventDefinition />"


class Case:
    """A case of a process, kept by the engine alone: `do` one wait after another."""

    def __init__(self, xml: bytes, *called: Definition, **variables: object) -> None:
        self.definition = definitions.parse(xml, called)
        self.marking = engine.start(self.definition, variables)

    def do(self, element: str, ordinal: int = 0, **variables: object) -> "Case":
        """Complete, receive or fire what waits on the element, from the state's text alone."""
        wait = next(w for w in self.marking.waits if w[1:] == (element, ordinal))
        move = {WaitKind.MESSAGE: engine.receive, WaitKind.DEADLINE: engine.fire}
        before = engine.marking(self.marking.text)
        self.marking = move.get(wait.kind, engine.complete)(
            self.definition, before, wait, variables
        )
        return self

    @property
    def waits(self) -> str:
        """The elements that wait, each as often as it does."""
        return " ".join(sorted(wait.element for wait in self.marking.waits))


@pytest.fixture(scope="session")
def draw() -> type[Drawing]:
    """`draw.one_step()`, `draw.diagram(…)`, `draw.flow(…)` make BPMN files."""
    return Drawing


@pytest.fixture(scope="session")
def case() -> type[Case]:
    """`case(xml)` starts a case."""
    return Case


@pytest.fixture(scope="session")
def award_process() -> Definition:
    """The process of `bpmn/movement_award.bpmn`."""
    return definitions.parse(BPMN.read_bytes())


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_province(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A province in which nothing is ever committed."""
    engine = connect(request.getfixturevalue(request.param).copy("province"))
    yield engine
    engine.dispose()


@pytest.fixture
def db(shared_province: Engine) -> Iterator[Session]:
    """A transaction on the province, rolled back at the end."""
    with recordings.shared(shared_province) as session:
        yield session
