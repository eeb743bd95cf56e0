"""F6 of trust.md: nobody opens a file, or sends it on, that the scanner has not called clean.

The scanner is a server that speaks clamd's protocol, well, slowly, torn or not at all.
"""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import rounds
from awards import clamd, scanning
from awards.clamd import Clamd, Verdict
from models.history import EventKind, HistoryEvent
from models.papers import Attachment, ScanState
from models.process import ProcessInstance
from models.session import reading, transaction
from models.tasks import TaskState, UserTask
from tests import clamd as scanners
from tests import factories
from tests.clamd import EICAR, FOUND, Mood, Scanner
from tests.client import CheckingClient, text
from tests.trust import uploads
from views.web import db
from workflows import history

pytestmark = pytest.mark.trust
LOGIN = "lan.tuphap"
INFECTED = uploads.pdf() + b"\n%" + EICAR + b"\n%%EOF"
CLEAN = uploads.pdf("Sáng kiến")
AWAY = ("down", Mood.SLOW, Mood.KILLED, Mood.TORN, Mood.ODD)


class Desk:
    """An officer at the first step of a nomination, with a scanner behind the site."""

    def __init__(self, app: Flask, client: Any, scanner: Scanner) -> None:
        self.app, self.client, self.scanner = app, client, scanner
        with app.app_context(), transaction(db.engine) as session:
            nomination = factories.begin(session)
            self.task = factories.open_task(session, nomination).id
            self.code = nomination.code

    def page(self) -> Any:
        return self.client.get(f"/tasks/{self.task}")

    def send(self, content: bytes, *, on: bool = False) -> Any:
        """Bring a file with a draft, or with the whole step."""
        with self.app.app_context(), reading(db.engine) as session:
            revision = session.get_one(UserTask, self.task).revision
        fields = {
            "outcome": "approve",
            "nominee_name": "Trần Thị Đào",
            "achievements": "Giải quyết đúng hạn mọi hồ sơ.",
            "revision": str(revision),
            "command_key": factories.command_key(),
            "file__sang_kien": (io.BytesIO(content), "Sáng kiến.pdf"),
        }
        if not content:
            del fields["file__sang_kien"]
        address = f"/tasks/{self.task}" if on else f"/tasks/{self.task}/draft"
        return self.client.post(address, data=fields)

    def file(self) -> Attachment:
        """The file that came last."""
        with self.app.app_context(), reading(db.engine) as session:
            query = select(Attachment).order_by(Attachment.id.desc())
            return session.scalars(query.limit(1)).one()

    def state(self) -> ScanState:
        return self.file().scan_state

    def opens(self) -> set[int]:
        """What those who ask for the file are answered."""
        address = f"/attachments/{self.file().id}"
        return {
            self.client.get(f"{address}{end}").status_code for end in ("", "/preview.png")
        }

    def is_open(self) -> bool:
        with self.app.app_context(), reading(db.engine) as session:
            return session.get_one(UserTask, self.task).state != TaskState.COMPLETED

    def sweep(self) -> None:
        """What the server does every minute."""
        settings = replace(self.app.config["SETTINGS"], clamd=self.scanner.address)
        with self.app.app_context():
            rounds.scan_files(db.engine, settings)

    def verdicts(self) -> list[str]:
        """What the history tells of the scanner; the chain holds."""
        with self.app.app_context(), reading(db.engine) as session:
            for instance in session.scalars(select(ProcessInstance)):
                assert history.verify(session, instance) is None
            query = select(HistoryEvent).where(HistoryEvent.kind == EventKind.FILE_SCANNED)
            return [str(history.details(event)["scan"]) for event in session.scalars(query)]

    def make(self, mood: Mood | str) -> None:
        """Have the scanner behave so from now on."""
        if mood == "down":
            self.app.config["SCANNER"] = Clamd(scanners.nobody())
            self.scanner.address = self.app.config["SCANNER"].address
        else:
            self.scanner.mood = Mood(mood)


@pytest.fixture
def desk(app: Flask, browse: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(scanning, "SECONDS_AT_ONCE", 0.5)
    monkeypatch.setattr(scanning, "SECONDS_LATER", 0.2)
    app.test_client_class = CheckingClient
    with scanners.scanning() as scanner:
        app.config["SCANNER"] = Clamd(scanner.address)
        yield Desk(app, browse(LOGIN), scanner)


def test_clean_file_is_open_at_once_and_sent_on(desk):
    assert desk.send(CLEAN).status_code == 303

    assert desk.state() == ScanState.CLEAN
    assert desk.opens() == {200}
    assert desk.verdicts() == ["clean"]
    assert desk.scanner.heard == [CLEAN]
    assert desk.send(b"", on=True).status_code == 303
    assert not desk.is_open()


def test_new_file_goes_on_with_its_step(desk):
    assert desk.send(CLEAN, on=True).status_code == 303

    assert not desk.is_open()
    assert desk.verdicts() == ["clean"]


@pytest.mark.parametrize("on", [False, True], ids=["as a draft", "with the step"])
def test_infected_file_is_shut_and_its_bringer_sees_why(desk, on):
    answer = desk.send(INFECTED, on=on)

    assert answer.status_code == (422 if on else 303)
    assert desk.state() == ScanState.INFECTED
    assert desk.opens() == {409}
    assert desk.verdicts() == ["infected"]
    assert FOUND in text(desk.page())
    assert FOUND in text(desk.client.get(f"/nominations/{desk.code}"))
    assert desk.send(b"", on=True).status_code == 422
    assert desk.is_open()


def test_step_goes_on_once_the_infected_file_is_out(desk):
    desk.send(INFECTED)
    desk.client.post(f"/tasks/{desk.task}/draft", data={"remove": desk.file().id})

    assert desk.send(b"", on=True).status_code == 303
    assert desk.opens() == {409}


def test_file_that_cannot_be_judged_is_shut(desk):
    desk.make(Mood.LIMIT)
    desk.send(CLEAN)

    assert desk.state() == ScanState.FAILED
    assert desk.opens() == {409}
    assert desk.verdicts() == ["failed"]
    assert "Máy quét không kiểm tra được tệp này." in text(desk.page())
    assert desk.send(b"", on=True).status_code == 422
    desk.make(Mood.WELL)
    desk.send(CLEAN)  # the same again: the scanner is asked again
    assert desk.verdicts() == ["failed", "clean"]
    assert desk.opens() == {200}


def waits(desk: Desk, mood: Mood | str) -> list[str]:
    """What is wrong while the scanner is away."""
    desk.make(mood)
    answers = [
        desk.send(INFECTED, on=True).status_code,
        desk.send(b"", on=True).status_code,
    ]
    desk.sweep()
    found = [f"sent on: {answers}"] if answers != [422, 422] or not desk.is_open() else []
    found += [f"state: {desk.state()}"] if desk.state() != ScanState.PENDING else []
    found += [f"opens: {desk.opens()}"] if desk.opens() != {409} else []
    found += [f"told: {desk.verdicts()}"] if desk.verdicts() else []
    return found


@pytest.mark.parametrize("mood", AWAY)
def test_while_the_scanner_is_away_files_wait_and_then_are_judged(desk, mood):
    where = desk.scanner.address
    assert waits(desk, mood) == []
    assert "Đang chờ quét vi-rút" in text(desk.page())

    desk.scanner.address = where
    desk.make(Mood.WELL)
    desk.sweep()
    desk.sweep()
    assert desk.state() == ScanState.INFECTED
    assert desk.verdicts() == ["infected"]


def test_step_may_be_sent_again_once_the_scanner_is_back(desk):
    where = desk.scanner.address
    desk.make("down")
    answer = desk.send(CLEAN, on=True)
    assert "máy quét vi-rút chưa cho qua: Sáng kiến.pdf" in text(answer)
    assert "Giải quyết đúng hạn mọi hồ sơ." in text(desk.page())

    desk.scanner.address = where
    desk.sweep()
    assert desk.send(b"", on=True).status_code == 303


def test_without_a_scanner_files_are_clean_at_once(desk):
    desk.app.config["SCANNER"] = None
    desk.send(CLEAN)

    assert desk.opens() == {200}
    assert desk.verdicts() == []


BREAKS = {
    "fails open": (scanning, "ask", lambda *_, **__: Verdict(ScanState.CLEAN)),
    "takes any answer": (clamd, "_verdict", lambda _answer: Verdict(ScanState.CLEAN)),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_scanner_that_lets_files_pass_while_it_is_away_is_seen(desk, monkeypatch, broken):
    monkeypatch.setattr(*BREAKS[broken])

    assert waits(desk, Mood.TORN) != []


def test_page_that_opens_what_waits_is_seen(desk, monkeypatch):
    monkeypatch.setattr(Attachment, "is_clean", property(lambda _row: True))

    assert waits(desk, "down") == ["opens: {200}"]
