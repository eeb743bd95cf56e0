"""The engine's own reading of a diagram: SpiffWorkflow is asked for the flow alone.

It is shown neither the drawing, whose layout would say in which order conditions are asked, nor
data objects, over some of which its parser never finishes.
"""

import copy
from collections.abc import Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import event_parsers, task_parsers
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import CallActivity, SubWorkflowTask

from workflows.definitions import events, gateways
from workflows.diagrams import Diagram
from workflows.errors import BadDefinition
from workflows.namespaces import NS
from workflows.words import N_

_UNSEEN = """//*[local-name()='BPMNDiagram'] | //b:collaboration | //b:laneSet
    | //b:process[not(@id=$key)] | //b:extensionElements | //b:documentation
    | //b:textAnnotation | //b:association | //b:group | //b:dataObject
    | //b:dataObjectReference | //b:dataStore | //b:dataStoreReference | //b:property
    | //b:dataInputAssociation | //b:dataOutputAssociation | //comment()
    | //processing-instruction()"""


def specs_of(
    diagram: Diagram, sha256: str, called: Mapping[str, str]
) -> tuple[Any, dict[str, Any]]:
    """The specs of the process and of its sub-processes, these by `sha256/id`.

    A call activity refers to the called definition's sha256, given by its key in `called`, so
    that no two processes can mix up their ids.
    """
    parser = _Parser()
    try:
        parser.add_bpmn_xml(_flow_of(diagram))
        spec = parser.get_spec(diagram.key)
        inner = _inner_specs(parser, spec)
    except ValidationException as error:
        raise BadDefinition(
            N_("Không đọc được sơ đồ: %(reason)s"), reason=str(error)
        ) from error
    for part in (spec, *inner.values()):
        for task_spec in part.task_specs.values():
            if isinstance(task_spec, CallActivity):
                task_spec.spec = called[task_spec.spec]
            elif isinstance(task_spec, SubWorkflowTask):
                task_spec.spec = f"{sha256}/{task_spec.spec}"
    return spec, {f"{sha256}/{id_}": part for id_, part in inner.items()}


def _flow_of(diagram: Diagram) -> Any:
    root = copy.deepcopy(diagram.root)
    for node in root.xpath(_UNSEEN, namespaces=NS, key=diagram.key):
        node.getparent().remove(node)
    etree.cleanup_namespaces(root, keep_ns_prefixes=["bpmn"])
    return root


def _inner_specs(parser: BpmnParser, spec: Any) -> dict[str, Any]:
    inner: dict[str, Any] = {}
    ahead = [spec]
    while ahead:
        for task_spec in ahead.pop().task_specs.values():
            is_embedded = isinstance(task_spec, SubWorkflowTask)
            if is_embedded and not isinstance(task_spec, CallActivity):
                inner[task_spec.spec] = parser.get_spec(task_spec.spec)
                ahead.append(inner[task_spec.spec])
    return inner


class _Events:
    """Our events, known by the ids of their elements; those of errors also by their code."""

    node: Any
    process_parser: Any

    def parse_timer_event(self, event: Any) -> events.Deadline:
        del event
        return events.Deadline(self.node.get("id"))

    def parse_message_event(self, event: Any) -> events.Message:
        del event
        return events.Message(self.node.get("id"))

    def parse_error_event(self, event: Any) -> events.Error:
        error = self.process_parser.parser.errors.get(event.get("errorRef")) or {}
        return events.Error(self.node.get("id"), error.get("error_code") or "")

    def parse_escalation_event(self, event: Any) -> events.Escalation:
        known = self.process_parser.parser.escalations
        escalation = known.get(event.get("escalationRef")) or {}
        return events.Escalation(
            self.node.get("id"), escalation.get("escalation_code") or ""
        )


class _BoundaryParser(_Events, event_parsers.BoundaryEventParser):
    def _create_task(self, event_definition: Any, cancel_activity: bool) -> Any:  # noqa: FBT001 - SpiffWorkflow's own
        is_error = isinstance(event_definition, events.Error)
        return super()._create_task(event_definition, cancel_activity or is_error)


class _CatchParser(_Events, event_parsers.IntermediateCatchEventParser):
    pass


class _EndParser(_Events, event_parsers.EndEventParser):
    pass


class _ReceiveParser(_Events, event_parsers.ReceiveTaskParser):
    pass


class _Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {
        full_tag("serviceTask"): (TaskParser, events.ServiceTask),
        full_tag("sendTask"): (TaskParser, events.ServiceTask),
        full_tag("receiveTask"): (_ReceiveParser, defaults.ReceiveTask),
        full_tag("boundaryEvent"): (_BoundaryParser, events.BoundaryEvent),
        full_tag("intermediateCatchEvent"): (
            _CatchParser,
            defaults.IntermediateCatchEvent,
        ),
        full_tag("endEvent"): (_EndParser, defaults.EndEvent),
        full_tag("parallelGateway"): (task_parsers.GatewayParser, gateways.ParallelGateway),
        full_tag("inclusiveGateway"): (
            task_parsers.ConditionalGatewayParser,
            gateways.InclusiveGateway,
        ),
    }
