"""What may be copied, by whom, on every database."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from awards import copying, files, reuse
from awards.errors import NotToBeCopied
from awards.nominations import Facts
from models.awards import NomineeKind
from models.organisation import Unit
from models.tasks import Draft
from tests import factories
from tests.conftest import NOW
from workflows import history


@pytest.fixture
def old(db):
    """A nomination of `UNIT` that ended after its unit had sent it."""
    nomination = factories.begin_at(db, "approve_by_unit")
    factories.withdraw(db, nomination)
    return nomination


def copy(db, old, unit, actor, kind=NomineeKind.INDIVIDUAL):
    source = copying.find(db, old.code, actor=actor)
    rows = copying.papers(db, source, old.award)
    return copying.begin(
        db,
        source,
        [(row, stored_like(row)) for row in rows],
        movement=old.movement,
        award=old.award,
        unit=db.scalars(select(Unit).where(Unit.code == unit)).one(),
        facts=Facts(kind, "Trần Thị Mới"),
        actor=actor,
        command_key=factories.command_key(),
        now=NOW,
    )


def stored_like(row):
    """A copy of a file whose bytes the tests' factory never had."""
    return files.StoredFile(
        uuid4().hex, row.file_name, row.media_type, row.size, row.sha256
    )


def test_unit_that_took_over_copies_what_it_looks_after(db, old):
    near = db.scalars(select(Unit).where(Unit.code == "SO-YT")).one()
    officer = factories.actor(db, "unit_officer:SO-YT")
    with pytest.raises(NotToBeCopied):
        copying.find(db, old.code, actor=officer)
    old.unit.keeper = near
    db.flush()

    made = copy(db, old, "SO-YT", officer)

    assert made.unit.code == "SO-YT"
    assert copying.source_of(db, made) == old.code
    assert [row.copied_from_id for row in files.of(db, made.id)] == [
        row.id for row in files.of(db, old.id)
    ]
    assert history.verify(db, made.instance) is None
    assert [one.nomination.code for one in reuse.found(db, made, [old.achievements])]


def test_other_kind_of_nominee_takes_no_evidence_along(db, old):
    officer = factories.actor(db, "unit_officer:SO-TP")

    copy(db, old, "SO-TP", officer)
    copy(db, old, "SO-TP", officer, NomineeKind.COLLECTIVE)

    drafts = db.scalars(select(Draft).order_by(Draft.task_id)).all()
    same, other = ({name for name, _value in draft.fields} for draft in drafts[-2:])
    assert any(name.startswith("evidence__") for name in same)
    assert not any(name.startswith("evidence__") for name in other)
    assert not any(name.startswith("score__") for name in same | other)
