"""Diagrams for the linter, and what they may name."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from workflows.linter import Known, Outline, lint

KNOWN = Known(
    forms=frozenset({"ask"}),
    roles=frozenset({"clerk", "chief"}),
    topics=frozenset({"notify"}),
    outcomes=frozenset({"approve", "return"}),
    results=frozenset({"granted", "refused"}),
    grants=frozenset({"granted"}),
    reserved=frozenset({"unit"}),
    processes={
        "asking": Outline(),
        "silent": Outline(asks=False),
        "calling": Outline(calls=frozenset({"leave"})),
        "lapsing": Outline(asks=False, lapses=True),
        "failing": Outline(raises=frozenset({"E1"})),
    },
)
FILE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    id="file" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="leave" name="Xin nghỉ" isExecutable="true">{body}</bpmn:process>
  <bpmn:message id="m1" name="recall" /><bpmn:message id="m2" name="reply" />
  <bpmn:message id="nameless" />
  <bpmn:error id="e1" name="late" errorCode="E1" /><bpmn:error id="e2" name="odd" />
  <bpmn:escalation id="s1" name="up" escalationCode="S1" />{top}
</bpmn:definitions>"""


def file(body: str, top: str = "") -> bytes:
    """A file with the process `leave`."""
    return FILE.format(body=body, top=top).encode()


def node(tag: str, id_: str, inside: str = "", **attributes: str) -> str:
    """Any element; `camunda_x` stands for `camunda:x`."""
    given = {"id": id_} | {
        k.replace("camunda_", "camunda:"): v for k, v in attributes.items()
    }
    text = " ".join(f'{key}="{value}"' for key, value in given.items())
    return f"<bpmn:{tag} {text}>{inside}</bpmn:{tag}>"


def start(id_: str = "begun") -> str:
    return node("startEvent", id_)


def end(id_: str = "done", result: str = "refused", inside: str = "") -> str:
    return node("endEvent", id_, properties(result=result) + inside)


def user(id_: str = "ask", inside: str = "", **attributes: str) -> str:
    given = {"name": "Hỏi", "camunda_formKey": "ask", "camunda_candidateGroups": "clerk"}
    return node("userTask", id_, inside, **given | attributes)


def service(id_: str) -> str:
    return node("serviceTask", id_, camunda_type="external", camunda_topic="notify")


def timer(text: str = "P3D") -> str:
    inside = f"<bpmn:timeDuration>{text}</bpmn:timeDuration>"
    return f"<bpmn:timerEventDefinition>{inside}</bpmn:timerEventDefinition>"


def event(kind: str, reference: str = "") -> str:
    given = f' {kind}Ref="{reference}"' if reference else ""
    return f"<bpmn:{kind}EventDefinition{given} />"


def boundary(id_: str, host: str, inside: str, **attributes: str) -> str:
    return node("boundaryEvent", id_, inside, attachedToRef=host, **attributes)


def properties(**values: str) -> str:
    inside = "".join(
        f'<camunda:property name="{k}" value="{v}" />' for k, v in values.items()
    )
    parts = f"<camunda:properties>{inside}</camunda:properties>"
    return f"<bpmn:extensionElements>{parts}</bpmn:extensionElements>"


def flow(id_: str, source: str, target: str, condition: str | None = None) -> str:
    inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>"
    ends = {"sourceRef": source, "targetRef": target}
    return node("sequenceFlow", id_, "" if condition is None else inner, **ends)


def flows(text: str) -> str:
    """`begun>ask>done begun>x`: plain flows, named after their ends."""
    pairs: list[tuple[str, str]] = []
    for chain in text.split():
        ids = chain.split(">")
        pairs += pairwise(ids)
    return "".join(flow(f"{a}_to_{b}", a, b) for a, b in pairs)


def one_step(*more: str, **attributes: str) -> str:
    """`begun`, `ask`, `done`."""
    return start() + user(**attributes) + end() + flows("begun>ask>done") + "".join(more)


@pytest.fixture
def findings() -> Callable[..., list[tuple[str, str]]]:
    """Element and sentence of everything found in a process made of these parts."""

    def look(*body: str, top: str = "", known: Known = KNOWN) -> list[tuple[str, str]]:
        found = lint(file("".join(body), top), known)
        return [(finding.element, finding.message % finding.values) for finding in found]

    return look
