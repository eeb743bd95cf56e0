"""The XML namespaces that a diagram is written in."""

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
NS = {"b": BPMN, "c": CAMUNDA}
