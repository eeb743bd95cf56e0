"""Drawn forms: what a form can be made from, and what is refused with the field's name."""

import pytest

from tests.workflows.linter.conftest import end, flows, start, user


def step(*fields, id_="ask", key=""):
    form = f"<camunda:formData>{''.join(fields)}</camunda:formData>"
    inside = f"<bpmn:extensionElements>{form}</bpmn:extensionElements>"
    ways = flows(f"begun>{id_}>done")
    return start() + user(id_, inside, camunda_formKey=key) + end() + ways


def field(id_="note", kind="string", inside="", **attributes):
    text = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return (
        f'<camunda:formField id="{id_}" type="{kind}" {text}>{inside}</camunda:formField>'
    )


def limit(name, config=""):
    limits = f'<camunda:constraint name="{name}" config="{config}" />'
    return f"<camunda:validation>{limits}</camunda:validation>"


LOW = '<camunda:value id="low" name="Thấp" />'


@pytest.mark.parametrize(
    "drawn",
    [
        field(),
        field("n1_x", "long", limit("min", "-5"), defaultValue="3"),
        field("f", "boolean", defaultValue="true"),
        field("d", "date", limit("required"), defaultValue="2026-11-23"),
        field("e", "enum", LOW, defaultValue="low"),
        field("s", "string", limit("maxlength", "5")),
        field("FormField_1abc2de"),
    ],
)
def test_sound_field_has_no_findings(findings, drawn):
    assert findings(step(drawn)) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (step(), "Biểu mẫu vẽ có 0 trường, hoặc có trường trùng id."),
        (step(field(), field()), "Biểu mẫu vẽ có 2 trường, hoặc có trường trùng id."),
        (step(field(), key="ask"), "Bước này chưa có biểu mẫu, hoặc có hai."),
        (step(field("")), "Trường “” có id không dùng được."),
        (step(field("a__b")), "Trường “a__b” có id không dùng được."),
        (step(field("ghi_chú")), "Trường “ghi_chú” có id không dùng được."),
        (step(field("unit")), "Trường “unit” có id không dùng được."),
        (step(field(kind="file")), "Trường “note” thuộc loại “file”."),
        (
            step(field(inside=limit("readonly"))),
            "Trường “note” có ràng buộc không dùng được: readonly.",
        ),
        (
            step(field(inside=limit("min", "1"))),
            "Trường “note” có ràng buộc không dùng được: min.",
        ),
        (
            step(field(inside=limit("maxlength", "x"))),
            "Trường “note” có ràng buộc không dùng được: maxlength.",
        ),
        (
            step(field(inside=limit("validator", "com.Evil"))),
            "Trường “note” có ràng buộc không dùng được: validator.",
        ),
        (step(field("e", "enum")), "Trường “e” chưa có các lựa chọn rõ ràng."),
        (step(field("e", "enum", LOW + LOW)), "Trường “e” chưa có các lựa chọn rõ ràng."),
        *[
            (
                step(field("x", kind, LOW if kind == "enum" else "", defaultValue=value)),
                "Trường “x” có giá trị mặc định không hợp lệ.",
            )
            for kind, value in [
                ("long", "three"),
                ("boolean", "yes"),
                ("date", "23/11/2026"),
                ("enum", "high"),
                ("string", "${initiator}"),
            ]
        ],
    ],
)
def test_odd_field_is_refused_by_name(findings, body, message):
    assert findings(body) == [("ask", message)]


def test_a_step_with_a_drawn_form_has_a_short_id(findings):
    ((_element, message),) = findings(step(field(), id_="a" * 81))

    assert message == "Id của bước có biểu mẫu vẽ dài quá 80 ký tự."
