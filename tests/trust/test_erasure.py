"""P2 of trust.md: what is erased is nowhere any more, and the history holds as before."""

import shutil
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

import rounds
from awards import (
    batches,
    comments,
    entered,
    erasures,
    files,
    identity_corrections,
    nominations,
)
from awards.erasures import Request
from awards.errors import Erased
from awards.files import StoredFile
from awards.nominations import Facts
from awards.proposals import gathering, signing
from models import session as sessions
from models.awards import (
    Award,
    Movement,
    NomineeKind,
    NomineeList,
    NomineeListState,
    Outcome,
)
from models.history import EventKind, HistoryEvent
from models.organisation import Unit
from models.papers import Decision
from models.process import ProcessInstance
from models.proposals import ProposalKind
from models.session import reading, transaction
from models.tasks import Draft
from tests import factories
from tests.client import CheckingClient, heading
from tests.conftest import NOW, make_app
from views import web
from workflows import history, tasks
from workflows.canonical import sha256
from workflows.errors import StillRunning
from workflows.submissions import Entry

pytestmark = pytest.mark.trust
PEOPLE = 100
ENDS = {  # the step at which a nomination ends, and how
    "withdraw": ("prepare_nomination", "withdraw"),
    "not_selected": ("review_by_block", "not_selected"),
    "refuse": ("approve_by_department", "refuse"),
}
ROLE = "system_admin"
REQUEST = Request("Điều 14 Luật số 91/2025/QH15", "Đơn đề nghị ngày 05/11/2026")


CHANGED = (
    "draft",
    "entered_text",
    "erasure",
    "history_event",
    "read_chain",
    "read_event",
)


def end_of(number):
    """Of ten, one is refused, one not selected, and the others are withdrawn: it is shorter."""
    return {0: "refuse", 1: "not_selected"}.get(number % 10, "withdraw")


def words(number):
    """What is written of one person: in the name, in what people say of it, its number."""
    return f"Zqxten{number:03}", f"zqxloi{number:03}", f"0010880{number:05}"


def nominate(session, number, uploads):
    """Somebody of whom every table and the upload folder hold words, in an ended nomination."""
    name, said, identity = words(number)
    officer = factories.actor(session, f"unit_officer:{factories.UNIT}")
    nomination = nominations.create_once(
        session,
        command_key=factories.command_key(),
        movement=session.scalars(select(Movement)).one(),
        award=session.scalars(select(Award)).one(),
        unit=session.scalars(select(Unit).where(Unit.code == factories.UNIT)).one(),
        facts=Facts(
            NomineeKind.INDIVIDUAL, f"Trần Thị {name}", "Bà", identity_number="001088"
        ),
        actor=officer,
        now=NOW,
    )
    for item in nomination.award.dossier_items:
        stored = StoredFile(
            f"{number:04}{item.id:028}", f"{name}.pdf", "application/pdf", 9, sha256(said)
        )
        files.path_of(stored.token, uploads).write_text(said)
        files.attach(
            session, nomination, stored, item_code=item.code, actor=officer, now=NOW
        )
    comments.add(
        session, nomination, text=said, actor=officer, command_key=factories.command_key(), now=NOW
    )  # fmt: skip
    identity_corrections.correct(
        session, nomination, identity, reason=said, is_sure=False, actor=officer,
        command_key=factories.command_key(), now=NOW,
    )  # fmt: skip
    _mention(session, nomination, officer, number)
    return nomination


def _mention(session, nomination, officer, number):
    """A draft that was never sent, and a list that somebody has uploaded."""
    name, said, _identity = words(number)
    task = factories.open_task(session, nomination)
    session.add(Draft(task_id=task.id, person_id=999, fields=[["a", said]], saved_at=NOW))
    session.add(
        NomineeList(
            movement_id=nomination.movement_id,
            file_name=f"{name}.xlsx",
            content=b"",
            state=NomineeListState.IMPORTED,
            uploaded_by=officer.id,
            uploaded_at=NOW,
            rows=[{"name": f"Trần Thị {name}"}, {"name": "Ai khác"}],
            errors=[],
        )
    )
    session.flush()


def finish(session, nomination, end, said):
    """Bring it to its end; everybody says these words on the way."""
    last, outcome = ENDS[end]
    while True:
        task = factories.open_task(session, nomination)
        chosen = outcome if task.element_id == last else "approve"
        content = factories.content(session, nomination, task.element_id, chosen)
        content |= {"reason": said, "opinion": said, "achievements": said}
        tasks.complete(
            session, task.id, actor=factories.actor(session, task.queue), now=NOW,
            revision=task.revision, command_key=factories.command_key(),
            entry=Entry(task.element_id, content=content), variables={"outcome": chosen},
        )  # fmt: skip
        if task.element_id == last:
            return


def fill(engine, uploads, count):
    """As many people; gives the codes of their nominations."""
    codes = []
    uploads.mkdir(exist_ok=True)
    with transaction(engine) as session:
        for number in range(count):
            nomination = nominate(session, number, uploads)
            finish(session, nomination, end_of(number), words(number)[1])
            codes.append(nomination.code)
    rounds.gather_texts(engine)
    return codes


def erase(engine, uploads, codes):
    with transaction(engine) as session:
        admin = factories.actor(session, ROLE)
        tokens = [
            token
            for code in codes
            for token in erasures.erase(
                session, nominations.find(session, code), REQUEST, actor=admin, now=NOW
            )
        ]
    files.erase(tokens, uploads)
    assert sessions.forget_erased(engine)


def hits(places, count):
    """Which words stand in the bytes of these files, however they are written."""
    whole = b"\n".join(path.read_bytes() for path in places if path.is_file()).lower()
    return sorted(w for n in range(count) for w in words(n) if w.lower().encode() in whole)


def rows_with(session, count):
    """Which words stand in any row of any table."""
    whole = repr(factories.everything(session)).lower()
    return sorted(w for n in range(count) for w in words(n) if w.lower() in whole)


def counts(session):
    return {
        "results": Counter(session.scalars(select(ProcessInstance.result))),
        "rows": {
            name: len(rows)
            for name, rows in factories.everything(session).items()
            if name not in CHANGED
        },
    }


def test_erased_words_are_in_no_row_and_the_history_holds(province, tmp_path, size):
    codes = fill(province, tmp_path / "uploads", size(PEOPLE))
    with reading(province) as session:
        before = counts(session)
        assert len(rows_with(session, len(codes))) == 3 * len(codes)

    erase(province, tmp_path / "uploads", codes)

    with reading(province) as session:
        assert rows_with(session, len(codes)) == []
        assert counts(session) == before
        assert [fault for _, fault in history.verify_all(session) if fault] == []
        erased = HistoryEvent.kind == EventKind.WORDS_ERASED
        assert session.scalar(select(func.count()).where(erased)) == len(codes)


def test_answers_of_a_signed_proposal_are_erased(province, tmp_path):
    said = words(7)[1]
    (tmp_path / "uploads").mkdir()
    with transaction(province) as session:
        nomination = nominate(session, 7, tmp_path / "uploads")
        factories.walk(session, nomination, "review_by_block")
        queue = factories.open_task(session, nomination).queue
        lead = factories.actor(session, queue)
        draft = gathering.open_(
            session,
            ProposalKind.BLOCK,
            queue,
            nomination.movement,
            actor=lead,
            command_key="open",
            now=NOW,
        )
        row = gathering.Row(Outcome.NOT_SELECTED, said, {"votes_for": 1, "opinion": said})
        gathering.edit(session, draft.id, {nomination.id: row}, actor=lead)
        content = factories.content(session, nomination, "review_by_block", "not_selected")
        signed = signing.sign(
            session,
            draft.id,
            {nomination.id: content | {"reason": said, "opinion": said}},
            form_version=1,
            actor=lead,
            command_key="sign",
            now=NOW,
        )
        batches.carry_out_some(session, signed.batch_id, now=NOW)
        code = nomination.code
    assert said in _of_proposals(province)

    erase(province, tmp_path / "uploads", [code])

    assert said not in _of_proposals(province)


def _of_proposals(engine):
    with reading(engine) as session:
        rows = factories.everything(session)
    return repr([rows["proposal_entry"], rows["batch_item"], rows["batch"]])


@pytest.fixture
def site(sqlite, tmp_path):
    app = make_app(sqlite.copy("province"), tmp_path)
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = CheckingClient
    with app.app_context():
        yield app
        web.db.engine.dispose()


def on_disk(app):
    """The database, its log, and all files beside it."""
    database = app.config["SETTINGS"].database_url.database
    folder = app.config["UPLOADS"]
    return [*folder.parent.rglob("*"), *database_files(database)]


def database_files(database):
    return [Path(database), Path(f"{database}-wal")]


def test_erased_words_are_in_no_file_not_even_after_a_restore(site, tmp_path, size):
    engine, uploads, count = web.db.engine, site.config["UPLOADS"], size(PEOPLE)
    codes = fill(engine, uploads, count)
    database = engine.url.database
    backup = tmp_path.parent / f"{tmp_path.name}-backup.sqlite"
    with closing(web.SQLITE_DRIVER.connect(database)) as connection:
        connection.execute("VACUUM INTO ?", [str(backup)])
    shutil.copytree(uploads, f"{backup}-uploads")
    assert len(hits(on_disk(site), count)) == 3 * count

    admin = site.test_client()
    fields = {"login": "quantri.hethong", "password": "vinh-danh-quantri.hethong"}
    assert admin.post("/login", data=fields).status_code == 303
    for code in codes:
        asked = {
            "erase_code": code, "legal_ground": "Điều 14", "erase_reason": "Theo đơn",
            "command_key": code,
        }  # fmt: skip
        assert heading(admin.post("/personal-data/erasure", data=asked)).startswith(
            "Kiểm tra"
        )
        answer = admin.post("/personal-data/erasure", data=asked | {"confirmed": "1"})
        assert answer.status_code == 303
    again = admin.post("/personal-data/erasure", data=asked | {"confirmed": "1"})
    assert again.status_code == 303
    with reading(engine) as session:
        erased = HistoryEvent.kind == EventKind.WORDS_ERASED
        assert session.scalar(select(func.count()).where(erased)) == count

    assert hits(on_disk(site), count) == []

    web.db.session.close()
    engine.dispose()
    for path in database_files(database)[1:]:
        path.unlink(missing_ok=True)
    shutil.copyfile(backup, database)
    shutil.rmtree(uploads)
    shutil.copytree(f"{backup}-uploads", uploads)
    assert len(hits(on_disk(site), count)) == 3 * count
    told = site.test_cli_runner().invoke(args=["erasures", "again"])

    assert told.stdout == f"{count} erased again.\n"
    assert hits(on_disk(site), count) == []
    again = site.test_cli_runner().invoke(args=["erasures", "again"])
    assert again.stdout == "0 erased again.\n"
    assert "events hold" in site.test_cli_runner().invoke(args=["history", "verify"]).stdout


def test_pages_of_an_erased_nomination_still_tell_what_came_of_it(site):
    codes = fill(web.db.engine, site.config["UPLOADS"], 3)
    erase(web.db.engine, site.config["UPLOADS"], codes)
    for login, pages in {
        "lan.tuphap": ("/nominations", "/board?status=refused", "/nominations/{}?all=1"),
        "thanhtra": ("/nominations/{}/history?verify=1",),
    }.items():
        client = site.test_client()
        client.post("/login", data={"login": login, "password": f"vinh-danh-{login}"})
        for path in pages:
            for code in codes:
                answer = client.get(path.format(code))
                assert answer.status_code == 200, path
    assert "Nguyên vẹn" in answer.text


def test_files_that_are_left_are_found(site, monkeypatch):
    uploads = site.config["UPLOADS"]
    codes = fill(web.db.engine, uploads, 2)
    monkeypatch.setattr(files, "erase", lambda *_: None)

    erase(web.db.engine, uploads, codes)

    assert [w for w in hits(on_disk(site), 2) if w.startswith("zqxloi")] != []


def test_words_in_free_pages_and_in_the_log_are_found(site, monkeypatch):
    uploads = site.config["UPLOADS"]
    codes = fill(web.db.engine, uploads, 4)
    monkeypatch.setattr(sessions, "forget_erased", lambda _: True)

    erase(web.db.engine, uploads, codes)

    assert hits(on_disk(site), 4) != []


SILENT = [
    "UPDATE submission SET content = '{}', salt = zeroblob(16) WHERE id = 8",
    "UPDATE comment SET text = '(đã xóa)', salt = zeroblob(16) WHERE id = 2",
    "DELETE FROM comment WHERE id = 2",
]
AFTERWARDS = [
    'UPDATE submission SET content = \'{"reason": "x"}\' WHERE id = 1',
    "UPDATE comment SET text = 'x' WHERE id = 1",
    "UPDATE erasure SET reason = 'x'",
    "DELETE FROM erasure",
]


def test_words_left_to_the_search_are_found(site, monkeypatch):
    monkeypatch.setattr(entered, "forget", lambda *_: None)
    codes = fill(web.db.engine, site.config["UPLOADS"], 2)

    erase(web.db.engine, site.config["UPLOADS"], codes)

    with reading(web.db.engine) as session:
        assert rows_with(session, 2) == [words(0)[0], words(1)[0]]


@pytest.mark.parametrize("change", SILENT + AFTERWARDS)
def test_silent_erasure_and_words_put_back_are_found(site, change):
    codes = fill(web.db.engine, site.config["UPLOADS"], 2)
    erase(web.db.engine, site.config["UPLOADS"], codes[:1])
    with web.db.engine.begin() as connection:
        connection.execute(text(change))

    with reading(web.db.engine) as session:
        assert [fault for _, fault in history.verify_all(session) if fault] != []


def test_what_runs_is_not_erased_and_nothing_twice(province, tmp_path):
    with transaction(province) as session:
        running = factories.begin(session, has_papers=False)
        with pytest.raises(StillRunning):
            erasures.check(session, [running])
    codes = fill(province, tmp_path / "uploads", 1)
    erase(province, tmp_path / "uploads", codes)

    with transaction(province) as session:
        erased = nominations.find(session, codes[0])
        with pytest.raises(Erased):
            erasures.check(session, [erased])


def test_a_published_decision_stays(province):
    with transaction(province) as session:
        nomination = factories.begin_at(session, "issue_decision")
        name = nomination.nominee.name
        factories.answer(session, nomination)
        admin = factories.actor(session, ROLE)
        erasures.erase(session, nomination, REQUEST, actor=admin, now=NOW)

    with reading(province) as session:
        (awardee,) = session.scalars(select(Decision)).one().content["awardees"]
        assert awardee["name"] == name
        assert [fault for _, fault in history.verify_all(session) if fault] == []
