"""The scanner's client and what becomes of its verdicts, against a server that speaks clamd."""

import io
from functools import partial

import pytest

from awards import files, scanning
from awards.clamd import Clamd, Unreachable, Verdict
from awards.errors import FilesWithheld
from models.history import EventKind
from models.papers import ScanState
from tests import clamd
from tests.awards.conftest import stored
from tests.clamd import EICAR, FOUND, Mood
from workflows import history

CLEAN = Verdict(ScanState.CLEAN)
INFECTED = Verdict(ScanState.INFECTED, FOUND)
FAILED = Verdict(ScanState.FAILED, "INSTREAM size limit exceeded")


@pytest.fixture(scope="module")
def running():
    with clamd.scanning() as scanner:
        yield scanner


@pytest.fixture
def scanner(running):
    running.mood = Mood.WELL
    running.heard.clear()
    return running


def scan(scanner, content, seconds=5.0):
    return Clamd(scanner.address).scan(io.BytesIO(content), seconds=seconds)


@pytest.mark.parametrize("content", [b"", b"x", b"x" * 65_536, bytes(1_000_000)])
def test_clean_file_is_heard_whole_and_called_clean(scanner, content):
    assert scan(scanner, content) == CLEAN
    assert scanner.heard == [content]


@pytest.mark.parametrize("before", [0, 65_530, 200_000])
def test_eicar_is_found_wherever_it_lies(scanner, before):
    assert scan(scanner, bytes(before) + EICAR + bytes(50_000)) == INFECTED


def test_scanner_may_listen_on_a_socket_of_the_machine(tmp_path):
    with clamd.scanning(str(tmp_path / "clamd.ctl")) as scanner:
        assert scan(scanner, EICAR) == INFECTED


def test_what_the_scanner_cannot_judge_is_failed(scanner):
    scanner.mood = Mood.LIMIT

    assert scan(scanner, bytes(3_000_000)) == FAILED


@pytest.mark.parametrize("mood", [Mood.SLOW, Mood.KILLED, Mood.TORN, Mood.ODD])
def test_scanner_in_trouble_gives_no_verdict(scanner, mood):
    scanner.mood = mood
    with pytest.raises(Unreachable):
        scan(scanner, bytes(100_000), seconds=0.2)


@pytest.mark.parametrize("address", ["nobody", "/nowhere/clamd.ctl"])
def test_scanner_that_is_down_gives_no_verdict(address):
    where = clamd.nobody() if address == "nobody" else address
    with pytest.raises(Unreachable):
        Clamd(where).scan(io.BytesIO(EICAR), seconds=1)


# verdicts


@pytest.fixture
def attached(world):
    nomination = world.nominate()
    row = files.attach(
        world.session,
        nomination,
        stored("Sáng kiến.pdf"),
        item_code="sang_kien",
        actor=world.actor("unit_officer:SO-TP"),
        now=world.now,
        is_to_be_scanned=True,
    )
    return nomination, row


def kinds(world, nomination):
    events = history.of(world.session, nomination.instance_id)
    return [event.kind for event in events if event.kind == EventKind.FILE_SCANNED]


_P, _C, _I, _F = ScanState
STATES = {  # from, the verdict that comes, what stands then
    (_P, _C): _C, (_P, _I): _I, (_P, _F): _F,
    (_F, _C): _C, (_F, _I): _I, (_F, _F): _F,
    (_C, _C): _C, (_C, _I): _C, (_C, _F): _C,
    (_I, _C): _I, (_I, _I): _I, (_I, _F): _I,
}  # fmt: skip


@pytest.mark.parametrize(("states", "after"), STATES.items())
def test_verdict_is_kept_once_and_told(world, attached, states, after):
    nomination, row = attached
    settle = partial(scanning.settle, world.session, row, now=world.now)
    before, verdict = states
    settle(Verdict(before)) if before != ScanState.PENDING else None
    told = len(kinds(world, nomination))
    settle(Verdict(verdict, "x"))

    assert row.scan_state == after
    assert len(kinds(world, nomination)) == told + (after != before)
    assert history.verify(world.session, nomination.instance) is None


def test_verdict_in_the_history_says_what_was_found(world, attached):
    nomination, row = attached
    scanning.settle(world.session, row, INFECTED, now=world.now)

    last = history.of(world.session, nomination.instance_id)[-1]
    assert history.details(last) == {
        "attachment": row.id,
        "sha256": row.sha256,
        "scan": "infected",
        "finding": FOUND,
    }


@pytest.mark.parametrize("state", [s for s in ScanState if s != ScanState.CLEAN])
def test_dossier_is_not_sent_on_while_a_file_is_withheld(world, attached, state):
    nomination, row = attached
    if state != ScanState.PENDING:
        scanning.settle(world.session, row, Verdict(state), now=world.now)
    with pytest.raises(FilesWithheld) as refused:
        world.answer(nomination, "approve")

    assert refused.value.values == {"names": "Sáng kiến.pdf"}


def test_dossier_is_sent_once_the_file_is_clean_or_gone(world, attached):
    nomination, row = attached
    scanning.settle(world.session, row, CLEAN, now=world.now)

    assert files.withheld(world.session, nomination) == []
    assert world.answer(nomination, "approve").outcome == "approve"


def test_dossier_with_a_withheld_file_may_be_withdrawn(world, attached):
    nomination, _row = attached

    assert world.answer(nomination, "withdraw").outcome == "withdraw"


def test_files_wait_oldest_first(world, attached):
    _nomination, row = attached

    assert scanning.waiting(world.session) == [(row.id, row.token)]
    scanning.settle(world.session, row, FAILED, now=world.now)
    assert scanning.waiting(world.session) == []


def test_file_whose_bytes_are_gone_has_failed(tmp_path):
    scanner = Clamd(clamd.nobody())

    verdict = scanning.ask(scanner, "0" * 32, tmp_path, seconds=1)
    assert verdict == Verdict(ScanState.FAILED, "missing")
