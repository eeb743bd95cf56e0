"""A decision whole as a ZIP: what is in it, who has it, what it says of trouble, how it ends."""

import hashlib
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from awards import archives, exports, files
from awards.papers import compile_paper
from awards.signed import keeping
from awards.tables import decision_papers, decisions
from models.awards import Nomination
from models.exports import Export, ExportState
from models.organisation import Unit
from models.papers import Attachment
from models.proposals import Proposal, ProposalEntry, ProposalKind
from models.session import reading, transaction
from tests import factories, signing
from tests.client import declare, form, text
from tests.views.test_exports import latest
from tests.views.test_register import CHAIRMAN, CLERK, ids_of, issued, number_of
from tests.views.test_signed_papers import bring
from views.web import db

SAMPLE = {"title": "Tờ trình", "unit": "Sở Tư pháp", "nominee": "Nguyễn Thị An"}


@pytest.fixture
def engine(app):
    with app.app_context():
        return db.engine


@pytest.fixture
def decision(browse):
    declare(browse(CHAIRMAN))
    return number_of(issued(browse)[1])


def order(client, decision):
    """Press the button on the decision's page; the page that tells how far it is."""
    page = client.get(f"/decisions/{decision}")
    answer = form(page, f"/exports/decisions/{decision}").send(client)
    assert answer.status_code == 303, text(answer)
    return client.get(answer.location)


def opened(client, export):
    answer = client.get(f"/exports/{export.id}.zip")
    assert answer.status_code == 200
    return answer, zipfile.ZipFile(io.BytesIO(answer.data))


def dossiers(engine, decision):
    """The paths that the dossiers' papers should have, with what our books say they hash to."""
    query = (
        select(Nomination.code, Attachment)
        .join(Attachment, Attachment.nomination_id == Nomination.id)
        .where(Nomination.id.in_(ids_of(engine, decision)), Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    )
    with reading(engine) as session:
        return [(code, row.sha256) for code, row in session.execute(query)]


def test_all_of_a_decision_is_in_it_with_its_hashes(app, browse, engine, decision):
    clerk = browse(CLERK)
    paper = clerk.get(f"/decisions/{decision}.pdf").data
    signed = signing.sign(paper)
    bring(clerk, f"decisions/{decision}", signed)

    page = order(clerk, decision)
    export = latest(app)
    answer, archive = opened(clerk, export)

    assert "Tệp ZIP đã đóng xong" in text(page)
    assert export.state == ExportState.READY
    assert export.total == export.done == len(archive.namelist()) - 2
    assert hashlib.sha256(answer.data).hexdigest() == export.sha256
    assert answer.headers["Content-Disposition"].startswith(
        "attachment; filename=quyet-dinh-"
    )
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    content = {name: archive.read(name) for name in archive.namelist()}
    papers = sorted(name for name in content if name.startswith("quyet-dinh/"))
    assert [content[name] for name in papers] == [signed, paper]
    found = [
        (name.split("/")[1], hashlib.sha256(content[name]).hexdigest())
        for name in content
        if name.startswith("ho-so/")
    ]
    assert sorted(found) == sorted(dossiers(engine, decision))
    assert len(found) > 1
    sums = dict(
        reversed(line.split("  ", 1))
        for line in content["SHA256SUMS"].decode().splitlines()
    )
    own = {name: hashlib.sha256(c).hexdigest() for name, c in content.items()}
    assert sums == {name: own[name] for name in own if name != "SHA256SUMS"}
    book = CalamineWorkbook.from_filelike(io.BytesIO(content["danh-sach.xlsx"]))
    assert len(book.get_sheet_by_index(0).to_python()) == 1 + len(ids_of(engine, decision))
    readme = content["README.txt"].decode()
    assert "Có dữ liệu cá nhân" in readme
    assert "KHÔNG CÒN" not in readme
    assert "KHÁC VỚI" not in readme


def brought(app, engine, decision):
    """A tờ trình with one of the awarded in it: as printed, signed, and signed but not scanned."""
    now, printed = datetime.now(UTC), compile_paper("sample.typ", SAMPLE)
    signed = [signing.sign(printed, signing.person(name)) for name in ("Một", "Hai")]
    with transaction(engine) as session:
        nomination = session.get_one(Nomination, ids_of(engine, decision)[0])
        proposal = Proposal(
            kind=ProposalKind.UNIT,
            queue="unit_head:SO-TP",
            movement_id=nomination.movement_id,
            opened_by=1,
            opened_at=now,
            number=7,
            year=2026,
            suffix="TTr-STP",
            signed_on=now.date(),
            signed_at=now,
            signed_by=1,
            content={},
            paper=printed,
            paper_sha256=hashlib.sha256(printed).hexdigest(),
        )
        proposal.entries = [
            ProposalEntry(
                nomination=nomination, position=1, outcome="approve", reason="", values={}
            )
        ]
        session.add(proposal)
        session.flush()
        for content, is_waiting in zip(signed, (False, True), strict=True):
            keeping.add(
                session,
                proposal,
                files.store(io.BytesIO(content), "ky.pdf", app.config["UPLOADS"]),
                {"signatures": [], "is_compared": True},
                actor=factories.actor(session, "unit_head:SO-TP"),
                now=now,
                is_to_be_scanned=is_waiting,
            )
        return printed, signed[0], nomination.unit_id


def test_proposals_and_notices_of_results_are_in_it(app, browse, engine, decision):
    printed, signed, _unit = brought(app, engine, decision)
    with reading(engine) as session:
        query = select(Unit).join(Nomination, Nomination.unit_id == Unit.id)
        query = query.where(Nomination.id.in_(ids_of(engine, decision))).distinct()
        units = {unit.code: unit.name for unit in session.scalars(query)}
    clerk = browse(CLERK)

    order(clerk, decision)
    _answer, archive = opened(clerk, latest(app))

    content = {name: archive.read(name) for name in archive.namelist()}
    assert {n: c for n, c in content.items() if n.startswith("to-trinh/")} == {
        "to-trinh/07-2026-TTr-STP.pdf": printed,
        "to-trinh/07-2026-TTr-STP-ky-so-1.pdf": signed,
    }
    notices = {n: c for n, c in content.items() if n.startswith("thong-bao/")}
    assert set(notices) == {f"thong-bao/{code}.pdf" for code in units}
    for code, name in units.items():
        with pypdfium2.PdfDocument(notices[f"thong-bao/{code}.pdf"]) as document:
            words = " ".join(document[0].get_textpage().get_text_range().split())
        assert "THÔNG BÁO" in words
        assert name in words
    readme = content["README.txt"].decode()
    assert "KHÔNG CÒN" not in readme
    assert "KHÁC VỚI" not in readme


def test_archive_without_its_proposals_is_seen(app, browse, engine, decision, monkeypatch):
    brought(app, engine, decision)
    kept = [make for make in decisions.PARTS if make is not decision_papers.proposals]
    monkeypatch.setattr(decisions, "PARTS", kept)
    clerk = browse(CLERK)

    order(clerk, decision)
    _answer, archive = opened(clerk, latest(app))

    assert [name for name in archive.namelist() if name.startswith("to-trinh/")] == []


def test_what_is_missing_or_changed_is_told(app, browse, engine, decision):
    with reading(engine) as session:
        query = select(Attachment).where(
            Attachment.nomination_id.in_(ids_of(engine, decision))
        )
        gone, changed = session.scalars(query.order_by(Attachment.id)).all()[:2]
    for row, content in ((gone, None), (changed, b"other")):
        path = app.config["UPLOADS"] / row.token
        path.unlink()  # it is a link to the file of all tests
        if content:
            path.write_bytes(content)
    clerk = browse(CLERK)

    order(clerk, decision)
    _answer, archive = opened(clerk, latest(app))

    readme = archive.read("README.txt").decode()
    missing, _, other = readme.partition("KHÁC VỚI")
    assert gone.file_name in missing.partition("KHÔNG CÒN")[2]
    assert changed.file_name in other


def test_it_is_its_makers_alone_and_goes_after_a_day(app, browse, engine, decision):
    clerk = browse(CLERK)
    order(clerk, decision)
    export = latest(app)
    folder = app.config["UPLOADS"].parent / "archives"
    assert [path.name for path in folder.iterdir()] == [export.token]

    assert browse("tuan.noivu").get(f"/exports/{export.id}.zip").status_code == 404
    later = datetime.now(UTC) + timedelta(days=1, minutes=1)
    with transaction(engine) as session:
        exports.remove_expired(session, later)

    assert list(folder.iterdir()) == []
    assert latest(app).token is None
    gone = clerk.get(f"/exports/{export.id}.zip")
    assert gone.status_code == 303
    assert "đã hết hạn" in text(clerk.get(gone.location))


def test_lost_post_and_lost_file_are_no_download(app, browse, engine, decision):
    clerk = browse(CLERK)
    order(clerk, decision)
    export = latest(app)
    with transaction(engine) as session:
        mine = update(Export).where(Export.id == export.id)
        session.execute(mine.values(queues=["chairman"]))
    barred = clerk.get(f"/exports/{export.id}.zip")
    with transaction(engine) as session:
        session.execute(mine.values(queues=export.queues))
    (app.config["UPLOADS"].parent / "archives" / export.token).unlink()

    assert barred.status_code == 303
    assert clerk.get(f"/exports/{export.id}.zip").status_code == 303


def test_too_large_a_one_is_refused_before(app, browse, decision, monkeypatch):
    monkeypatch.setattr(decisions, "MAX_BYTES", 10)
    clerk, before = browse(CLERK), latest(app).id

    page = order(clerk, decision)

    assert "nhiều nhất 1 KB" in text(page)
    assert latest(app).id == before


def test_units_are_not_offered_it(browse, decision):
    answer = browse("lan.tuphap").post(f"/exports/decisions/{decision}")
    assert answer.status_code == 404
    assert browse(CLERK).post("/exports/decisions/9999").status_code == 404


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Báo cáo.pdf", "Báo cáo.pdf"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("a/b\\c:d*e?.pdf", "a-b-c-d-e-.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("..", "tep"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("a\x00b\nc", "a-b-c"),
    ],
)
def test_names_in_it_can_be_written_anywhere(name, safe):
    assert archives.safe(name) == safe


def test_what_fails_leaves_nothing(tmp_path):
    def fails():
        raise BrokenPipeError

    members = [archives.Member("a", lambda: b"a"), archives.Member("b", fails)]
    with pytest.raises(BrokenPipeError):
        archives.pack(tmp_path, members, "", now=datetime.now(UTC))

    assert list(tmp_path.iterdir()) == []
