"""The board: all nominations by stage, counted, filtered, sorted."""

import pytest

from tests.client import heading, parse, text
from tests.stages import STEPS

SORTS = ["nominee", "unit", "block", "stage", "holder", "waited", "due", "status", "code"]


def codes(page):
    return parse(page).xpath("//span[@class='row-code']/text()")


def tiles(page):
    return [int(n) for n in parse(page).xpath("//span[@class='tile-count']/text()")]


def test_board_counts_every_stage_and_every_end(open_house, found):
    page = open_house("hoidong").get("/board")
    total = sum(len(units) for units in found.cases.values())
    ends = parse(page).xpath("//ul[@class='ends']//span/text()")

    assert heading(page) == "Theo dõi"
    assert tiles(page)[0] == total
    assert len(tiles(page)) == 10
    assert sum(tiles(page)[1:]) + sum(int(n) for n in ends) == total
    assert [int(n) for n in ends] == [3, 1, 3, 1, 0]


@pytest.mark.parametrize("step", STEPS)
def test_board_stage_shows_as_many_as_its_tile_says(open_house, found, step):
    page = open_house("hoidong").get(f"/board?stage={step}")
    counted = tiles(page)[1 + list(STEPS).index(step)]

    assert len(codes(page)) == counted
    assert {case.code for case in found.cases[step].values()} <= set(codes(page))


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("unit=SO-YT", 11),
        ("block=K02", 11),
        ("status=awarded", 3),
        ("status=refused", 3),
        ("status=withdrawn", 1),
        ("status=not_selected", 1),
        ("status=returned", 2),
        ("status=bogus", 38),
        ("q=nguyen+awarded", 3),
        ("q=so+y+te&status=awarded", 1),
        ("q=none+such", 0),
    ],
)
def test_board_filters(open_house, query, number):
    assert len(codes(open_house("hoidong").get(f"/board?{query}"))) == number


@pytest.mark.parametrize("sort", SORTS)
def test_board_sorts_both_ways(open_house, sort):
    up = codes(open_house("hoidong").get(f"/board?sort={sort}"))
    down = codes(open_house("hoidong").get(f"/board?sort=-{sort}"))

    assert sorted(up) == sorted(down)
    assert len(up) == len(set(up)) == 38
    assert up != down


@pytest.mark.parametrize(
    ("login", "number"),
    [
        ("lan.tuphap", 16),
        ("khoitruong.k01", 27),
        ("khoitruong.k02", 11),
        ("chutich.ubnd", 38),
    ],
)
def test_board_shows_each_what_they_may_see(open_house, login, number):
    page = open_house(login).get("/board")

    assert len(codes(page)) == number
    assert tiles(page)[0] == number


def test_board_page_beyond_the_last_is_empty_and_says_so(open_house):
    page = open_house("hoidong").get("/board?page=99999999")

    assert codes(page) == []
    assert "Không có hồ sơ nào khớp với bộ lọc." in text(page)
