"""H10 of trust.md: who reads a person's papers leaves an event, or does not read them."""

import json
from collections import Counter
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from awards import reads
from models import session as sessions
from models.awards import Nomination
from models.reads import ReadChain, ReadEvent, ReadKind
from tests import factories
from tests.client import CheckingClient, parse
from tests.conftest import NOW, connect
from tests.trust.sizes import on_sqlite_at_least
from views import reads as told
from views import web

pytestmark = pytest.mark.trust
NAME = "Nguyễn Thị Appraise"
THREADS, EACH = 8, 100


@pytest.fixture
def app(staged, site_of_worker):
    made = site_of_worker.furnish(staged / "staged.sqlite", staged / "uploads")
    made.test_client_class = CheckingClient
    return made


def acts(found):
    """What is done, by whom, and which read it is: of which nomination, or of none."""
    case, awarded = found.cases["appraise"]["own"], found.cases["awarded"]["own"]
    own, proposal = f"/nominations/{case.code}", f"/proposals/{found.own_proposal}"
    opened = ReadKind.DOSSIER_OPENED, case.code
    searched = ReadKind.NAMES_SEARCHED, None
    return [
        ("GET", "lan.tuphap", own, opened),
        ("GET", "tuan.noivu", f"/tasks/{case.task}", opened),
        ("GET", "quang.tuphap", f"/attachments/{case.attachment}/preview.png", opened),
        ("POST", "nga.noivu", f"{own}/comments", opened),  # empty: the page is shown again
        ("GET", "lan.tuphap", f"/attachments/{case.attachment}",
         (ReadKind.FILE_DOWNLOADED, case.code)),
        ("GET", "lan.tuphap", f"/decisions/{awarded.decision}.pdf",
         (ReadKind.DECISION_OPENED, None)),
        ("GET", "tuan.noivu", f"/decisions/{awarded.decision}.docx",
         (ReadKind.DECISION_OPENED, None)),
        ("GET", "lan.tuphap", f"/signed-papers/{awarded.signed}.pdf",
         (ReadKind.FILE_DOWNLOADED, None)),
        ("GET", "nga.noivu", f"/nominations/{awarded.code}/appraisal",
         (ReadKind.DOSSIER_OPENED, awarded.code)),
        ("GET", "lan.tuphap", proposal, (ReadKind.PROPOSAL_OPENED, None)),
        ("GET", "quang.tuphap", f"{proposal}/tasks", (ReadKind.PROPOSAL_OPENED, None)),
        ("GET", "lan.tuphap", f"{proposal}/paper.pdf", (ReadKind.FILE_DOWNLOADED, None)),
        ("GET", "quang.tuphap", f"{proposal}/paper.docx", (ReadKind.FILE_DOWNLOADED, None)),
        ("GET", "thanhtra", f"{own}/history", (ReadKind.HISTORY_OPENED, case.code)),
        ("GET", "thanhtra", "/history?q=appraise", searched),
        ("GET", "lan.tuphap", "/nominations?q=appraise", searched),
        ("GET", "hoidong", "/board?q=appraise", searched),
        ("GET", "tuan.noivu", "/inbox?q=appraise&tab=groups", searched),
        ("GET", "lan.tuphap", "/search?q=appraise", searched),
        ("GET", "hoidong", "/search?q=appraise&entered=1", searched),
    ]  # fmt: skip


def written():
    with sessions.reading(web.db.engine) as session:
        return [
            (row.kind, row.chain if row.chain.startswith("HS-") else None, row.actor_id)
            for row in session.scalars(select(ReadEvent).order_by(ReadEvent.id))
        ]


def unseen(app, browse, found):
    """The acts that leave no event of their own, or more than one."""
    wrong = []
    for method, login, path, expected in acts(found):
        client = browse(login)
        with app.app_context():
            before = len(written())
        assert client.open(path, method=method).status_code in {200, 422}
        with app.app_context():
            new = written()[before:]
        if [row[:2] for row in new] != [expected]:
            wrong.append((path, new))
    return wrong


def test_every_kind_of_read_leaves_one_event(app, browse, found):
    with app.app_context(), sessions.reading(web.db.engine) as session:
        heads = session.execute(text("SELECT revision, history_head FROM process_instance"))
        before = heads.all()

    assert unseen(app, browse, found) == []

    with app.app_context(), sessions.reading(web.db.engine) as session:
        heads = session.execute(text("SELECT revision, history_head FROM process_instance"))
        assert heads.all() == before
        assert reads.verify_all(session) is None
        bodies = [json.loads(body) for body in session.scalars(select(ReadEvent.body))]
    assert "appraise" not in json.dumps(bodies).lower()  # what was looked for is a name


def test_a_read_that_is_not_written_is_found(app, browse, found, monkeypatch):
    monkeypatch.setattr(told, "record", lambda *_, **__: None)

    assert len(unseen(app, browse, found)) == len(acts(found))


def test_reading_the_same_again_soon_writes_nothing(app, browse, found, monkeypatch):
    client = browse("lan.tuphap")
    path = f"/nominations/{found.cases['appraise']['own'].code}"
    with app.app_context():
        before = len(written())
    client.get(path)
    client.get(path)
    with app.app_context():
        soon = len(written()) - before
    monkeypatch.setattr(reads, "AGAIN", reads.AGAIN * 0)
    client.get(path)

    with app.app_context():
        assert (soon, len(written()) - before) == (1, 2)


def test_what_cannot_be_written_is_not_shown(app, browse, found):
    client = browse("lan.tuphap")
    path = f"/nominations/{found.cases['appraise']['own'].code}"
    app.testing = False
    with app.app_context():
        database = web.db.engine.url.database
        with web.db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
        with web.db.engine.connect() as one, web.db.engine.connect() as two:
            for connection in (one, two):
                connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    other = web.SQLITE_DRIVER.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = client.get(path)
    other.execute("ROLLBACK")
    other.close()

    assert answer.status_code == 503
    assert "phải được ghi lại" in answer.text
    assert NAME not in answer.text
    assert client.get(path).status_code == 200
    app.testing = True


def test_auditor_sees_who_looked(app, browse, found):
    code = found.cases["appraise"]["own"].code
    browse("lan.tuphap").get(f"/nominations/{code}")

    page = parse(browse("thanhtra").get(f"/nominations/{code}/history"))

    rows = page.xpath("//section[@class='reads']//tbody/tr")
    cells = [" ".join(row.text_content().split()) for row in rows]
    assert any("Trần Thị Lan" in cell and "Mở hồ sơ" in cell for cell in cells), cells


def record_many(engine, codes, count):
    """Some at the same time, each reading all dossiers in turn."""
    start, failures = Barrier(THREADS, timeout=60), Counter()

    def run(number):
        actor = factories.stand_in(number, "auditor")
        start.wait()
        for turn in range(count):
            with sessions.transaction(engine) as session:
                code = codes[(turn + number) % len(codes)]
                nomination = session.scalars(
                    select(Nomination).where(Nomination.code == code)
                ).one()
                reads.record(
                    session, ReadKind.DOSSIER_OPENED, nomination, actor=actor, now=NOW
                )

    def attempt(number):
        try:
            run(number)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            failures[repr(error)] += 1

    threads = [Thread(target=attempt, args=(n + 1,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_readers_at_the_same_time_make_whole_chains(databases, size):
    engine = connect(databases.copy("province"))
    with sessions.transaction(engine) as session:
        codes = [factories.begin(session, has_papers=False).code for _ in range(2)]

    failures = record_many(engine, codes, size(EACH))

    with sessions.reading(engine) as session:
        assert failures == Counter()
        assert reads.verify_all(session) is None
        chains = session.scalars(select(ReadChain)).all()
        assert sum(row.length for row in chains) == THREADS * size(EACH)
    engine.dispose()


@pytest.fixture
def read_often(province):
    with sessions.transaction(province) as session:
        for _ in range(2):
            nomination = factories.begin(session, has_papers=False)
            for person in (1, 2, 3):
                reads.record(
                    session,
                    ReadKind.DOSSIER_OPENED,
                    nomination,
                    actor=factories.stand_in(person, "auditor"),
                    now=NOW,
                )
    return province


CHANGES = [
    "UPDATE read_event SET actor_id = 4 WHERE sequence = 2",
    "DELETE FROM read_event WHERE sequence = 3",
    "DELETE FROM read_event",
    "UPDATE read_chain SET length = 2",
    "UPDATE read_chain SET head = 'x'",
    "DELETE FROM read_chain",
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_read_cannot_be_changed(read_often, change):
    with pytest.raises(DBAPIError), Session(read_often) as session:
        session.execute(text(change))


def unguarded(engine):
    """Take the triggers and the foreign keys away, as who owns the database can."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE read_event DISABLE TRIGGER ALL"))
            connection.execute(text("ALTER TABLE read_chain DISABLE TRIGGER ALL"))
            return
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for name in connection.scalars(text(query)).all():
            connection.execute(text(f"DROP TRIGGER {name}"))


@on_sqlite_at_least
@pytest.mark.parametrize("change", CHANGES[:-1])
def test_what_was_changed_all_the_same_is_found(read_often, change):
    unguarded(read_often)
    with read_often.begin() as connection:
        connection.execute(text(change))

    with sessions.reading(read_often) as session:
        assert reads.verify_all(session) is not None
