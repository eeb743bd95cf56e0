"""Lanes and roles: whose turn it is, at every user task, and one answer each."""

from collections.abc import Iterator

from workflows.linter.drawings import Drawing, Node
from workflows.linter.findings import Finding, Known, found
from workflows.namespaces import BPMN, NS
from workflows.words import N_


def check(drawing: Drawing, known: Known) -> Iterator[Finding]:
    """Lanes first, then the role of each user task."""
    yield from _lanes(drawing)
    lanes = _lane_of(drawing)
    for node in drawing.of("userTask"):
        yield from _role(drawing, node, lanes, known)


def _lanes(drawing: Drawing) -> Iterator[Finding]:
    seen: set[str] = set()
    for lane in drawing.process.iter(f"{{{BPMN}}}lane"):
        if lane.find("b:childLaneSet", NS) is not None:
            yield found(
                lane,
                N_("Làn chứa làn con."),
                N_("Vẽ các làn cùng một cấp: mỗi làn một vai trò."),
            )
        for entry in lane.iterfind("b:flowNodeRef", NS):
            id_ = (entry.text or "").strip()
            if id_ not in drawing.nodes:
                yield found(
                    lane,
                    N_("Làn ghi phần tử “%(id)s” không có trong sơ đồ."),
                    N_("Mở lại trong công cụ vẽ và lưu, hoặc xóa dòng flowNodeRef này."),
                    id=id_,
                )
            elif id_ in seen:
                yield found(
                    drawing.nodes[id_].xml,
                    N_("Phần tử nằm trong hai làn."),
                    N_("Kéo hẳn vào một làn."),
                )
            seen.add(id_)


def _lane_of(drawing: Drawing) -> dict[str, str]:
    """The lane's id, which is a role, by the id of each node in it."""
    return {
        (entry.text or "").strip(): lane.get("id") or ""
        for lane in drawing.process.iter(f"{{{BPMN}}}lane")
        for entry in lane.iterfind("b:flowNodeRef", NS)
    }


def _role(
    drawing: Drawing, node: Node, lanes: dict[str, str], known: Known
) -> Iterator[Finding]:
    """Its own candidate group, its lane, or the lane of a sub-process around it."""
    around = [node.id, *drawing.around(node.scope)]
    lane = next((lanes[id_] for id_ in around if id_ in lanes), "")
    role = node.camunda("candidateGroups") or lane
    if not role:
        yield found(
            node.xml,
            N_("Bước này chưa thuộc làn nào, chưa có vai trò."),
            N_("Đặt vào một làn có id là vai trò, hoặc ghi camunda:candidateGroups."),
        )
    elif role not in known.roles:
        yield found(
            node.xml,
            N_("Không có vai trò “%(role)s”."),
            N_("Dùng một vai trò: %(roles)s."),
            role=role,
            roles=", ".join(sorted(known.roles)),
        )
