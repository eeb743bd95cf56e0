"""What the events of a diagram wait for: deadlines, messages, errors and escalations."""

from typing import Any

from workflows import calendar
from workflows.diagrams import checks
from workflows.diagrams.elements import ElementKind, Trigger
from workflows.diagrams.files import local
from workflows.errors import BadDefinition
from workflows.namespaces import NS
from workflows.words import N_

_SUFFIX = "EventDefinition"
_ALLOWED = {
    ElementKind.START: {Trigger.NONE},
    ElementKind.END: {
        Trigger.NONE,
        Trigger.TERMINATE,
        Trigger.ERROR,
        Trigger.ESCALATION,
    },
    ElementKind.CATCH: {Trigger.TIMER, Trigger.MESSAGE},
    ElementKind.BOUNDARY: {
        Trigger.TIMER,
        Trigger.MESSAGE,
        Trigger.ERROR,
        Trigger.ESCALATION,
    },
}


def trigger_of(node: Any, kind: ElementKind) -> Trigger:
    """What the event waits for or does. Raises BadDefinition for what no such event may."""
    if kind == ElementKind.RECEIVE:
        return Trigger.MESSAGE
    if kind not in _ALLOWED:
        return Trigger.NONE
    found = [local(child).removesuffix(_SUFFIX) for child in _definitions(node)]
    named = found[0] if len(found) == 1 else ""
    if len(found) > 1 or named not in _ALLOWED[kind]:
        raise BadDefinition(
            N_("Sự kiện “%(id)s” không dùng được loại “%(type)s”."),
            id=node.get("id"),
            type=", ".join(found),
        )
    return Trigger(named)


def message_of(root: Any, node: Any, trigger: Trigger) -> str:
    """The name of the message that the event waits for."""
    if trigger != Trigger.MESSAGE:
        return ""
    name = _referred(root, node, "message", "name")
    if not name:
        raise BadDefinition(
            N_("Phần tử “%(id)s” phải chờ một thông điệp có tên."), id=node.get("id")
        )
    return name


def timer_of(node: Any, trigger: Trigger) -> int | None:
    """The working days after which the deadline is due."""
    if trigger != Trigger.TIMER:
        return None
    text = node.findtext("b:timerEventDefinition/b:timeDuration", "", NS)
    try:
        return calendar.parse_working_days(text)
    except BadDefinition as error:
        raise checks.at(node, error) from error


def code_of(root: Any, node: Any, kind: ElementKind, trigger: Trigger) -> str:
    """The code of an error or escalation; none on a boundary event means any."""
    if trigger not in {Trigger.ERROR, Trigger.ESCALATION}:
        return ""
    (definition,) = _definitions(node)
    code = _referred(root, node, trigger, f"{trigger}Code")
    if not code and (kind == ElementKind.END or definition.get(f"{trigger}Ref")):
        raise BadDefinition(
            N_("Sự kiện “%(id)s” phải chỉ tới một mã có trong tệp."), id=node.get("id")
        )
    return code


def is_interrupting(node: Any, trigger: Trigger) -> bool:
    """Whether the event ends what it is attached to. An error always does."""
    return trigger == Trigger.ERROR or node.get("cancelActivity") != "false"


def _definitions(node: Any) -> list[Any]:
    return [child for child in node if local(child).endswith(_SUFFIX)]


def _referred(root: Any, node: Any, tag: str, attribute: str) -> str:
    """An attribute of what the node, or the event definition in it, refers to."""
    for holder in (node, *_definitions(node)):
        found = root.xpath(
            f"b:{tag}[@id=$id]/@{attribute}",
            namespaces=NS,
            id=holder.get(f"{tag}Ref") or "",
        )
        if found:
            return str(found[0])
    return ""
