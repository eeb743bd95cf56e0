"""Form fields drawn on user tasks: kinds, names and limits that a form can be made from."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from workflows.fields import FieldKind, constraints
from workflows.linter.drawings import Drawing, Node
from workflows.linter.findings import Finding, Known, found
from workflows.namespaces import NS
from workflows.words import N_

MAX_FIELDS = 50
MAX_STEP_ID = 80
MAX_DIGITS = 9
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")
LIMITS = {
    FieldKind.STRING: {"required", "minlength", "maxlength"},
    FieldKind.LONG: {"required", "min", "max"},
    FieldKind.BOOLEAN: {"required"},
    FieldKind.DATE: {"required"},
    FieldKind.ENUM: {"required"},
}
_NUMBER = re.compile(rf"-?[0-9]{{1,{MAX_DIGITS}}}")


def check(drawing: Drawing, known: Known) -> Iterator[Finding]:
    """The drawn form of every user task that has one."""
    for node in drawing.of("userTask"):
        entries = node.xml.findall("b:extensionElements/c:formData/c:formField", NS)
        data = node.xml.find("b:extensionElements/c:formData", NS)
        if data is not None:
            yield from _form(node, entries)
        for entry in entries:
            yield from _name(node, entry, known)
            yield from _kind(node, entry)


def _form(node: Node, entries: list[Any]) -> Iterator[Finding]:
    names = [entry.get("id") for entry in entries]
    if not 0 < len(entries) <= MAX_FIELDS or len(names) != len(set(names)):
        yield found(
            node.xml,
            N_("Biểu mẫu vẽ có %(count)s trường, hoặc có trường trùng id."),
            N_("Vẽ từ 1 đến %(limit)s trường, mỗi trường một id."),
            count=len(entries),
            limit=MAX_FIELDS,
        )
    if len(node.id) > MAX_STEP_ID:
        yield found(
            node.xml,
            N_("Id của bước có biểu mẫu vẽ dài quá %(limit)s ký tự."),
            N_("Đặt id ngắn hơn."),
            limit=MAX_STEP_ID,
        )


def _name(node: Node, entry: Any, known: Known) -> Iterator[Finding]:
    id_ = entry.get("id") or ""
    if not NAME.fullmatch(id_) or len(id_) > MAX_STEP_ID or id_ in known.reserved:
        yield found(
            node.xml,
            N_("Trường “%(field)s” có id không dùng được."),
            N_(
                "Đặt id bằng chữ không dấu, số, gạch dưới đơn; tên này có thể đã được dùng riêng."
            ),
            field=id_,
        )


def _kind(node: Node, entry: Any) -> Iterator[Finding]:
    id_, text = entry.get("id") or "", entry.get("type") or ""
    if text not in set(FieldKind):
        yield found(
            node.xml,
            N_("Trường “%(field)s” thuộc loại “%(kind)s”."),
            N_("Dùng string, long, boolean, date hoặc enum."),
            field=id_,
            kind=text,
        )
        return
    kind, limits = FieldKind(text), constraints(entry)
    odd = set(limits) - LIMITS[kind]
    odd |= {
        name
        for name in limits
        if name != "required" and not _NUMBER.fullmatch(limits[name])
    }
    if odd:
        yield found(
            node.xml,
            N_("Trường “%(field)s” có ràng buộc không dùng được: %(limits)s."),
            N_("Dùng required; min, max cho số; minlength, maxlength cho chữ."),
            field=id_,
            limits=", ".join(sorted(odd)),
        )
    choices = [value.get("id") or "" for value in entry.iterfind("c:value", NS)]
    if kind == FieldKind.ENUM and (not all(choices) or not choices or _repeats(choices)):
        yield found(
            node.xml,
            N_("Trường “%(field)s” chưa có các lựa chọn rõ ràng."),
            N_("Ghi từng lựa chọn, mỗi lựa chọn một id."),
            field=id_,
        )
    if not _fits(kind, entry.get("defaultValue") or "", choices):
        yield found(
            node.xml,
            N_("Trường “%(field)s” có giá trị mặc định không hợp lệ."),
            N_("Ghi giá trị đúng loại (ngày dạng 2026-11-23), hoặc để trống."),
            field=id_,
        )


def _repeats(values: list[str]) -> bool:
    return len(values) != len(set(values))


def _fits(kind: FieldKind, default: str, choices: list[str]) -> bool:
    match kind:
        case _ if not default:
            return True
        case FieldKind.LONG:
            return _NUMBER.fullmatch(default) is not None
        case FieldKind.BOOLEAN:
            return default in {"true", "false"}
        case FieldKind.ENUM:
            return default in choices
        case FieldKind.DATE:
            return _is_date(default)
        case FieldKind.STRING:
            return "${" not in default


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
