"""Khối: members with dates, a lead that rotates, and nominations that stay where they began."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from awards import blocks, people, posts, units
from awards.blocks import Handover
from awards.errors import BadChange, NoBlock
from awards.posts import Appointment
from awards.units import Change, NewUnit
from models.organisation import Person, Role, UnitEventKind
from tests import factories
from tests.conftest import NOW
from workflows import calendar
from workflows.errors import NotAllowed

TODAY = calendar.today(NOW)
DAY = timedelta(days=1)
ADMIN = factories.stand_in(990, Role.SYSTEM_ADMIN.value)
YEAR = TODAY.year + 1


def join(db, unit, block, since=TODAY):
    to = blocks.find(db, block) if block else None
    blocks.join(db, to, units.find(db, unit), since=since, decision_number="5/QĐ")


def hand_over(db, head="SO-TP", deputy="SO-YT", by=ADMIN, **changes):
    given = {"valid_from": TODAY, "valid_to": date(TODAY.year, 12, 31)} | changes
    wanted = Handover(head, deputy, decision_number="9/QĐ", **given)
    return blocks.hand_over(db, blocks.find(db, "K01"), wanted, by=by, now=NOW)


def leads(db, login, day=TODAY):
    db.expire_all()
    person = db.scalars(select(Person).where(Person.login == login)).one()
    return people.actor_of(people.find(db, person.id), day).scopes(Role.BLOCK_LEAD)


def test_unit_changes_its_block_and_its_open_nomination_stays(db):
    nomination = factories.begin_at(db, "approve_by_unit")

    join(db, "SO-TP", "K02")

    unit = units.find(db, "SO-TP")
    assert blocks.of(db, unit, TODAY).code == "K02"
    assert blocks.of(db, unit, TODAY - DAY).code == "K01"
    assert [m.block.code for m in blocks.memberships(db, unit)] == ["K02", "K01"]
    factories.answer(db, nomination, "approve")
    assert factories.open_task(db, nomination).queue == "block_lead:K01"
    later = factories.begin(db, name="Người Sau")
    assert later.block.code == "K02"


def test_unit_leaves_all_blocks(db):
    join(db, "SO-TP", "")

    assert blocks.of(db, units.find(db, "SO-TP"), TODAY) is None
    with pytest.raises(NoBlock):
        factories.begin(db)


def test_membership_that_had_not_begun_leaves_no_trace(db):
    units_block = blocks.create(db, "K03", "Khối mới")
    join(db, "SO-TP", "K03", TODAY)
    join(db, "SO-TP", "K02", TODAY)

    assert list(blocks.members(db, units_block)) == []


@pytest.mark.parametrize(
    ("unit", "block", "since", "sentence"),
    [
        ("SO-TP", "K01", TODAY, "đã ở trong Khối này"),
        ("SO-TP", "K02", date(1999, 1, 1), "chưa có hoặc không còn"),
        ("SO-YT", "K02", TODAY, "được xếp Khối từ một ngày sau đó"),
    ],
)
def test_membership_that_makes_no_sense_is_refused(db, unit, block, since, sentence):
    join(db, "SO-YT", "K02", TODAY + 9 * DAY)

    with pytest.raises(BadChange, match=sentence):
        join(db, unit, block, since)


def test_code_of_a_block_is_used_once(db):
    with pytest.raises(BadChange, match="K01"):
        blocks.create(db, "K01", "Khối khác")


def test_heads_of_the_leading_units_lead_the_block_for_that_time(db):
    hand_over(db)

    year_end = date(TODAY.year, 12, 31)
    assert leads(db, "quang.tuphap") == leads(db, "khanh.yte") == {"K01"}
    assert leads(db, "khoitruong.k01") == frozenset()
    assert leads(db, "khoitruong.k01", TODAY - DAY) == {"K01"}
    assert leads(db, "quang.tuphap", year_end + DAY) == frozenset()
    person = db.scalars(select(Person).where(Person.login == "khanh.yte")).one()
    assert person.posts[-1].is_deputy


def test_next_handover_ends_the_one_before_it(db):
    first = hand_over(db, valid_to=date(TODAY.year + 1, 6, 30))

    hand_over(db, "SO-YT", "", valid_from=TODAY + 9 * DAY, valid_to=date(YEAR, 12, 31))

    assert first.valid_to == TODAY + 8 * DAY
    assert leads(db, "quang.tuphap", TODAY + 8 * DAY) == {"K01"}
    assert leads(db, "quang.tuphap", TODAY + 9 * DAY) == frozenset()
    assert leads(db, "khanh.yte", TODAY + 9 * DAY) == {"K01"}
    assert [term.head.code for term in blocks.terms(db, first.block)] == ["SO-YT", "SO-TP"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"head": "XA-VG"}, "phải là thành viên"),
        ({"deputy": "XA-VG"}, "phải là thành viên"),
        ({"deputy": "SO-TP"}, "hai đơn vị khác nhau"),
        ({"valid_to": TODAY - DAY}, "Ngày cuối không thể trước"),
        ({"head": "SO-TC"}, "chưa có thủ trưởng"),
    ],
)
def test_handover_that_makes_no_sense_is_refused(db, changes, sentence):
    before = factories.everything(db)

    with pytest.raises(BadChange, match=sentence), db.begin_nested():
        hand_over(db, **changes)
    assert factories.everything(db) == before


def test_handover_before_one_that_is_recorded_is_refused(db):
    hand_over(db, valid_from=TODAY + DAY)

    with pytest.raises(BadChange, match="đã có bàn giao khác"):
        hand_over(db)


def test_nobody_hands_a_block_to_himself(db):
    person = db.scalars(select(Person).where(Person.login == "quang.tuphap")).one()

    with pytest.raises(NotAllowed), db.begin_nested():
        hand_over(db, by=people.actor_of(person, TODAY))


def test_year_goes_on_with_the_deputy_and_the_next_member(db):
    for code in ("SO-TC", "SO-GDDT", "SO-NNMT", "XA-KC"):
        join(db, code, "", TODAY)
    hand_over(db, "SO-XD", "SO-TP")

    planned = {
        s.block.code: (head, deputy) for s, head, deputy in blocks.next_year(db, YEAR)
    }
    assert planned["K01"] == ("SO-TP", "SO-XD")  # by name: Tư pháp, Xây dựng, Y tế
    done = blocks.open_year(db, YEAR, planned, decision_number="1/QĐ", by=ADMIN, now=NOW)

    assert done == 2
    new_year = date(YEAR, 1, 1)
    assert leads(db, "quang.tuphap", new_year) == {"K01"}
    assert leads(db, "thuy.xaydung", new_year) == {"K01"}  # now its deputy
    standing = next(s for s in blocks.standings(db, new_year) if s.block.code == "K01")
    assert standing.term.decision_number == "1/QĐ"
    assert {u.code for u in standing.members} == {"SO-TP", "SO-YT", "SO-XD"}
    after = blocks.next_year(db, YEAR + 1)
    assert after[0][1] == "SO-XD"


def test_year_of_a_unit_without_a_head_names_the_block(db):
    with pytest.raises(BadChange, match="Khối thi đua các sở"):
        blocks.open_year(
            db, YEAR, {"K01": ("SO-TC", "")}, decision_number="1/QĐ", by=ADMIN, now=NOW
        )


def test_block_without_a_term_or_members_has_none(db):
    blocks.create(db, "K09", "Khối trống")

    standing = next(s for s in blocks.standings(db, TODAY) if s.block.code == "K09")
    assert (standing.members, standing.term) == ([], None)
    assert "K09" not in [s.block.code for s, _h, _d in blocks.next_year(db, YEAR)]


def test_deputy_heads_of_a_unit_do_not_lead(db):
    nam = db.scalars(select(Person).where(Person.login == "nam.xaydung")).one()
    deputy = Appointment(
        Role.UNIT_HEAD, "Phó Giám đốc", "", TODAY, unit="SO-XD", is_deputy=True
    )
    posts.appoint(db, nam.id, deputy, by=ADMIN, now=NOW)

    hand_over(db, "SO-XD", "")

    assert leads(db, "nam.xaydung") == frozenset()
    assert leads(db, "thuy.xaydung") == {"K01"}


@pytest.mark.parametrize("deputy", ["", "SO-XD"])
def test_year_goes_on_with_what_has_become_of_the_next(db, deputy):
    for code in ("SO-TC", "SO-GDDT", "SO-NNMT"):
        join(db, code, "", TODAY)
    hand_over(db, "SO-TP", deputy)
    new = NewUnit("AA-XD", "Sở Xây dựng và Quy hoạch")
    rename = Change(UnitEventKind.RENAME, TODAY, "2/QĐ", ending=("SO-XD",), new=(new,))
    units.record(db, rename, by=ADMIN, now=NOW)
    db.expire_all()

    (_standing, head, following), *_ = blocks.next_year(db, YEAR)

    assert (head, following) == ("AA-XD", "SO-YT")


def test_one_who_heads_two_units_does_not_lead_twice(db):
    quang = db.scalars(select(Person).where(Person.login == "quang.tuphap")).one()
    both = Appointment(Role.UNIT_HEAD, "Giám đốc", "", TODAY, unit="SO-TC")
    posts.appoint(db, quang.id, both, by=ADMIN, now=NOW)

    with pytest.raises(BadChange, match="Đỗ Minh Quang"), db.begin_nested():
        hand_over(db, "SO-TP", "SO-TC")
