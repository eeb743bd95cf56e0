"""The inbox: what waits for whom, filtered."""

import pytest

from tests.client import form, heading, parse, text
from tests.stages import STEPS

QUERIES = [
    "page=0",
    "page=-1",
    "page=abc",
    "page=99999999999999999999",
    "page=²",
    "page=1&page=2",
    "tab=bogus",
    "tab=%00",
    "q=%00",
    "q=%25%25%5F",
    "q=%FF%FE",
    "q=" + "a" * 100_000,
    "movement=%00",
    "unit=bogus",
    "step=bogus",
    "overdue=0",
    "q[]=1",
    "&&&===",
    "%00=%00",
    "q=%CC%81",
    "q=%E2%80%8B",
    "q='%20OR%201=1",
    "sort=bogus",
    "status=bogus",
]


def codes(response):
    return set(parse(response).xpath("//span[@class='row-code']/text()"))


@pytest.mark.parametrize(("step", "login"), STEPS.items())
def test_inbox_of_a_role_holds_what_waits_there(open_house, cases, step, login):
    page = open_house(login).get("/inbox?tab=groups")

    near = {"own"} if step in ("prepare_nomination", "approve_by_unit") else {"own", "near"}
    seen = (
        near if step == "review_by_block" else near | ({"far"} if "near" in near else set())
    )
    at_step = {case.code for unit, case in cases[step].items() if unit in seen}
    assert codes(page) >= at_step
    rows = parse(page).xpath("//tbody/tr")
    count = parse(page).xpath("string(//nav[@class='tabs']/a[2]/span/span[1])")
    assert str(len(rows)) == count
    assert heading(page) == "Việc của tôi"


def test_inbox_tabs_move_a_task_from_the_group_to_mine_to_done(browse, cases):
    client, case = browse("tuan.noivu"), cases["appraise"]["own"]
    assert case.code in codes(client.get("/inbox?tab=groups"))

    client.post(f"/tasks/{case.task}/claim")

    assert case.code not in codes(client.get("/inbox?tab=groups"))
    assert codes(client.get("/inbox?tab=mine")) == {case.code}
    assert codes(client.get("/inbox")) == {case.code}
    done = codes(client.get("/inbox?tab=done"))
    assert case.code not in done

    answer = form(client.get(f"/tasks/{case.task}"))
    answer.send(
        client, outcome="return", return_items="Biên bản", supplement_by="31/12/2199"
    )

    assert codes(client.get("/inbox?tab=done")) == done | {case.code}
    assert codes(client.get("/inbox?tab=mine")) == set()


def test_inbox_without_a_tab_opens_where_something_waits(open_house, cases):
    page = open_house("tuan.noivu").get("/inbox")

    assert cases["appraise"]["own"].code in codes(page)
    assert (
        parse(page)
        .xpath("string(//nav[@class='tabs']/a[@aria-current])")
        .startswith("Nhóm")
    )


@pytest.mark.parametrize(
    "q", ["Nguyễn Thị Appraise", "nguyen thi appraise", "NGUYEN APPRAISE", "appr"]
)
def test_inbox_search_finds_with_and_without_marks(open_house, cases, q):
    found = codes(
        open_house("tuan.noivu").get("/inbox", query_string={"tab": "groups", "q": q})
    )
    assert found == {case.code for case in cases["appraise"].values()}


@pytest.mark.parametrize(
    ("query", "units"),
    [
        ({"unit": "SO-TP"}, {"own"}),
        ({"unit": "XA-VG"}, {"far"}),
        ({"movement": "VHCS-2025"}, {"own", "near", "far"}),
        ({"movement": "none"}, set()),
        ({"step": "appraise"}, {"own", "near", "far"}),
        ({"step": "check_by_office"}, set()),
        ({"q": "none such"}, set()),
        ({"overdue": "1"}, set()),
    ],
)
def test_inbox_filters(open_house, cases, query, units):
    page = open_house("tuan.noivu").get("/inbox", query_string={"tab": "groups"} | query)
    assert codes(page) == {cases["appraise"][unit].code for unit in units}


def test_inbox_header_counts_what_waits(open_house):
    page = open_house("tuan.noivu").get("/inbox")
    assert parse(page).xpath("string(//header//span[@class='count']/span[1])") == "3"


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(
    ("login", "path"),
    [
        ("tuan.noivu", "/inbox"),
        ("tuan.noivu", "/board"),
        ("lan.tuphap", "/nominations"),
        ("lan.tuphap", "/imports"),
        ("thanhtra", "/history"),
    ],
)
def test_lists_take_any_query(open_house, login, path, query):
    assert open_house(login).get(f"{path}?{query}").status_code == 200


@pytest.mark.parametrize("tab", ["mine", "groups", "done"])
def test_inbox_that_is_empty_says_so(open_house, tab):
    page = text(open_house("yen.phohien").get(f"/inbox?tab={tab}"))
    sentences = {
        "mine": "Không còn việc nào chờ bạn.",
        "groups": "Nhóm của bạn không còn việc nào.",
        "done": "Bạn chưa hoàn thành việc nào.",
    }
    assert sentences[tab] in page
