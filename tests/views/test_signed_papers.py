"""Signed files of decisions and proposals: brought, examined, kept, handed out, watched over."""

import hashlib
import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from models.awards import Nomination
from models.history import EventKind, HistoryEvent
from models.papers import Decision
from models.process import ProcessInstance
from models.proposals import Proposal
from models.session import reading, transaction
from models.signed_papers import SignedPaper
from tests import signing
from tests.client import declare, text
from tests.staging import lately
from tests.views.test_proposals import HEAD, LEAD, OFFICER, opened, signed
from tests.views.test_register import CHAIRMAN, CLERK, SPECIALIST, ids_of, issued, number_of
from views.web import db
from workflows import history

_PNG = io.BytesIO()
Image.new("RGB", (4, 4)).save(_PNG, "PNG")
PICTURE = _PNG.getvalue()


@pytest.fixture
def engine(app):
    with app.app_context():
        return db.engine


@pytest.fixture
def decision(browse):
    """A decision that awards many, by its number in the address."""
    declare(browse(CHAIRMAN))
    return number_of(issued(browse)[1])


@pytest.fixture
def printed(browse, decision):
    """Its paper."""
    return browse(CLERK).get(f"/decisions/{decision}.pdf").data


def bring(client, where, content, name="ban-ky.pdf", **fields):
    sent = {"file": (io.BytesIO(content), name), **fields}
    return client.post(f"/signed-papers/{where}", data=sent)


def kept(engine):
    """What was brought since the province was made."""
    with reading(engine) as session:
        query = select(SignedPaper).where(SignedPaper.added_at > lately())
        return session.scalars(query.order_by(SignedPaper.id)).all()


def told(engine):
    """Every event of a signed file, by the nomination that tells it."""
    query = select(ProcessInstance.business_key, HistoryEvent).join(
        HistoryEvent, HistoryEvent.instance_id == ProcessInstance.id
    )
    with reading(engine) as session:
        ours = (HistoryEvent.kind == EventKind.PAPER_SIGNED, HistoryEvent.at > lately())
        rows = session.execute(query.where(*ours))
        return [(code, history.details(event)) for code, event in rows]


def faults(engine):
    with reading(engine) as session:
        return {fault.message for _instance, fault in history.verify_all(session) if fault}


def test_signed_decision_is_kept_told_and_shown(browse, engine, decision, printed):
    clerk, content = browse(CLERK), signing.sign(printed)

    answer = bring(clerk, f"decisions/{decision}", content)

    assert answer.status_code == 303, text(answer)
    page = text(clerk.get(answer.location))
    sha256 = hashlib.sha256(content).hexdigest()
    assert "Nguyễn Văn Ký" in page
    assert "Toàn vẹn" in page
    assert "Chưa kiểm tra độ tin cậy" in page
    assert sha256 in page
    (row,) = kept(engine)
    assert row.report["is_compared"] is True
    with reading(engine) as session:
        awarded = session.scalars(
            select(Nomination.code).where(Nomination.id.in_(ids_of(engine, decision)))
        ).all()
    assert len(awarded) > 1
    found = told(engine)
    assert sorted(code for code, _ in found) == sorted(awarded)
    assert {(one["signed_paper"], one["sha256"]) for _, one in found} == {(row.id, sha256)}
    assert faults(engine) == set()
    assert "Nguyễn Văn Ký" in text(clerk.get(f"/decisions/{decision}"))
    download = clerk.get(f"/signed-papers/{row.id}.pdf")
    assert download.data == content
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in download.headers["Content-Security-Policy"]
    own = browse(OFFICER).get(f"/signed-papers/decisions/{decision}")
    assert (own.status_code, "Chọn" in text(own)) == (200, False)


def test_stranger_checks_the_hash_of_the_signed_file_and_nothing_else(
    browse, engine, decision, printed
):
    with reading(engine) as session:
        token = session.get_one(Decision, decision).token
    before = text(browse().get(f"/check/{token}"))
    content = signing.sign(printed)
    bring(browse(CLERK), f"decisions/{decision}", content)

    after = text(browse().get(f"/check/{token}"))

    sha256 = hashlib.sha256(content).hexdigest()
    added = f"Mã băm SHA-256 của bản ký số{sha256}"
    assert after.replace(" ", "").replace(added.replace(" ", ""), "") == before.replace(
        " ", ""
    )
    assert "/login" in browse().get("/signed-papers/1.pdf").location


def test_refused_file_says_why_and_leaves_nothing(app, browse, engine, decision, printed):
    files, clerk = sorted(app.config["UPLOADS"].iterdir()), browse(CLERK)
    whole = signing.sign(printed)
    refused = {
        "chưa có chữ ký số": printed,
        "đã bị sửa sau khi": signing.tampered(whole),
        "thêm vào sau khi": signing.added_to(whole),
        "không đúng với phần mở rộng": b"%PDF-1.7 nothing",
    }

    for said, content in refused.items():
        answer = bring(clerk, f"decisions/{decision}", content)
        assert (answer.status_code, said in text(answer)) == (422, True), said

    picture = bring(clerk, f"decisions/{decision}", PICTURE, "anh.png")
    assert "phải là tệp PDF" in text(picture)
    assert (list(kept(engine)), told(engine)) == ([], [])
    assert sorted(app.config["UPLOADS"].iterdir()) == files


def test_another_papers_file_is_refused(browse, engine, decision, printed):
    """Our row is made another decision's; the file stays what it is."""
    clerk, content = browse(CLERK), signing.sign(printed)
    with reading(engine) as session:
        day = session.get_one(Decision, decision).issued_on
    day_before = day - timedelta(days=1)
    others = {
        f"ban hành ngày {day_before:%d/%m/%Y}": {"issued_on": day_before},
        "không phải số 77/QĐ-CTUBND": {"number": 77},
    }
    for said, values in others.items():
        with transaction(engine) as session:
            query = update(Decision).where(Decision.id == decision)
            session.execute(query.values(**values))
        answer = bring(clerk, f"decisions/{decision}", content)
        assert (answer.status_code, said in text(answer)) == (422, True), text(answer)
    assert list(kept(engine)) == []


def test_scan_cannot_be_compared_and_a_person_confirms(browse, engine, decision):
    scan, clerk = signing.sign(signing.blank()), browse(CLERK)
    assert "Tôi đã so" not in text(clerk.get(f"/signed-papers/decisions/{decision}"))

    asked = bring(clerk, f"decisions/{decision}", scan)
    answer = bring(clerk, f"decisions/{decision}", scan, confirmed="y")

    assert asked.status_code == 422
    assert "không có chữ để máy so" in text(asked)
    assert answer.status_code == 303
    assert "Máy không so được" in text(clerk.get(answer.location))
    (row,) = kept(engine)
    assert row.report["is_compared"] is False


def test_newer_file_is_a_new_version_and_the_same_again_is_none(
    browse, engine, decision, printed
):
    clerk, first = browse(CLERK), signing.sign(printed)
    second = signing.sign(printed, signing.person("Người khác"))
    for content in (first, first, second, second):
        assert bring(clerk, f"decisions/{decision}", content).status_code == 303

    rows = kept(engine)

    assert [row.version for row in rows] == [1, 2]
    downloads = [clerk.get(f"/signed-papers/{row.id}.pdf").data for row in rows]
    assert downloads == [first, second]
    assert len(told(engine)) == 2 * len(ids_of(engine, decision))
    assert faults(engine) == set()
    page = text(clerk.get(f"/signed-papers/decisions/{decision}"))
    assert page.index("Phiên bản 2 đang dùng") < page.index("Phiên bản 1 đã thay")


def test_trusted_signer_is_told_as_one(app, browse, decision, printed, tmp_path):
    app.config["TRUST_ROOTS"] = signing.roots(tmp_path / "roots")
    clerk = browse(CLERK)
    expired = signing.person("Hết hạn", is_expired=True)

    bring(clerk, f"decisions/{decision}", signing.sign(printed))
    trusted = text(clerk.get(f"/signed-papers/decisions/{decision}"))
    bring(clerk, f"decisions/{decision}", signing.sign(printed, expired))
    both = text(clerk.get(f"/signed-papers/decisions/{decision}"))

    assert "Tin cậy" in trusted
    assert "Không tin cậy" not in trusted
    assert "Chưa kiểm tra" not in trusted
    assert "chứng thư số đã hết hạn" in both


def test_proposals_signed_file_comes_from_its_own_office(browse, engine):
    officer, head = browse(OFFICER), browse(HEAD)
    draft = opened(officer)
    number = int(draft.request.path.rsplit("/", 1)[1])
    assert bring(officer, f"proposals/{number}", b"").status_code == 404
    signed(head, head.get(draft.request.path))
    content = signing.sign(head.get(f"/proposals/{number}/paper.pdf").data)

    lead = bring(browse(LEAD), f"proposals/{number}", content)
    stranger = bring(browse("hoa.yte"), f"proposals/{number}", content)
    own = bring(head, f"proposals/{number}", content)

    assert [lead.status_code, stranger.status_code, own.status_code] == [404, 404, 303]
    assert "Nguyễn Văn Ký" in text(browse(LEAD).get(f"/proposals/{number}"))
    (row,) = kept(engine)
    assert browse("hoa.yte").get(f"/signed-papers/{row.id}.pdf").status_code == 404
    with reading(engine) as session:
        count = len(session.get_one(Proposal, number).entries)
    assert len(told(engine)) == count > 0
    assert faults(engine) == set()


def test_only_the_records_clerk_brings_a_decisions_file(browse, engine, decision, printed):
    content = signing.sign(printed)
    for login in (SPECIALIST, CHAIRMAN, OFFICER, "thanhtra"):
        assert bring(browse(login), f"decisions/{decision}", content).status_code == 404
    assert list(kept(engine)) == []


ROW = "file_name, size, sha256, report, salt, digest, added_by, added_at"
INTO = f"INSERT INTO signed_paper (decision_id, version, token, {ROW})"
LAST = "WHERE id = (SELECT max(id) FROM signed_paper)"
SLIPPED_IN = f"{INTO} SELECT decision_id, 9, 'other', {ROW} FROM signed_paper {LAST}"  # noqa: S608 - an attack
ATTACKS = {
    "UPDATE signed_paper SET sha256 = token": "bị sửa hoặc bị xóa khỏi sổ",
    "UPDATE signed_paper SET report = '{}'": "bị sửa hoặc bị xóa khỏi sổ",
    "UPDATE signed_paper SET token = 'x'": "bị sửa hoặc bị xóa khỏi sổ",
    "UPDATE signed_paper SET decision_id = 1, version = 7": "bị sửa hoặc bị xóa khỏi sổ",
    "DELETE FROM signed_paper": "bị sửa hoặc bị xóa khỏi sổ",
    SLIPPED_IN: "không được ghi vào",
}


def test_what_is_changed_behind_our_back_is_found(app, browse, engine, decision, printed):
    bring(browse(CLERK), f"decisions/{decision}", signing.sign(printed))
    (row,) = kept(engine)
    assert faults(engine) == set()

    for attack, said in ATTACKS.items():
        with Session(engine) as session:
            session.execute(sql(attack if LAST in attack else f"{attack} {LAST}"))
            found = {fault.message for _, fault in history.verify_all(session) if fault}
        assert [one for one in found if said in one], attack
    (app.config["UPLOADS"] / row.token).write_bytes(signing.sign(printed))
    changed = faults(engine)
    (app.config["UPLOADS"] / row.token).unlink()

    assert changed == faults(engine) == {"Tệp văn bản đã ký này bị sửa hoặc không còn."}
