"""A whole movement read from its indexes says the same as the nominations one by one."""

from datetime import timedelta

import pytest

from awards import listings, overview
from awards.demo.catalogue import MOVEMENT
from awards.filters import ALL, Filters
from awards.overview import Count

COUNCIL = "council_member"


@pytest.fixture
def season(world):
    """Seven nominations: four wait, at two steps; three have ended, in two ways."""
    for outcomes in ([], [], ["approve"], ["approve"], ["withdraw"], ["withdraw"]):
        world.walk(*outcomes)
    world.walk("approve", "approve", "not_selected")
    return world


def page(world, **filters):
    return listings.page(world.session, world.actor(COUNCIL), Filters(**filters), world.now)


def codes(found):
    return [row.nomination.code for row in found.rows]


def test_movement_is_counted_as_its_nominations_are(season):
    later = season.now + timedelta(days=30)
    ours = overview.counts(season.session, MOVEMENT, later)
    one_by_one = listings.count_by_stage(
        season.session, season.actor(COUNCIL), Filters(), later
    )

    assert ours == one_by_one
    assert ours == {
        "prepare_nomination": Count(2, 2),
        "approve_by_unit": Count(2, 2),
        "withdrawn": Count(2),
        "not_selected": Count(1),
    }


def test_movement_that_nobody_knows_is_empty(season):
    assert overview.counts(season.session, "none", season.now) == {}
    assert page(season, movement="none").total == 0


@pytest.mark.parametrize(
    "stage", ["", "prepare_nomination", "approve_by_unit", "withdrawn", "appraise"]
)
def test_movement_is_listed_as_its_nominations_are(season, stage):
    whole, one_by_one = (
        page(season, movement=MOVEMENT, stage=stage),
        page(season, stage=stage),
    )

    assert codes(whole) == codes(one_by_one)
    assert whole.total == one_by_one.total


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_pages_of_a_movement_follow_each_other(season, size, monkeypatch):
    everything = codes(page(season))
    monkeypatch.setattr(listings, "PAGE", size)
    pages = [codes(page(season, movement=MOVEMENT, page=n)) for n in range(1, 9)]

    assert [code for found in pages for code in found] == everything


def test_narrowed_movement_is_asked_one_by_one(season):
    assert page(season, movement=MOVEMENT, unit="SO-TP").total == 7
    assert page(season, movement=MOVEMENT, unit="XA-VG").total == 0
    assert page(season, movement=ALL).total == 7
