"""Diagrams: what a BPMN file says of its steps and flows, in the field's terms.

The conventions are those of `bpmn/README.md`. The first thing that we cannot run as it is drawn is
refused, with the element's id and what to do about it.
"""

from workflows.diagrams.elements import (
    GATEWAYS,
    Diagram,
    Element,
    ElementKind,
    Flow,
    Trigger,
)
from workflows.diagrams.files import MAX_BYTES, translated
from workflows.diagrams.reading import read
from workflows.namespaces import BPMN, CAMUNDA, NS

__all__ = [
    "BPMN",
    "CAMUNDA",
    "GATEWAYS",
    "MAX_BYTES",
    "NS",
    "Diagram",
    "Element",
    "ElementKind",
    "Flow",
    "Trigger",
    "read",
    "translated",
]
