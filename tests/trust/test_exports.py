"""E2 of trust.md: each role takes out what docs/permissions.md says, and it stays on record."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, select, true
from werkzeug.test import TestResponse

from awards import access, exports, reads
from models.exports import Export
from models.organisation import Person, Post, Unit
from models.reads import ReadEvent
from models.session import reading, transaction
from tests import factories
from tests.conftest import make_app
from tests.permissions import EXPORTS
from tests.stages import FAR, NEAR, OWN, PEOPLE
from views import web

pytestmark = pytest.mark.trust
UNITS = {"unit": (OWN,), "Khối": (OWN, NEAR), "all": (OWN, NEAR, FAR)}
ARCHIVES = {  # and the spreadsheet in each
    "decision": "danh-sach.xlsx",
    "decision_evidence": "danh-sach.xlsx",
    "nomination_evidence": "su-kien.xlsx",
}
ROLES = EXPORTS[0][2:]
CELLS = {
    (row[0], role): cell
    for row in EXPORTS[1:]
    for role, cell in zip(ROLES, row[2:], strict=True)
}


@dataclass
class House:
    """The application; a nomination that runs and one that has ended in each of three units."""

    engine: Engine
    browsers: dict[str, FlaskClient]
    running: dict[str, str]
    ended: dict[str, str]
    decision: int
    units: dict[str, str]

    def take(self, role: str, kind: str, key: str = "") -> TestResponse:
        path = f"/exports/{kind}?movement=all"
        if kind == "history":
            path = f"/exports/history/{self.running[FAR]}"
        if kind == "decision":
            path = f"/exports/decisions/{self.decision}"
        if kind == "nomination_evidence":
            path = f"/exports/evidence/nominations/{self.running[FAR]}"
        if kind == "decision_evidence":
            path = f"/exports/evidence/decisions/{self.decision}"
        if kind == "events":
            path = "/exports/events"
        fields = {"command_key": key or factories.command_key()}
        return self.browsers[role].post(path, data=fields)

    def latest(self) -> Export | None:
        with reading(self.engine) as session:
            return session.scalars(select(Export).order_by(Export.id.desc())).first()


@pytest.fixture(scope="module")
def house(sqlite, tmp_path_factory):
    app = make_app(sqlite.copy("province"), tmp_path_factory.mktemp("house"))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        engine = web.db.engine
    running, ended = {}, {}
    with transaction(engine) as session:
        for unit in (OWN, NEAR, FAR):
            running[unit] = factories.begin(session, unit=unit).code
            gone = factories.begin(session, unit=unit)
            factories.withdraw(session, gone)
            ended[unit] = gone.code
        decision = factories.decide(session, running.values())
        factories.keep_records(session, (OWN, NEAR, FAR))
        units = dict(session.execute(select(Unit.code, Unit.name)).all())
    browsers = {}
    for role, login in PEOPLE.items():
        browsers[role] = app.test_client()
        fields = {"login": login, "password": f"vinh-danh-{login}"}
        assert browsers[role].post("/login", data=fields).status_code == 303
    yield House(engine, browsers, running, ended, decision, units)
    engine.dispose()


def faults(house, role, kind):
    """What is otherwise than the page says of this role and this list."""
    cell = CELLS[kind, role]
    before = house.latest()
    answer = house.take(role, kind)
    if cell == "–":
        same = house.latest() is None or house.latest().id == before.id
        return [] if answer.status_code == 404 and same else ["had it, or left a trace"]
    place = answer.headers.get("Location", "/none")
    if kind in ARCHIVES:  # it is on the page that the job has made ready
        place += ".zip"
    with house.browsers[role].get(place) as got:
        content = got.data
    if got.status_code != 200 or got.mimetype == "text/html":
        return [f"got {got.status_code} {got.mimetype}"]
    return [*wrong_rows(house, kind, cell, content), *untold(house, role, kind, content)]


def wrong_rows(house, kind, cell, content):
    if kind in ARCHIVES:
        content = zipfile.ZipFile(io.BytesIO(content)).read(ARCHIVES[kind])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    head, *rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    if kind in ("nominations", "board", "outcomes"):
        lists = [house.ended] if kind == "outcomes" else [house.ended, house.running]
        wanted = sorted(codes[unit] for codes in lists for unit in UNITS[cell])
        found = sorted(row[head.index("Mã hồ sơ")] for row in rows)
        return [] if found == wanted else [f"rows {found} where {wanted} were due"]
    if kind in ("decision", "decision_evidence"):
        codes = sorted(row[head.index("Mã hồ sơ")] for row in rows)
        return [] if codes == sorted(house.running.values()) else [f"rows {codes}"]
    if kind == "records":
        found = [row[0] for row in rows]
        return [] if found == [house.units[unit] for unit in UNITS[cell]] else [f"{found}"]
    return [] if rows else ["no rows"]


def untold(house, role, kind, content):
    """The record of an export: who, what, which file; in the history where it is of one."""
    with reading(house.engine) as session:
        row = session.scalars(select(Export).order_by(Export.id.desc())).first()
        person = session.get_one(Person, row.person_id)
        told = (person.login, row.kind.value, row.sha256)
        found = []
        if told != (PEOPLE[role], kind, hashlib.sha256(content).hexdigest()):
            found.append(f"on record is {told}")
        last = session.scalars(select(ReadEvent).order_by(ReadEvent.id.desc())).first()
        details = json.loads(last.body)["details"] if last else {}
        if details.get("export") != row.id or last.actor_id != person.id:
            found.append("the reads do not tell")
        if reads.verify_all(session) is not None:
            found.append("the reads do not hold")
        return found


def test_the_page_knows_every_role_and_export():
    assert list(PEOPLE) == ROLES
    assert {row[0] for row in EXPORTS[1:]} == {kind.value for kind in exports.ExportKind}


@pytest.mark.parametrize("kind", [row[0] for row in EXPORTS[1:]])
@pytest.mark.parametrize("role", ROLES)
def test_role_takes_out_what_the_page_says(house, role, kind):
    assert faults(house, role, kind) == []


def test_control_a_list_that_shows_all_is_caught(house, monkeypatch):
    monkeypatch.setattr(access, "visible_to", lambda _actor: true())

    assert faults(house, "unit_officer", "nominations") != []
    assert faults(house, "block_lead", "outcomes") != []


def test_control_an_export_that_is_not_told_is_caught(house, monkeypatch):
    monkeypatch.setattr(exports, "record", lambda *_args, **_named: None)

    assert faults(house, "auditor", "history") != []


def lost(house, role, kind="nominations"):
    """Whether the file can still be had once its maker has lost the post."""
    place = house.take(role, kind).headers["Location"]
    browser = house.browsers[role]
    before = browser.get(place).mimetype
    with transaction(house.engine) as session:
        whose = select(Person.id).where(Person.login == PEOPLE[role]).scalar_subquery()
        posts = session.scalars(select(Post).where(Post.person_id == whose)).all()
        kept = [(post, post.valid_to) for post in posts]
        for post in posts:
            post.valid_to = post.valid_from
    answer = browser.get(place)
    with transaction(house.engine) as session:
        for post, valid_to in kept:
            session.merge(post).valid_to = valid_to
    return before != "text/html" and answer.status_code == 303


@pytest.mark.parametrize("role", ["unit_officer", "block_lead", "chairman"])
def test_file_is_gone_with_the_post_it_was_made_in(house, role):
    assert lost(house, role)


def test_control_a_file_that_outlives_the_post_is_caught(house, monkeypatch):
    monkeypatch.setattr(exports, "may_see", access.owns_export)

    assert not lost(house, "unit_officer")


def test_nobody_has_the_file_of_another(house):
    place = house.take("chairman", "nominations").headers["Location"]
    others = {role: house.browsers[role].get(place).status_code for role in ROLES}

    assert others == dict.fromkeys(ROLES, 404) | {"chairman": 200}


def test_too_long_a_list_is_refused_with_what_to_do(house, monkeypatch):
    monkeypatch.setattr(exports, "MAX_ROWS", 2)
    before = house.latest()

    answer = house.take("chairman", "nominations")
    page = house.browsers["chairman"].get(answer.headers["Location"])

    assert "một tệp chứa nhiều nhất 2 dòng" in page.text
    assert (house.latest() and house.latest().id) == (before and before.id)
