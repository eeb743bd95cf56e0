"""D1: a season from its list to its decisions: whom it awards, its papers and its history."""

import pytest
from sqlalchemy import func, select

from awards import result_notices
from awards.demo import season, season_papers
from models.awards import Movement, Nomination
from models.papers import DecisionEntry
from models.process import InstanceStatus
from models.proposals import Proposal, ProposalKind
from models.session import reading
from tests.conftest import NOW, quick_passwords
from tests.trust.sizes import on_sqlite_at_least
from workflows import calendar, history, replay

pytestmark = pytest.mark.trust
KINDS = {ProposalKind.UNIT: 10, ProposalKind.BLOCK: 3, ProposalKind.DEPARTMENT: 1}


@pytest.fixture
def played(province, tmp_path, size):
    """Where the season was played, its papers' folder, and how many were nominated."""
    engine, heard = province, []

    def hear(stage, done, total):
        heard.append((stage, done, total))

    rows = size(1_500)
    folder = tmp_path / "papers"
    with quick_passwords():
        season.play(engine, uploads=tmp_path / "uploads", now=NOW, progress=hear, rows=rows)
    season_papers.print_all(engine, folder, now=NOW, progress=hear)
    assert len({stage for stage, *_ in heard}) > sum(KINDS.values())
    return engine, folder, rows


@on_sqlite_at_least
def test_every_nominee_has_an_outcome_and_a_reason(played):
    engine, folder, rows = played

    with reading(engine) as session:
        movement = session.scalars(
            select(Movement).where(Movement.code == season.MOVEMENT)
        ).one()
        nominations = session.scalars(
            select(Nomination).where(Nomination.movement_id == movement.id)
        ).all()
        kinds = dict(
            session.execute(
                select(Proposal.kind, func.count())
                .where(Proposal.movement_id == movement.id, Proposal.signed_at.is_not(None))
                .group_by(Proposal.kind)
            ).all()
        )
        decisions = season_papers.decisions(session)
        awarded = set(
            session.scalars(
                select(DecisionEntry.nomination_id).where(
                    DecisionEntry.decision_id.in_([one.id for one in decisions])
                )
            )
        )
        assert len(nominations) == rows
        assert kinds == KINDS
        assert len(decisions) == 3
        assert InstanceStatus.RUNNING not in {one.instance.status for one in nominations}
        assert {
            one.id for one in nominations if one.instance.result == "awarded"
        } == awarded
        told = {}
        for unit in result_notices.units_in(session, movement):
            words = result_notices.of_season(session, movement, unit, calendar.today(NOW))
            for group in words["groups"]:
                told |= {row[1]: row for row in group["rows"]}
            assert all(
                cell for group in words["groups"] for row in group["rows"] for cell in row
            )
        names = {one.nominee.name for one in nominations}
        assert all(any(name in shown for shown in told) for name in names)
        faults = [fault for _instance, fault in history.verify_all(session) if fault]
        assert faults == []
        differing = [
            one.code
            for one in nominations
            if replay.replay(session, one.instance) is not None
        ]
        assert differing == []
    papers = {path.name: path.stat().st_size for path in folder.iterdir()}
    assert min(papers.values()) > 1_000
    appraised = sum(name.startswith("phieu-tham-dinh") for name in papers)
    # 14 tờ trình, 3 minutes, 3 decisions with 2 lists and certificates each, a notice a unit
    assert len(papers) - appraised == 14 + 3 + 3 * 4 + 10

    with pytest.raises(season.SeasonIsThere):  # it is played once
        season.play(engine, uploads=folder, now=NOW, progress=lambda *_: None, rows=rows)
