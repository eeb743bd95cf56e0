"""The auditor's pages: every event with its hash, and whether it holds."""

import pytest
from sqlalchemy import text as sql

from models.session import reading, transaction
from tests.client import heading, parse, text
from views.web import db


def tamper(app, statement):
    with app.app_context(), transaction(db.engine) as session:
        names = session.execute(
            sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        )
        for (name,) in names.all():
            session.execute(sql(f"DROP TRIGGER {name}"))
        session.execute(sql(statement))


def test_history_lists_every_nomination_with_its_head(open_house, found):
    page = open_house("thanhtra").get("/history")
    with open_house.app.app_context(), reading(db.engine) as session:
        heads = (
            session.execute(sql("SELECT history_head FROM process_instance"))
            .scalars()
            .all()
        )
    shown = parse(page).xpath("//tbody//code/text()")

    assert heading(page) == "Kiểm tra lịch sử"
    assert sorted(shown) == sorted(head[:10] for head in heads)


def test_history_of_one_shows_events_in_order_with_their_hashes(open_house, found):
    page = open_house("thanhtra").get(
        f"/nominations/{found.cases['awarded']['own'].code}/history"
    )
    rows = parse(page).xpath("(//tbody)[1]/tr")

    assert [row.xpath("string(td[1])") for row in rows] == [
        str(n + 1) for n in range(len(rows))
    ]
    assert {len(row.xpath("string(.//details/code)")) for row in rows} == {64}
    assert rows[0].xpath("string(th)").strip() == "Lập hồ sơ"
    assert rows[-3].xpath("string(th)").split() == ["Kết", "thúcĐược", "khen"]
    assert rows[-2].xpath("string(th)").strip() == "Đưa lên văn bản đã ký"
    assert rows[-1].xpath("string(th)").strip() == "Đăng điển hình"


@pytest.mark.parametrize(
    "path", ["/history?verify=1", "/nominations/{code}/history?verify=1"]
)
def test_history_that_holds_is_called_whole(open_house, found, path):
    page = open_house("thanhtra").get(path.format(code=found.cases["awarded"]["own"].code))
    assert "Nguyên vẹn." in text(page)


def test_history_that_was_touched_names_the_first_bad_event(app, browse, cases):
    case = cases["awarded"]["own"]
    with app.app_context(), reading(db.engine) as session:
        query = sql("SELECT instance_id FROM nomination WHERE code = :code")
        instance = session.scalar(query, {"code": case.code})
    changed = "UPDATE history_event SET body = replace(body, 'approve', 'refuse')"
    tamper(app, f"{changed} WHERE sequence >= 4 AND instance_id = {instance}")
    client = browse("thanhtra")

    whole = client.get("/history?verify=1")
    page = client.get(f"/nominations/{case.code}/history?verify=1")

    assert "Lịch sử đã bị sửa." in text(whole)
    assert f"của hồ sơ {case.code}" in text(whole)
    bad = parse(page).xpath("//tr[@class='is-bad']")
    assert len(bad) == 1
    assert "không khớp" in bad[0].text_content()


def test_history_search_finds_without_marks(open_house, found):
    page = open_house("thanhtra").get("/history?q=nguyen+appraise")
    assert len(parse(page).xpath("//tbody/tr")) == 3
