"""Ids and names: running cases and the history quote ids for ever, SpiffWorkflow adds its own."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from workflows.linter.drawings import Drawing, local
from workflows.linter.findings import Finding, found
from workflows.namespaces import BPMN
from workflows.words import N_

MAX_ID = 200
MAX_KEY = 100
MAX_NAME = 300
SHAPE = re.compile(r"[^\W\d][\w.-]*")
TAKEN = {"Start", "End", "Root", "StartEventSplit", "StartEventJoin"}
TAKEN_ENDINGS = (
    ".EndJoin",
    ".BoundaryEventSplit",
    ".BoundaryEventJoin",
    ".BoundaryEventParent",
)
_RENAME = N_("Đặt id khác: chữ, số, gạch dưới, không quá %(limit)s ký tự.")


def check(drawing: Drawing) -> Iterator[Finding]:
    """Ids that are missing, odd, taken or there twice, and names nobody can read."""
    for node in [drawing.process, *_identified(drawing)]:
        limit = MAX_KEY if node is drawing.process else MAX_ID
        yield from _odd(node, limit)
        if len(node.get("name") or "") > MAX_NAME:
            yield found(
                node,
                N_("Tên dài quá %(limit)s ký tự."),
                N_("Rút gọn tên; phần còn lại ghi ở documentation."),
                limit=MAX_NAME,
            )
    yield from _doubled(drawing)


def _identified(drawing: Drawing) -> Iterator[Any]:
    """Flow nodes and flows: what must have an id."""
    yield from (node.xml for node in drawing.nodes.values())
    yield from (flow.xml for flow in drawing.flows)
    yield from drawing.process.iter(f"{{{BPMN}}}lane")


def _odd(node: Any, limit: int) -> Iterator[Finding]:
    id_ = node.get("id") or ""
    if not id_:
        yield found(
            node,
            N_("Một %(tag)s không có id."),
            _RENAME,
            tag=local(node),
            limit=limit,
        )
    elif len(id_) > limit or not SHAPE.fullmatch(id_):
        yield found(node, N_("Id này dài quá hoặc có ký tự lạ."), _RENAME, limit=limit)
    elif id_ in TAKEN or id_.endswith(TAKEN_ENDINGS):
        yield found(node, N_("Id này dành riêng cho hệ thống."), _RENAME, limit=limit)


def _doubled(drawing: Drawing) -> Iterator[Finding]:
    """The same id twice in the file, drawing aside."""
    every = [n for n in drawing.tree.iter(f"{{{BPMN}}}*") if n.get("id")]
    times = Counter(node.get("id") for node in every)
    first = {node.get("id"): node for node in reversed(every)}
    for id_, count in times.items():
        if count > 1:
            yield found(
                first[id_],
                N_("Id này có %(count)s lần trong tệp."),
                N_("Mỗi phần tử một id riêng."),
                count=count,
            )
