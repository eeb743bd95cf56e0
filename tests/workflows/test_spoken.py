"""Conditions in words."""

import pytest

from workflows import spoken
from workflows.errors import BadExpression


def said(text: str) -> str:
    return spoken.condition(
        text,
        say=lambda message, **values: message % values if values else message,
        name={"outcome": "kết quả", "score": "điểm", "late": "trễ hạn"}.__getitem__,
        value=lambda about, held: f"{about}={held}",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("${outcome == 'return'}", "kết quả là outcome=return"),
        ("outcome != null", "kết quả không phải là outcome=None"),
        ("score >= 80 and score < -1", "điểm từ score=80 trở lên và điểm nhỏ hơn score=-1"),
        ("80 < score or late", "score=80 nhỏ hơn điểm hoặc có trễ hạn"),
        ("not (score <= 1)", "không đúng là (điểm không quá score=1)"),
        ("score > late", "điểm lớn hơn trễ hạn"),
        ("late == true", "trễ hạn là late=True"),
        (
            "(late or score > 1) and score < 3",
            "(có trễ hạn hoặc điểm lớn hơn score=1) và điểm nhỏ hơn score=3",
        ),
    ],
)
def test_condition_is_said_as_it_is_meant(text, words):
    assert said(text) == words


def test_what_is_no_condition_is_refused():
    with pytest.raises(BadExpression):
        said("outcome.lower()")
