"""Checkpoints and proofs on the auditor's pages, and by command."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import text as sql

import jobs
from awards.messages import checkpoint_letters
from models.log import Checkpoint
from models.messages import CheckpointLetter, Mail
from models.organisation import Person
from models.session import reading, transaction
from tests.client import parse, text
from tests.conftest import NOW
from tests.trust import bundles
from tests.views.test_history import tamper
from views.web import db
from workflows import notes


@pytest.fixture
def sealed(app, browse, cases):
    """The staged province, sealed and signed by the application's own key."""
    with app.app_context():
        jobs.seal_history(db.engine, app.config["SETTINGS"], at_once=True)
    return app


@pytest.fixture
def client(sealed, browse):
    return browse("thanhtra")


def newest(app):
    with app.app_context(), reading(db.engine) as session:
        return session.query(Checkpoint).order_by(Checkpoint.size.desc()).first()


def altered(note):
    """The note of a log that is one event shorter, under the same signature."""
    known = notes.read(note)
    return str(replace(known, size=known.size - 1))


def test_checkpoints_are_listed_and_downloaded(sealed, client):
    size = newest(sealed).size
    page = client.get("/history/checkpoints")
    note = notes.read(client.get(f"/history/checkpoints/{size}.txt").text)

    assert len(parse(page).xpath("//tbody/tr")) == 1
    assert (note.size, note.root) == (size, newest(sealed).root)
    assert note.key_id in text(page)


def test_checkpoint_from_elsewhere_is_compared(sealed, client):
    note = client.get(f"/history/checkpoints/{newest(sealed).size}.txt").text
    answers = {
        note: "Nhật ký của hệ thống chứa điểm kiểm tra này",
        altered(note): "không được ký bằng khóa nào",
        note.replace("127.0.0.1", "khac.vn"): "của một nhật ký khác",
        "Xin chào": "Đây không phải là một điểm kiểm tra",
    }

    for pasted, said in answers.items():
        assert said in text(
            client.get("/history/checkpoints", query_string={"note": pasted})
        )


def test_event_is_proved_on_its_page_and_in_a_file(sealed, client, cases):
    path = f"/nominations/{cases['awarded']['own'].code}/history/4/proof"

    page, file = client.get(path), json.loads(client.get(f"{path}.json").data)

    assert "Đã chứng minh." in text(page)
    assert json.loads(file["body"])["sequence"] == 4
    assert notes.read(file["checkpoint"]).size == newest(sealed).size


def test_event_that_was_changed_is_not_proved(sealed, client, cases):
    code = cases["awarded"]["own"].code
    change = "UPDATE history_event SET body = replace(body, 'format', 'formats')"
    where = "instance_id = (SELECT instance_id FROM nomination WHERE code = '{}')"
    tamper(sealed, f"{change} WHERE sequence = 4 AND {where.format(code)}")

    assert "Không chứng minh được." in text(
        client.get(f"/nominations/{code}/history/4/proof")
    )
    assert "Lịch sử đã bị sửa." in text(client.get("/history?verify=1"))


def test_event_that_is_not_sealed_yet_is_said_to_be_so(app, browse, cases):
    page = browse("thanhtra").get(
        f"/nominations/{cases['appraise']['own'].code}/history/1/proof"
    )
    assert "chưa nằm dưới điểm kiểm tra nào" in text(page)


def test_event_that_is_not_there_has_no_proof(sealed, client, cases):
    path = f"/nominations/{cases['appraise']['own'].code}/history/999/proof"
    assert client.get(path).status_code == 404


def test_two_checkpoints_are_compared(sealed, client):
    old = newest(sealed).size
    client.get("/history/checkpoints")  # reads are events as well
    client.get("/history?q=nguyen")
    with sealed.app_context():
        jobs.seal_history(db.engine, sealed.config["SETTINGS"], at_once=True)
    new = newest(sealed).size
    pair = {"old": old, "new": new}

    page = client.get("/history/consistency", query_string=pair)
    file = json.loads(client.get("/history/consistency.json", query_string=pair).data)

    assert new > old
    assert "Đã chứng minh." in text(page)
    assert [notes.read(file[name]).size for name in ("old", "new")] == [old, new]
    assert "Không có điểm kiểm tra" in text(client.get("/history/consistency?old=1&new=2"))


def test_bundle_of_a_nomination_holds_without_the_server(sealed, client, cases, tmp_path):
    code = cases["awarded"]["own"].code

    content = client.get(f"/nominations/{code}/history/bundle.jsonl").data

    inspected = bundles.Inspector(tmp_path).check(content)
    assert inspected[0] == bundles.HOLDS, inspected[1]


def test_commands_print_what_the_pages_show(sealed, cases, tmp_path):
    run, code = sealed.test_cli_runner(), cases["awarded"]["own"].code
    note = run.invoke(args=["history", "checkpoint"]).stdout
    (tmp_path / "note.txt").write_text(note)
    (tmp_path / "other.txt").write_text(altered(note))

    compare = ["history", "checkpoint", "--compare"]
    same = run.invoke(args=[*compare, str(tmp_path / "note.txt")])
    other = run.invoke(args=[*compare, str(tmp_path / "other.txt")])
    proved = run.invoke(args=["history", "prove", code, "2"])
    size = str(notes.read(note).size)
    grown = run.invoke(args=["history", "consistency", size, size])
    exported = run.invoke(args=["history", "export", str(tmp_path / "bundle.jsonl")])
    rotated = run.invoke(args=["history", "rotate-key"])

    assert (same.exit_code, other.exit_code) == (0, 1)
    assert "This log contains it." in same.stdout
    assert "not signed by a key of ours" in other.stdout
    assert json.loads(proved.stdout)["place"] >= 0
    assert (grown.exit_code, json.loads(grown.stdout)["proof"]) == (0, [])
    assert exported.exit_code == 0
    content = (tmp_path / "bundle.jsonl").read_bytes()
    assert bundles.Inspector(tmp_path).check(content, checkpoint=note)[0] == bundles.HOLDS
    assert rotated.exit_code == 0, rotated.output
    assert "hold" in run.invoke(args=["history", "verify"]).stdout


def test_each_auditor_is_sent_one_checkpoint_a_day(sealed):
    later = NOW.replace(year=NOW.year + 1)  # after what was signed just now
    with sealed.app_context(), transaction(db.engine) as session:
        auditor = session.query(Person).filter_by(login="thanhtra").one()
        auditor.email = "thanhtra@example.vn"
        session.flush()
        for hour in (1, 2):
            checkpoint_letters.make_some(session, later.replace(hour=hour))
        mails = session.query(Mail).filter_by(person_id=auditor.id).all()
        sent = session.query(CheckpointLetter).all()

        assert [mail.address for mail in mails] == ["thanhtra@example.vn"]
        assert [row.person_id for row in sent] == [auditor.id]
        note = mails[0].text[mails[0].text.index("127.0.0.1/history") :]
        assert notes.read("\n".join(note.splitlines()[:6])).size == sent[0].size


def test_sealing_again_signs_nothing_new(sealed):
    with sealed.app_context():
        jobs.seal_history(db.engine, sealed.config["SETTINGS"], at_once=True)
        with reading(db.engine) as session:
            assert session.scalar(sql("SELECT count(*) FROM checkpoint")) == 1
