"""Notices of results: who is awarded, who is not and why, what a revocation and a wait change."""

import pytest

from awards import amendments, appraisals, decisions, result_notices
from models.organisation import Unit
from models.papers import DecisionKind
from tests import factories
from tests.conftest import NOW
from workflows import calendar

TODAY = calendar.today(NOW)


@pytest.fixture
def told(db):
    """An awarded nomination, one refused by the department, and one that waits, of one unit."""
    awarded = factories.begin_at(db, "issue_decision")
    factories.answer(db, awarded)
    refused = factories.begin_at(db, "approve_by_department")
    factories.answer(db, refused, "refuse")
    factories.begin(db)
    return awarded, refused


def groups(found):
    return {g["heading"]: [row[1:] for row in g["rows"]] for g in found["groups"]}


def test_a_decision_tells_who_is_awarded_and_who_is_not(db, told):
    awarded, _refused = told
    decision = decisions.of_nomination(db, awarded.id)
    found = result_notices.of_decision(db, decision, awarded.unit, TODAY)

    name = "Trần Thị Đào"
    assert [unit.code for unit in result_notices.units_of(db, decision)] == ["SO-TP"]
    assert list(groups(found)) == [
        "I. ĐƯỢC KHEN THƯỞNG (01)",
        "II. KHÔNG ĐƯỢC KHEN THƯỞNG (01)",
    ]
    (yes,), (no,) = groups(found).values()
    assert name in yes[0]
    assert yes[2] == decision.symbol
    assert no[1:] == ["Không khen", "Một sáng kiến chỉ làm căn cứ cho một lần khen."]
    assert set(found) == set(result_notices.RESULTS.words)


def test_a_season_tells_what_still_waits_and_every_unit_with_an_outcome(db, told):
    awarded, _refused = told
    found = result_notices.of_season(db, awarded.movement, awarded.unit, TODAY)

    assert found["closing"][0].startswith("Còn 01 trường hợp")
    assert [u.code for u in result_notices.units_in(db, awarded.movement)] == ["SO-TP"]
    pairs = result_notices.seasons_of(db, {"SO-TP"})
    assert [(movement.id, unit.code) for movement, unit in pairs] == [
        (awarded.movement_id, "SO-TP")
    ]
    assert result_notices.seasons_of(db, {"SO-YT"}) == []


def test_who_was_revoked_is_not_told_of_as_awarded(db, told):
    awarded, _refused = told
    decision = decisions.of_nomination(db, awarded.id)
    draft = amendments.prepare(
        db,
        decision.id,
        DecisionKind.REVOCATION,
        {awarded.id: {}},
        reason="Kê khai gian dối.",
        actor=factories.actor(db, "department_specialist"),
        command_key=factories.command_key(),
        now=NOW,
    )
    amendments.sign(db, draft.id, actor=factories.actor(db, "chairman"), now=NOW)
    revocation = amendments.issue(
        db, draft.id, actor=factories.actor(db, "records_clerk"), now=NOW
    )
    found = result_notices.of_season(db, awarded.movement, awarded.unit, TODAY)

    assert list(groups(found)) == ["I. KHÔNG ĐƯỢC KHEN THƯỞNG (01)"]
    assert (revocation.template_version, len(revocation.template_sha256)) == (0, 64)


def test_only_the_unit_and_the_provinces_offices_read_a_notice(db):
    unit = db.query(Unit).filter_by(code="SO-TP").one()
    readers = {
        queue: result_notices.may_read(factories.actor(db, queue), unit)
        for queue in (
            "unit_head:SO-TP",
            "unit_head:SO-YT",
            "block_lead:K01",
            "department_clerk",
            "auditor",
            "system_admin",
        )
    }

    assert readers == {
        "unit_head:SO-TP": True,
        "unit_head:SO-YT": False,
        "block_lead:K01": False,
        "department_clerk": True,
        "auditor": True,
        "system_admin": False,
    }


def test_the_appraisal_sheet_sums_and_says_the_proposal(db, told):
    _awarded, refused = told
    found = appraisals.words(db, refused)

    total = found["findings"]["rows"][-1]
    lines = found["findings"]["rows"][:-1]
    assert total[2:5] == [str(sum(int(row[n]) for row in lines)) for n in (2, 3, 4)]
    assert found["proposal"] == "Đề nghị khen thưởng. Lý do: Cần làm rõ thêm."
    assert all(signer["name"] for signer in found["signers"])
    assert set(found) == set(appraisals.APPRAISAL.words)
