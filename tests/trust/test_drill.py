"""O6 of trust.md: the drill restores the newest backup, works in the copy, and tells what it found.

It writes what came of it into the living system, and changes nothing else there.
"""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from awards import inbox, safekeeping
from keeping import drill
from models.safekeeping import Safekeeping, SafekeepingKind
from models.session import reading, transaction
from tests import factories
from tests.trust import keeping
from tests.trust.sizes import on_sqlite_at_least
from views import web

pytestmark = [pytest.mark.trust, pytest.mark.timeout(3600)]
CASES = 500


@pytest.fixture
def site(databases, tmp_path, monkeypatch):
    keeping.find_tools(databases, monkeypatch)
    with keeping.site(databases, tmp_path / "instance") as app:
        with transaction(web.db.engine) as session:
            keeping.nominate(session, app.config["UPLOADS"])
            factories.begin_at(session, "appraise")
        yield app


def everything(engine):
    with reading(engine) as session:
        rows = factories.everything(session)
    rows.pop("safekeeping")
    return rows


def run(app, *words):
    return app.test_cli_runner().invoke(args=words)


def test_drill_works_in_the_copy_and_tells_what_it_lacks(site, size):
    engine = web.db.engine
    with transaction(engine) as session:
        for _ in range(size(CASES)):
            factories.begin(session)
    run(site, "backup")
    with transaction(engine) as session:
        task = factories.answer(session, factories.newest(session))
        code, length = task.instance.business_key, task.instance.history_length
    before = everything(engine)

    told = run(site, "drill")

    assert told.exit_code == 0, told.output
    assert "was taken, and the history tells it" in told.stdout
    assert f"  {code}: " in told.stdout
    assert f" to {length}\n" in told.stdout
    assert "RPO: 0:00:" in told.stdout
    assert everything(engine) == before
    with reading(engine) as session:
        row = safekeeping.last(session, SafekeepingKind.DRILL_PASSED)
        assert row.details["events"] == keeping.events(engine) - row.details["missing"]
    assert list(site.config["SETTINGS"].instance.glob(".restoring-*")) == []


@on_sqlite_at_least
def test_copy_in_which_nobody_finds_work_is_caught_and_told(site, monkeypatch):
    run(site, "backup")
    monkeypatch.setattr(inbox, "items", lambda *_, **__: ([], 0))

    told = run(site, "drill")

    assert told.exit_code == 1
    assert "does not show HS-" in told.output
    with reading(web.db.engine) as session:
        row = session.scalars(select(Safekeeping).order_by(Safekeeping.id.desc())).first()
        assert row.kind == SafekeepingKind.DRILL_FAILED
        now = datetime.now(UTC)
        standing = safekeeping.standing(session, every=timedelta(hours=1), now=now)
        assert (standing.is_backup_late, standing.is_drill_late) == (False, True)


@on_sqlite_at_least
def test_drill_that_takes_longer_than_promised_fails(site, monkeypatch):
    run(site, "backup")
    monkeypatch.setattr(drill, "RTO", timedelta())

    told = run(site, "drill")

    assert told.exit_code == 1
    assert "more than was promised" in told.output
