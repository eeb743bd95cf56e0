"""Filters kept under a name: opened, shared with a role, changed by their owner alone."""

import re

import pytest

from tests.client import form, parse, text

OWNER, SHARED_WITH, OTHER = "hoidong", "thanhtra", "lan.tuphap"
ADDRESS = "/board?stage=appraise&movement=all&q=lan"


def save(client, page, **fields):
    shown = client.get(page)
    action = parse(shown).xpath("//form[starts-with(@action, '/board/views')]/@action")[0]
    return form(shown, action).send(client, **fields)


def views(client):
    """Names and addresses of the views that a person is offered on the board."""
    menu = parse(client.get("/board")).xpath(
        "//details[contains(@class, 'saved-views')]//a[@class='menu-item']"
    )
    return {link.text.strip(): link.get("href") for link in menu}


def number(client):
    actions = parse(client.get("/board/views")).xpath("//form/@action")
    return next(int(n) for a in actions for n in re.findall(r"^/board/views/(\d+)$", a))


@pytest.fixture
def owner(browse):
    client = browse(OWNER)
    answer = save(client, ADDRESS, name="  Thẩm định ", role="auditor")
    assert answer.status_code == 303
    return client


def test_a_view_opens_what_was_saved_without_the_words_searched_for(owner):
    opened = views(owner)["Thẩm định"]

    assert opened == "/board?stage=appraise&movement=all"
    assert owner.get(opened).status_code == 200


def test_a_view_is_offered_to_its_role_and_shows_each_their_own(browse, owner):
    assert list(views(browse(SHARED_WITH))) == ["Thẩm định"]
    assert views(browse(OTHER)) == {}


def test_the_same_name_again_takes_its_place(owner):
    answer = save(owner, "/board/overview?stage=appraise", name="Thẩm định", role="")

    assert answer.headers["Location"].startswith("/board/overview?")
    assert list(views(owner)) == ["Thẩm định"]
    assert views(owner)["Thẩm định"].startswith("/board/overview?")


def test_only_the_owner_renames_shares_and_deletes(browse, owner):
    view, other = number(owner), browse(SHARED_WITH)
    fields = {"name": "Khác", "role": ""}

    assert other.post(f"/board/views/{view}", data=fields).status_code == 404
    assert other.post(f"/board/views/{view}/delete").status_code == 404
    assert owner.post(f"/board/views/{view}", data=fields).status_code == 303
    assert list(views(owner)) == ["Khác"]
    assert views(other) == {}
    assert owner.post(f"/board/views/{view}/delete").status_code == 303
    assert owner.post(f"/board/views/{view}/delete").status_code == 404
    assert views(owner) == {}


def test_names_of_one_person_differ(owner):
    save(owner, "/board", name="Tất cả", role="")
    answer = owner.post(
        f"/board/views/{number(owner)}", data={"name": "Tất cả", "role": ""}
    )

    assert answer.status_code == 422
    assert "Đã có chế độ xem tên “Tất cả”" in text(answer)


@pytest.mark.parametrize(
    "fields", [{"name": " ", "role": ""}, {"name": "A", "role": "king"}]
)
def test_what_cannot_be_saved_is_told(browse, fields):
    answer = save(browse(OWNER), "/board", **fields)

    assert answer.status_code == 422
    assert "Cần sửa trước khi gửi" in text(answer)
