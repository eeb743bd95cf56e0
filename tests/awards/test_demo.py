"""The demo province as a whole: loaded once, seen by everybody, the same every time."""

import shutil
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from awards import demo, listings
from awards.demo import driving, people
from awards.demo.stories import JOURNEYS
from models.awards import Nomination
from models.history import HistoryEvent
from models.organisation import Role
from models.session import reading
from tests.client import CheckingClient, heading, parse
from tests.conftest import NOW, connect, make_app, quick_passwords
from tests.shared import shared_folder
from tests.stages import PEOPLE, STEPS
from workflows import history


def load(sqlite, folder, now=NOW):
    """The whole demo in a new database; how often it told its progress."""
    shutil.copyfile(sqlite.folder / "empty.sqlite", folder / "demo.sqlite")
    engine = connect(f"sqlite:///{folder / 'demo.sqlite'}")
    told = []
    with quick_passwords():
        demo.load(engine, uploads=folder / "uploads", now=now, step=told.append)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    (folder / "told").write_text(str(sum(told)))
    return engine


@pytest.fixture(scope="session")
def loaded(sqlite, tmp_path_factory):
    """The folder with the demo's database, loaded by the first who asks."""
    return shared_folder(
        tmp_path_factory,
        "demo-province",
        lambda folder: load(sqlite, folder, datetime.now(UTC)).dispose(),
    )


@pytest.fixture(scope="module")
def house(loaded, tmp_path_factory):
    """The demo served, everybody signed in at need."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(loaded / "demo.sqlite", folder / "demo.sqlite")
    made = make_app(f"sqlite:///{folder / 'demo.sqlite'}", folder)
    made.config.update(WTF_CSRF_ENABLED=False, UPLOADS=loaded / "uploads")
    made.test_client_class = CheckingClient
    clients = {}

    def sign_in(login):
        if login not in clients:
            clients[login] = made.test_client()
            fields = {"login": login, "password": f"vinh-danh-{login}"}
            assert clients[login].post("/login", data=fields).status_code == 303
        return clients[login]

    return sign_in


@pytest.fixture(scope="module")
def rows(loaded):
    """Every nomination with its step and status, as lists tell of it."""
    engine = connect(f"sqlite:///{loaded / 'demo.sqlite'}")
    now = datetime.now(UTC)
    with reading(engine) as session:
        found = [
            listings.row(nomination, *listings.open_task(session, nomination), now)
            for nomination in session.scalars(select(Nomination))
        ]
        told = [
            (
                row.nomination.code,
                row.status.value,
                row.task and row.task.element_id,
                row.nomination.unit.code,
            )
            for row in found
        ]
    engine.dispose()
    return told


def test_demo_has_about_eighty_nominations_and_tells_each(rows, loaded):
    assert len(rows) == len(JOURNEYS) == int((loaded / "told").read_text())
    assert 75 <= len(rows) <= 90


def test_demo_is_spread_over_every_step_and_every_end(rows):
    assert {step for _code, _status, step, _unit in rows} == {*STEPS, None}
    statuses = Counter(status for _code, status, _step, _unit in rows)
    assert set(statuses) == set(listings.Status) - {listings.Status.CANCELLED}
    assert min(statuses.values()) >= 2


def test_demo_has_six_units_that_nominate(rows):
    assert len({unit for *_rest, unit in rows}) == 6


def test_demo_names_nobody_twice():
    names = Counter((journey.name, journey.unit) for journey in JOURNEYS)
    assert [name for name, times in names.items() if times > 1] == []


def test_demo_history_holds(loaded):
    engine = connect(f"sqlite:///{loaded / 'demo.sqlite'}")
    with reading(engine) as session:
        faults = [fault for _instance, fault in history.verify_all(session) if fault]
    engine.dispose()
    assert faults == []


def test_demo_happened_before_now_and_in_order(loaded):
    engine = connect(f"sqlite:///{loaded / 'demo.sqlite'}")
    with reading(engine) as session:
        events = session.execute(
            select(HistoryEvent.instance_id, HistoryEvent.at).order_by(
                HistoryEvent.instance_id, HistoryEvent.sequence
            )
        ).all()
    engine.dispose()
    assert events == sorted(events)
    assert max(at for _instance, at in events) <= datetime.now(UTC)


@pytest.mark.parametrize("role", [role.value for role in Role if role != Role.SYSTEM_ADMIN])
def test_every_role_reads_the_demo(house, rows, role):
    client = house(PEOPLE[role])
    pages = [
        path
        for path in ("/inbox", "/inbox?tab=groups", "/inbox?tab=done")
        if role not in ("council_member", "auditor", "process_admin")
    ]
    pages += ["/board", "/board?page=2", "/nominations"]

    assert {path: client.get(path).status_code for path in pages} == dict.fromkeys(
        pages, 200
    )
    links = parse(client.get("/board")).xpath("//a[@class='row-link']/@href")
    assert [link for link in links[::7] if client.get(link).status_code != 200] == []


def test_nominations_of_the_demo_are_read_by_the_council(house, rows):
    client = house("hoidong")
    wrong = {
        code: a.status_code
        for code, *_rest in rows[::3]
        if (a := client.get(f"/nominations/{code}")).status_code != 200
    }
    assert wrong == {}


def test_histories_of_the_demo_are_read_by_the_auditor(house, rows):
    client = house("thanhtra")
    pages = [
        client.get(f"/nominations/{code}/history?verify=1") for code, *_rest in rows[::4]
    ]

    assert {heading(page) for page in pages} == {"Lịch sử hồ sơ"}
    whole = "//div[@class='note note-success result']"
    assert [page.request.path for page in pages if not parse(page).xpath(whole)] == []


@pytest.mark.parametrize(
    "login",
    [account["login"] for account in people.accounts() if account["role"] in PEOPLE][::3],
)
def test_steps_of_the_demo_open(house, login):
    client = house(login)
    links = [
        link
        for tab in ("mine", "groups", "done")
        for link in parse(client.get(f"/inbox?tab={tab}", follow_redirects=True)).xpath(
            "//a[@class='row-link']/@href"
        )
    ]
    assert [link for link in links[::4] if client.get(link).status_code != 200] == []


def tell(engine):
    """What two loads share: codes, names, and the events but for their salts."""
    with reading(engine) as session:
        nominations = [
            (
                n.code,
                n.nominee.name,
                n.unit.code,
                n.instance.status.value,
                n.instance.result,
            )
            for n in session.scalars(select(Nomination).order_by(Nomination.id))
        ]
        events = [
            (e.instance_id, e.sequence, e.kind.value, e.actor_id, e.at)
            for e in session.scalars(select(HistoryEvent).order_by(HistoryEvent.id))
        ]
        heads = [n.instance.history_head for n in session.scalars(select(Nomination))]
    engine.dispose()
    return nominations, events, heads


def test_demo_loaded_twice_tells_the_same(sqlite, tmp_path, monkeypatch):
    """A few journeys stand for all. Salts differ, so do hashes of what was entered."""
    monkeypatch.setattr(driving, "JOURNEYS", JOURNEYS[::30])
    told = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        told.append(tell(load(sqlite, tmp_path / name)))

    assert told[0][:2] == told[1][:2]
    entered = [bool(journey.answers) for journey in JOURNEYS[::30]]
    differs = [
        first != second for first, second in zip(told[0][2], told[1][2], strict=True)
    ]
    assert sorted(differs) == sorted(entered)
