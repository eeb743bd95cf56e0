"""F6 of trust.md for signed files: nobody opens one that the scanner has not called clean."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

import rounds
from awards import scanning
from awards.clamd import Clamd, Verdict
from models.history import EventKind, HistoryEvent
from models.papers import ScanState
from models.session import reading, transaction
from models.signed_papers import SignedPaper
from tests import clamd as scanners
from tests import signing
from tests.clamd import EICAR, FOUND, Mood
from tests.client import declare, text
from tests.staging import lately
from tests.views.test_register import CHAIRMAN, CLERK, ids_of, issued, number_of
from tests.views.test_signed_papers import bring
from views.web import db
from workflows import history


@pytest.fixture
def scanner(app, monkeypatch):
    monkeypatch.setattr(scanning, "SECONDS_AT_ONCE", 0.5)
    with scanners.scanning() as running:
        app.config["SCANNER"] = Clamd(running.address)
        yield running
    app.config["SCANNER"] = None


@pytest.fixture
def decision(browse):
    declare(browse(CHAIRMAN))
    return number_of(issued(browse)[1])


@pytest.fixture
def signed(browse, decision):
    return signing.sign(browse(CLERK).get(f"/decisions/{decision}.pdf").data)


def rows(app):
    with app.app_context(), reading(db.engine) as session:
        query = select(SignedPaper).where(SignedPaper.added_at > lately())
        return session.scalars(query.order_by(SignedPaper.id)).all()


def verdicts(app):
    """What the histories tell of the scanner; the chains hold."""
    with app.app_context(), reading(db.engine) as session:
        assert [fault for _instance, fault in history.verify_all(session) if fault] == []
        told = select(HistoryEvent).where(
            HistoryEvent.kind == EventKind.FILE_SCANNED, HistoryEvent.at > lately()
        )
        return [str(history.details(event)["scan"]) for event in session.scalars(told)]


def sweep(app, address):
    with app.app_context():
        rounds.scan_files(db.engine, replace(app.config["SETTINGS"], clamd=address))


def test_clean_file_is_open_at_once_and_told_in_every_history(
    app, browse, decision, signed, scanner
):
    clerk = browse(CLERK)
    answer = bring(clerk, f"decisions/{decision}", signed)

    (row,) = rows(app)
    assert answer.status_code == 303
    assert row.scan_state == ScanState.CLEAN
    assert scanner.heard == [signed]
    assert clerk.get(f"/signed-papers/{row.id}.pdf").data == signed
    with app.app_context():
        assert verdicts(app) == ["clean"] * len(ids_of(db.engine, decision))


@pytest.mark.parametrize(
    ("mood", "said"), [(Mood.WELL, FOUND), (Mood.LIMIT, "không kiểm tra được")]
)
def test_infected_file_is_refused_with_a_sentence(
    app, browse, decision, signed, scanner, mood, said
):
    scanner.mood = mood
    before = sorted(app.config["UPLOADS"].iterdir())
    answer = bring(browse(CLERK), f"decisions/{decision}", signed + b"%" + EICAR + b"\n")

    assert (answer.status_code, said in text(answer)) == (422, True), text(answer)
    assert list(rows(app)) == []
    assert sorted(app.config["UPLOADS"].iterdir()) == before


def waits(app, browse, decision, content):
    """What is wrong while the scanner is away."""
    app.config["SCANNER"] = Clamd(scanners.nobody())
    clerk = browse(CLERK)
    assert bring(clerk, f"decisions/{decision}", content).status_code == 303
    (row,) = rows(app)
    page = text(clerk.get(f"/signed-papers/decisions/{decision}"))
    found = [] if row.scan_state == ScanState.PENDING else [f"state: {row.scan_state}"]
    found += [] if "Chờ máy quét vi-rút" in page else ["the page is silent"]
    code = clerk.get(f"/signed-papers/{row.id}.pdf").status_code
    return found + ([f"opens: {code}"] if code != 409 else [])


@pytest.mark.parametrize("is_infected", [False, True])
def test_while_the_scanner_is_away_the_file_waits_and_is_then_judged(
    app, browse, decision, signed, scanner, monkeypatch, is_infected
):
    assert waits(app, browse, decision, signed) == []
    sweep(app, scanners.nobody())
    assert verdicts(app) == []
    (row,) = rows(app)
    if is_infected:
        monkeypatch.setattr(scanners, "EICAR", signed[-100:])
    sweep(app, scanner.address)
    sweep(app, scanner.address)

    with app.app_context():
        count = len(ids_of(db.engine, decision))
    state = ScanState.INFECTED if is_infected else ScanState.CLEAN
    assert verdicts(app) == [state.value] * count
    clerk = browse(CLERK)
    answer = clerk.get(f"/signed-papers/{row.id}.pdf")
    assert answer.status_code == (409 if is_infected else 200)
    page = text(clerk.get(f"/decisions/{decision}"))
    assert (FOUND in page) == is_infected


def test_verdict_changed_behind_our_back_is_found(app, browse, decision, signed, scanner):
    waits(app, browse, decision, signed)
    with app.app_context(), transaction(db.engine) as session:
        session.execute(update(SignedPaper).values(scan_state=ScanState.CLEAN))
        found = {fault.message for _instance, fault in history.verify_all(session) if fault}

    assert found == {"Kết quả quét vi-rút của văn bản đã ký bị sửa."}


def test_control_scanner_that_fails_open_is_seen(
    app, browse, decision, signed, scanner, monkeypatch
):
    monkeypatch.setattr(scanning, "ask", lambda *_, **__: Verdict(ScanState.CLEAN))

    assert waits(app, browse, decision, signed) != []


def test_control_page_that_opens_what_waits_is_seen(
    app, browse, decision, signed, scanner, monkeypatch
):
    monkeypatch.setattr(SignedPaper, "is_clean", property(lambda _row: True))

    assert waits(app, browse, decision, signed) == ["the page is silent", "opens: 200"]
