"""Small diagrams, written by hand where a test needs one that says just this; shared provinces."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.conftest import connect
from workflows import definitions
from workflows.definitions import Definition

BPMN = Path(__file__).parents[2] / "bpmn" / "movement_award.bpmn"
_FILE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    id="file" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="leave" name="Xin nghỉ" isExecutable="true">{body}</bpmn:process>
  <bpmn:message id="message_recall" name="recall" />
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


class Drawing:
    """The makers of diagrams, for tests that ask for the fixture."""

    diagram: Callable[..., bytes] = staticmethod(diagram)
    flow: Callable[..., str] = staticmethod(flow)
    one_step: Callable[..., bytes] = staticmethod(one_step)


@pytest.fixture(scope="session")
def draw() -> type[Drawing]:
    """`draw.one_step()`, `draw.diagram(…)`, `draw.flow(…)` make BPMN files."""
    return Drawing


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
    with Session(shared_province, expire_on_commit=False) as session:
        yield session
