"""Forms made from what a diagram draws: each kind of field, its limits, its defaults."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from forms import generated
from forms.base import StepContext, make
from workflows.diagrams import Element, ElementKind
from workflows.fields import FieldKind, FormField

NOTE = FormField("note", FieldKind.STRING, "Ghi chú", is_required=True, low=3, high=10)
POINTS = FormField(
    "points", FieldKind.LONG, "Điểm", default="5", is_required=True, low=0, high=9
)
SEEN = FormField("seen", FieldKind.BOOLEAN, "Đã xem", default="true")
DAY = FormField("day", FieldKind.DATE, "Ngày", default="2026-11-23")
RISK = FormField(
    "risk",
    FieldKind.ENUM,
    "Rủi ro",
    default="low",
    choices=(("low", "Thấp"), ("high", "Cao")),
)
FIELDS = (NOTE, POINTS, SEEN, DAY, RISK)
GOOD = {"note": "đủ rồi", "points": "7", "seen": "y", "day": "24/11/2026", "risk": "high"}


def form(*fields, outcomes=("approve", "return"), sent=None):
    element = Element(
        "check",
        ElementKind.USER,
        "Soát",
        form_key="generated:check",
        form_fields=fields or FIELDS,
        outcomes=outcomes,
    )
    context = StepContext(date(2026, 11, 23), drawn=generated.forms({"check": element}))
    formdata = (
        None if sent is None else MultiDict(sent | {"command_key": "k", "revision": "1"})
    )
    return make("generated:check", context, formdata=formdata, meta={"csrf": False})


@pytest.fixture(autouse=True)
def in_request(app):
    with app.test_request_context():
        yield


def test_fields_stand_in_their_order_with_their_labels_and_defaults():
    made = form()

    assert [(f.name, str(f.label.text), f.data) for f in made.drawn_fields] == [
        ("note", "Ghi chú", ""),
        ("points", "Điểm", 5),
        ("seen", "Đã xem", True),
        ("day", "Ngày", date(2026, 11, 23)),
        ("risk", "Rủi ro", "low"),
    ]


def test_content_keeps_everything_and_variables_what_can_decide():
    made = form(sent=GOOD | {"outcome": "approve"})

    assert made.validate()
    assert made.content() == {
        "note": "đủ rồi",
        "points": 7,
        "seen": True,
        "day": "2026-11-24",
        "risk": "high",
        "outcome": "approve",
        "reason": None,
    }
    assert made.variables() == {
        "outcome": "approve",
        "points": 7,
        "seen": True,
        "risk": "high",
    }


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("note", "", "Điền mục này."),
        ("note", "ab", "Ghi ít nhất 3 ký tự."),
        ("note", "x" * 11, "Dài quá 10 ký tự. Rút gọn rồi gửi lại."),
        ("note", "a\x00bcd", "Có ký tự điều khiển không dùng được. Xóa rồi nhập lại."),
        ("points", "", "Điền mục này."),
        ("points", "10", "Ghi số từ 0 đến 9."),
        ("points", "nhiều", "Ghi một số nguyên."),
        ("day", "31/02/2026", "Không phải ngày có thật. Ghi theo dạng ngày/tháng/năm."),
        ("risk", "medium", "Lựa chọn này không có. Chọn một trong các mục."),
    ],
)
def test_limits_hold(name, value, message):
    made = form(sent=GOOD | {"outcome": "approve", name: value})

    assert not made.validate()
    assert {key: [str(e) for e in errors] for key, errors in made.errors.items()} == {
        name: [message]
    }


def test_a_flag_that_must_be_set_is_demanded():
    seen = FormField("seen", FieldKind.BOOLEAN, "Đã xem", is_required=True)

    assert not form(seen, sent={"outcome": "approve"}).validate()
    assert form(seen, sent={"outcome": "approve", "seen": "y"}).validate()


def test_going_back_needs_a_reason_and_nothing_else():
    assert form(sent={"outcome": "return", "reason": "Thiếu căn cứ"}).validate()

    without = form(sent={"outcome": "return"})
    assert not without.validate()
    assert list(without.errors) == ["reason"]


def test_a_step_that_offers_nothing_goes_forward():
    made = form(outcomes=(), sent=GOOD | {"outcome": "approve"})

    assert [choice.value for choice in made.outcome.choices] == ["approve"]
    assert made.validate()


def test_optional_fields_may_be_left_out():
    made = form(
        DAY, RISK, FormField("n", FieldKind.LONG, "Số"), sent={"outcome": "approve"}
    )

    assert made.validate()
    assert made.variables() == {"outcome": "approve", "risk": "low", "n": None}
