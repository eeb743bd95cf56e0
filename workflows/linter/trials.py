"""What the rules have let through is tried on the engine: read, started, and walked through."""

from workflows import definitions, diagrams, engine
from workflows.definitions import Definition
from workflows.errors import WorkflowError
from workflows.linter import walks
from workflows.linter.findings import Finding, found
from workflows.namespaces import BPMN
from workflows.words import N_

_STAND_IN = """<definitions xmlns="{bpmn}" id="file" targetNamespace="stand-in">
  <process id="{key}" isExecutable="true">
    <startEvent id="begun" /><userTask id="ask" /><endEvent id="done" />
    <sequenceFlow id="begin" sourceRef="begun" targetRef="ask" />
    <sequenceFlow id="finish" sourceRef="ask" targetRef="done" />
  </process>
</definitions>"""


def trial(xml: bytes) -> list[Finding]:
    """Read a file as the engine would, start it, go its ways; what stood against it.

    In place of each process that it calls stands one of a single step: theirs were tried before.
    May take for ever and any memory: to be called within limits.
    """
    try:
        called = tuple(_stand_in(key) for key in diagrams.read(xml).calls)
        definition = definitions.parse(xml, called)
        engine.start(definition, {})
    except WorkflowError as error:
        reason = str(error)
    except Exception as error:  # noqa: BLE001 - whatever it stumbles over, the file is to blame
        reason = f"{type(error).__name__}: {error}"
    else:
        return walks.walk(definition)
    return [
        found(
            None,
            N_("Bộ máy không chạy được sơ đồ này: %(reason)s"),
            N_("Sửa phần tử được nêu, hoặc vẽ lại phần đó bằng phần tử khác."),
            reason=reason,
        )
    ]


def _stand_in(key: str) -> Definition:
    return definitions.parse(_STAND_IN.format(bpmn=BPMN, key=key).encode())
