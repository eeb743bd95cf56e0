"""O7 of trust.md on PostgreSQL: a bad backup leaves the database of a server as it is."""

import pytest
from sqlalchemy import Engine, text

from models.session import reading, transaction
from tests import factories
from tests.trust import keeping
from tests.trust.test_backups import VARIANTS, spoilt, told_and_left
from views import web

pytestmark = [pytest.mark.trust, pytest.mark.timeout(3600)]


@pytest.fixture
def site(databases, tmp_path, monkeypatch):
    keeping.find_tools(databases, monkeypatch)
    with keeping.site(databases, tmp_path / "instance") as app:
        with transaction(web.db.engine) as session:
            keeping.nominate(session, app.config["UPLOADS"])
        yield app


def everything(engine: Engine) -> tuple[dict[str, list[tuple[object, ...]]], list[str]]:
    """Every row of the province; its schemas, and the databases that are named after it."""
    names = text(
        "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg_%' UNION "
        "SELECT datname FROM pg_database WHERE datname LIKE current_database() || '%'"
    )
    with reading(engine) as session:
        return factories.everything(session), sorted(session.scalars(names))


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_spoilt_backups_are_refused_and_replace_nothing(site, size):
    path, found = keeping.back_up(site).path, []
    before = everything(web.db.engine)
    for number in range(size(VARIANTS)):
        said, is_as_before = told_and_left(site, spoilt(path, number))
        if not is_as_before or not said or said.startswith("fails"):
            found.append((number, said))

    assert found == []
    assert everything(web.db.engine) == before
