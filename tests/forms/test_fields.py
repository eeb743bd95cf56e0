"""Fields one by one: what they understand, what they say."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from forms.fields import (
    ChoiceField,
    Required,
    VietnameseDateField,
    WholeNumberField,
    line,
    paragraph,
    plain,
)


class Sample(Form):
    name = line("Tên", limit=10)
    story = paragraph("Chuyện", limit=20)
    needed = line("Cần", Required("Ghi đi."))
    day = VietnameseDateField("Ngày")
    points = WholeNumberField("Điểm", low=0, high=30)
    kind = ChoiceField("Loại", {"a": "A", "b": "B"})


@pytest.fixture
def fill(app):
    """`fill(day="1/2/2026")` gives the form, validated."""

    def filled(**fields):
        with app.test_request_context():
            form = Sample(MultiDict({"needed": "x", "kind": "a"} | fields))
            form.validate()
            return form

    return filled


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("23/11/2026", date(2026, 11, 23)),
        ("3/2/2026", date(2026, 2, 3)),
        (" 03/02/2026 ", date(2026, 2, 3)),
        ("2026-02-03", date(2026, 2, 3)),
        ("29/02/2024", date(2024, 2, 29)),
        ("01/01/1900", date(1900, 1, 1)),
        ("31/12/2200", date(2200, 12, 31)),
        ("", None),
        ("   ", None),
    ],
)
def test_date_is_understood(fill, typed, understood):
    form = fill(day=typed)

    assert form.day.data == understood
    assert form.errors == {}


@pytest.mark.parametrize(
    "typed",
    [
        "31/02/2026",
        "29/02/2025",
        "32/1/2026",
        "1/13/2026",
        "abc",
        "99999-1-1",
        "1/1/26/1",
        "\0",
    ],
)
def test_date_that_is_none_is_refused_and_stays_as_typed(fill, typed):
    form = fill(day=typed)

    assert form.day.data is None
    assert [str(e) for e in form.day.errors] == [
        "Không phải ngày có thật. Ghi theo dạng ngày/tháng/năm."
    ]
    assert form.day._value() == typed


@pytest.mark.parametrize("typed", ["31/12/1899", "01/01/2201", "01/01/0001", "31/12/9999"])
def test_date_of_another_age_is_refused(fill, typed):
    assert [str(e) for e in fill(day=typed).day.errors] == [
        "Năm phải trong khoảng 1900 đến 2200."
    ]


@pytest.mark.parametrize(
    ("typed", "understood"), [("0", 0), ("30", 30), (" 7 ", 7), ("007", 7), ("", None)]
)
def test_whole_number_is_understood(fill, typed, understood):
    form = fill(points=typed)

    assert form.points.data == understood
    assert form.errors == {}


@pytest.mark.parametrize(
    "typed", ["abc", "1.5", "1,5", "1e3", "--1", "-", "9" * 10, "²", "5\0", "0x1"]
)
def test_whole_number_that_is_none_is_refused_and_stays_as_typed(fill, typed):
    form = fill(points=typed)

    assert form.points.data is None
    assert [str(e) for e in form.points.errors] == ["Ghi một số nguyên."]
    assert form.points._value() == typed


@pytest.mark.parametrize("typed", ["31", "-1", "999999999"])
def test_whole_number_out_of_range_is_refused(fill, typed):
    assert [str(e) for e in fill(points=typed).points.errors] == ["Ghi số từ 0 đến 30."]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  An   Bình ", "An Bình"),
        ("An\nBình", "An Bình"),
        ("e\u0302\u0301", "ế"),
        ("", ""),
    ],
)
def test_line_is_one_line_in_one_normal_form(fill, typed, kept):
    assert fill(name=typed).name.data == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" a\r\n\r\nb ", "a\n\nb"), ("e\u0302\u0301", "ế"), ("a\tb", "a\tb")],
)
def test_paragraph_keeps_its_lines(fill, typed, kept):
    form = fill(story=typed)

    assert form.story.data == kept
    assert form.errors == {}


def test_length_is_counted_after_composing(fill):
    assert fill(name="e\u0302\u0301" * 10).errors == {}
    assert [str(e) for e in fill(name="a" * 11).name.errors] == [
        "Dài quá 10 ký tự. Rút gọn rồi gửi lại."
    ]


@pytest.mark.parametrize("code", [0, 1, 7, 8, 11, 12, 14, 27, 31, 127, 128, 155])
def test_control_characters_are_refused(fill, code):
    sentence = "Có ký tự điều khiển không dùng được. Xóa rồi nhập lại."
    form = fill(story=f"a{chr(code)}b")

    assert [str(error) for error in form.story.errors] == [sentence]


@pytest.mark.parametrize("typed", ["", " ", "\n", "\u00a0", "\u3000"])
def test_required_line_is_not_blank(fill, typed):
    assert [str(error) for error in fill(needed=typed).needed.errors] == ["Ghi đi."]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("c", "Lựa chọn này không có. Chọn một trong các mục."),
        ("A", "Lựa chọn này không có. Chọn một trong các mục."),
        ("", "Chọn một trong các mục."),
    ],
)
def test_choice_outside_the_list_is_refused(fill, typed, sentence):
    assert [str(error) for error in fill(kind=typed).kind.errors] == [sentence]


@pytest.mark.parametrize(
    ("value", "kept"),
    [(date(2026, 2, 3), "2026-02-03"), (None, None), ("a", "a"), (5, 5), (True, True)],
)
def test_plain_value_is_json(value, kept):
    assert plain(value) == kept
