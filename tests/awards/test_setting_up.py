"""What a province lacks before its first nomination, told part by part."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from awards import blocks, setting_up
from awards.errors import BadChange
from awards.setting_up import Part
from models.awards import LegalBasis
from models.organisation import Post, Role
from tests import factories
from tests.conftest import NOW
from workflows import calendar

TODAY = calendar.today(NOW)
ADMIN = factories.stand_in(990, Role.SYSTEM_ADMIN.value)


def end_posts(db, role):
    ended = TODAY - timedelta(days=1)
    db.execute(update(Post).where(Post.role == role).values(valid_to=ended))


def test_demo_province_lacks_nothing(db):
    state = setting_up.state(db, TODAY)

    assert state.is_whole
    assert state.roles == []


def test_role_that_nobody_holds_is_named(db):
    end_posts(db, Role.RECORDS_CLERK)

    state = setting_up.state(db, TODAY)

    assert set(Part) - state.done == {Part.PEOPLE}
    assert state.roles == [Role.RECORDS_CLERK]


def test_block_without_a_lead_and_law_that_is_missing_are_told(db):
    end_posts(db, Role.BLOCK_LEAD)
    db.execute(delete(LegalBasis))

    assert set(Part) - setting_up.state(db, TODAY).done == {Part.LEADS, Part.LAW}


def test_year_that_has_begun_is_opened_for_blocks_that_nobody_leads(db):
    year = TODAY.year
    since = blocks.first_day(year, TODAY)
    assert blocks.next_year(db, year, since) == []
    end_posts(db, Role.BLOCK_LEAD)
    waiting = {s.block.code for s, _head, _deputy in blocks.next_year(db, year, since)}

    leads = {"K01": ("SO-TP", ""), "K02": ("", "")}
    done = blocks.open_year(db, year, leads, decision_number="1/QĐ", by=ADMIN, now=NOW)

    term = next(s.term for s in blocks.standings(db, TODAY) if s.block.code == "K01")
    assert waiting == {"K01", "K02"}
    assert done == 1
    assert (term.head.code, term.valid_from) == ("SO-TP", TODAY)
    left = [s.block.code for s, _head, _deputy in blocks.next_year(db, year, since)]
    assert left == ["K02"]


def test_year_without_any_lead_is_refused(db):
    with pytest.raises(BadChange, match="ít nhất một Khối"):
        blocks.open_year(
            db, TODAY.year, {"K01": ("", "")}, decision_number="1/QĐ", by=ADMIN, now=NOW
        )
