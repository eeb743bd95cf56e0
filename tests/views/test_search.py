"""The page of the search: groups, straight ways, and nothing of what one may not see."""

import re

import pytest
from sqlalchemy import delete, update

from models import session as sessions
from models.awards import Nomination
from models.search import EnteredText
from tests.client import heading, parse, text
from views import web


def groups(page):
    """What the page counts, group by group."""
    found = parse(page).xpath("//section[h2/span[@class='count']]")
    return {one.get("id"): int(one.xpath("string(h2/span)")) for one in found}


def test_page_without_a_question_says_what_can_be_found(open_house):
    page = open_house("hoidong").get("/search")

    assert heading(page) == "Tìm kiếm"
    assert "Tên và mã, kể cả tên cũ" in text(page)
    assert "Không tìm thấy" in text(open_house("hoidong").get("/search?q=khong+co+ai"))


def test_results_are_grouped_and_lead_to_the_lists(open_house, cases):
    client = open_house("hoidong")
    page = client.get("/search?q=so+tu")

    assert {"nominations", "units"} <= groups(page).keys()
    (more,) = parse(page).xpath("//section[@id='nominations']/p/a/@href")
    assert f"{groups(page)['nominations']} hồ sơ" in text(client.get(more))
    assert "nominations" not in groups(open_house("duc.vangiang").get("/search?q=so+tu"))


def test_whole_code_and_number_lead_straight_there(open_house, cases):
    code = cases["appraise"]["own"].code
    own, far = open_house("lan.tuphap"), open_house("duc.vangiang")
    decision = parse(open_house("hoidong").get("/decisions")).xpath("//th/a[1]")[0]

    assert (
        own.get(f"/search?q={code.lower()}").headers["Location"] == f"/nominations/{code}"
    )
    assert groups(far.get(f"/search?q={code}")) == {}
    answer = open_house("hoidong").get("/search", query_string={"q": decision.text})
    assert answer.headers.get("Location", decision.get("href")) == decision.get("href")


def test_what_was_entered_is_shown_escaped_with_the_words_marked(open_house, cases):
    client = open_house("hoidong")
    page = client.get("/search?q=nhat+tri&entered=1")

    marked = parse(page).xpath("//ul[@class='found']//mark/text()")
    assert {word.lower() for word in marked} >= {"nhất", "trí"}
    assert len(re.findall(r"/nominations/HS-", page.text)) > 1
    assert client.get("/search?q=nhat+tri&entered=1&page=99999").status_code == 200


@pytest.mark.parametrize(
    "q", ["%00", "%25", "%FF", "a" * 9_000, "'%20OR%201=1", "%F0%9F%98%80"]
)
def test_odd_questions_are_answered(open_house, q):
    assert open_house("hoidong").get(f"/search?q={q}").status_code == 200


def test_command_writes_anew_by_what_everything_is_found(app, browse):
    with app.app_context(), sessions.transaction(web.db.engine) as session:
        session.execute(update(Nomination).values(search_text="khac"))
        session.execute(delete(EnteredText))
    client = browse("hoidong")
    assert groups(client.get("/search?q=nhat+tri+de")) == {}

    told = app.test_cli_runner().invoke(args=["search", "rebuild"])

    assert told.stdout.endswith("nominations can be found.\n")
    assert {"nominations"} <= groups(client.get("/search?q=so+tu+phap")).keys()
    assert groups(client.get("/search?q=nhat+tri"))["texts"] > 0
