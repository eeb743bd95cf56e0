"""Notices to units: shown until somebody has read them."""

import pytest

from tests.client import form, text


def test_notice_is_shown_to_the_unit_until_it_is_read(browse, cases):
    client, case = browse("lan.tuphap"), cases["refused"]["own"]
    page = client.get("/nominations")
    assert "Thông báo: không khen Nguyễn Thị Refused" in text(page)
    assert "Một sáng kiến chỉ làm căn cứ cho một lần khen." in text(page)

    answer = form(page, f"/notices/{case.notice}/read").send(client)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/nominations")
    assert "Thông báo: không khen" not in text(client.get("/nominations"))
    assert "Thông báo: không khen" not in text(browse("quang.tuphap").get("/nominations"))


def test_notice_read_twice_keeps_the_first_time(browse, cases, unchanged):
    client, path = browse("lan.tuphap"), f"/notices/{cases['refused']['own'].notice}/read"
    client.post(path)
    with unchanged():
        assert client.post(path).status_code == 303


def test_notice_is_the_units_alone(open_house):
    for login in ("hoa.yte", "duc.vangiang"):
        assert (
            text(open_house(login).get("/nominations")).count("Thông báo: không khen") == 1
        )
    for login in ("nga.noivu", "hoidong", "khoitruong.k01"):
        assert "Thông báo: không khen" not in text(open_house(login).get("/nominations"))


@pytest.mark.parametrize("number", ["0", "99999", "9" * 19, "9" * 30, "-1", "x"])
def test_notice_number_that_is_none_answers_404(open_house, number):
    assert open_house("lan.tuphap").post(f"/notices/{number}/read").status_code == 404
