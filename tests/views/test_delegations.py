"""The page on which a post's work is given to somebody else for a time."""

import re
from datetime import datetime, timedelta

import pytest

from tests.client import declare, form, text
from workflows import calendar

TODAY = calendar.today(datetime.now(calendar.VIETNAM))
WEEK = {
    "valid_from": f"{TODAY:%d/%m/%Y}",
    "valid_to": f"{TODAY + timedelta(days=7):%d/%m/%Y}",
    "legal_basis": "Giấy ủy quyền 5/GUQ-SNV",
}


def open_form(client, holder="Trần Thu Hà"):
    page = client.get("/delegations")
    row = next(
        (row for row in page.text.split("<tr>") if holder in row and "/posts/" in row), ""
    )
    path = re.search(r"/delegations/posts/\d+", row)[0]
    return form(client.get(path), path)


def give(client, to="Nguyễn Thúy Nga", **changes):
    page = open_form(client)
    choice = re.search(rf'<option value="(\d+)">{to}', client.get(page.action).text)[1]
    return page.send(client, delegate=choice, **(WEEK | changes))


def test_head_goes_on_leave_and_another_clears_the_inbox(browse, cases):
    head, other = browse("ha.noivu"), browse("nga.noivu")
    task = f"/tasks/{cases['approve_by_department']['own'].task}"
    assert other.get(task).status_code == 404

    assert give(head).status_code == 303

    declare(other)
    assert other.get(task).status_code == 200
    inbox = text(other.get("/inbox?tab=groups"))
    assert "Bạn đang làm thay: Trần Thu Hà, Phó Giám đốc Sở Nội vụ" in inbox
    assert "làm thay Trần Thu Hà" in inbox
    page = other.get("/delegations")
    assert "đang có hiệu lực" in text(page)
    ended = form(page, re.search(r"/delegations/\d+/end", page.text)[0]).send(other)
    assert ended.status_code == 303
    assert other.get(task).status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"valid_to": "01/01/2020"}, "Ngày cuối không thể trước ngày đầu."),
        ({"valid_from": "32/01/2026"}, "Không phải ngày có thật"),
        ({"valid_to": ""}, "Ghi ngày cuối."),
        ({"legal_basis": " "}, "Ghi số văn bản ủy quyền hoặc phân công."),
    ],
)
def test_delegation_that_cannot_be_says_why_and_keeps_what_was_typed(
    browse, changes, sentence
):
    answer = give(browse("ha.noivu"), **changes)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert f'value="{WEEK["legal_basis"]}"' in answer.text or "legal_basis" in changes


def test_delegation_needs_a_person(browse):
    head = browse("ha.noivu")

    answer = open_form(head).send(head, delegate="", **WEEK)

    assert answer.status_code == 422


def test_sent_twice_is_one(browse):
    head = browse("ha.noivu")
    page = open_form(head)
    choice = re.search(
        r'<option value="(\d+)">Nguyễn Thúy Nga', head.get(page.action).text
    )[1]

    answers = [page.send(head, delegate=choice, **WEEK).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert head.get("/delegations").text.count("5/GUQ-SNV") == 1


def test_administrator_delegates_for_somebody_absent(browse):
    admin = browse("quantri.hethong")
    people = admin.get("/people?q=ha.noivu").text
    page = admin.get(re.search(r"/people/\d+", people)[0])
    path = re.search(r"/delegations/posts/\d+", page.text)[0]
    choices = admin.get(path)
    choice = re.search(r'<option value="(\d+)">Cao Mỹ Linh', choices.text)[1]

    answer = form(choices, path).send(admin, delegate=choice, **WEEK)

    assert answer.status_code == 303
    assert "Cao Mỹ Linh" in text(admin.get("/delegations"))
    assert "Hà Trọng Nghĩa lập" in text(browse("ha.noivu").get("/delegations"))


def test_who_has_no_colleague_is_told(browse):
    clerk = browse("quang.tuphap")

    page = clerk.get(
        re.search(r"/delegations/posts/\d+", clerk.get("/delegations").text)[0]
    )

    assert page.status_code == 200


@pytest.mark.parametrize("path", ["/delegations/posts/99999", "/delegations/posts/1"])
def test_foreign_and_missing_posts_look_the_same(browse, path):
    assert browse("thuy.xaydung").get(path).status_code == 404
