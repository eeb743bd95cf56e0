"""The page on which the department's head extends an appraisal."""

import pytest

from tests.client import form, text


@pytest.fixture
def head(browse):
    return browse("ha.noivu")


def page_of(client, cases, step="appraise"):
    return client.get(f"/nominations/{cases[step]['own'].code}/extension")


def test_extension_is_told_on_the_page(head, cases):
    code = cases["appraise"]["own"].code
    assert "đã dùng" in text(head.get(f"/nominations/{code}"))
    sent = form(page_of(head, cases), f"/nominations/{code}/extension")

    answer = sent.send(head, days="7", reason="Chờ xác nhận.")

    shown = text(head.get(answer.headers["Location"]))
    assert answer.status_code == 303
    assert f"Đã gia hạn thẩm định hồ sơ {code}." in shown
    assert "/27 ngày làm việc" in shown


@pytest.mark.parametrize(
    ("days", "reason"), [("", "x"), ("0", "x"), ("31", "x"), ("năm", "x"), ("5", "")]
)
def test_wrong_extension_is_refused_and_kept(head, cases, unchanged, days, reason):
    code = cases["appraise"]["own"].code
    sent = form(page_of(head, cases), f"/nominations/{code}/extension")
    with unchanged():
        answer = sent.send(head, days=days, reason=reason)

    assert answer.status_code == 422
    assert form(answer, f"/nominations/{code}/extension").fields["days"] == days


def test_period_that_has_ended_offers_no_form(head, cases):
    assert "không gia hạn được" in text(page_of(head, cases, "decide_by_chairman"))
