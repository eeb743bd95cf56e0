"""H3, H8, H9 and O2 of trust.md: whoever touches the history is found, and cannot hide it.

Verifying looks at the database from inside. A log that was rewritten as a whole, by somebody who
has the key as well, is found through a checkpoint that had left the building, and no other way.
"""

import logging
import random
from contextlib import closing
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from awards import reads
from models.awards import Nomination
from models.history import HistoryEvent
from models.log import Checkpoint, HistoryLeaf, HistoryNode, LeafSource
from models.reads import ReadKind
from models.session import reading, transaction
from tests import factories
from tests.conftest import NOW, connect
from tests.trust import bundles, forger
from tests.trust.forger import Forger
from workflows import (
    checkpoints,
    following,
    history,
    key_files,
    log_checks,
    notes,
    sealing,
    tree,
)
from workflows.checkpoints import Verdict
from workflows.errors import LogBroken

pytestmark = pytest.mark.trust
TWO = 2


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return bundles.key(tmp_path_factory.mktemp("key"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def sealed(request, key):
    """A database with an awarded nomination and two on their way, and two checkpoints of it."""
    engine = connect(request.getfixturevalue(request.param).copy("province"))
    with transaction(engine) as session:
        awarded = factories.begin_at(session, "issue_decision")
        factories.answer(session, awarded)
        for kind in (ReadKind.DOSSIER_OPENED, ReadKind.HISTORY_OPENED):
            auditor = factories.actor(session, "auditor")
            reads.record(session, kind, awarded, actor=auditor, now=NOW)
    first = bundles.seal(engine, key)
    with transaction(engine) as session:
        factories.begin_at(session, "appraise")
        factories.begin_at(session, "review_by_block")
    second = bundles.seal(engine, key, NOW + timedelta(hours=1))
    yield engine, (first, second)
    engine.dispose()


def fault(session):
    """The first thing that verifying finds: of which nomination, which event, or where else."""
    session.expire_all()
    with closing(history.verify_all(session)) as instances:
        for _instance, found in instances:
            if found:
                return found.business_key, found.sequence
    if found := reads.verify_all(session):
        return found.chain, found.sequence
    found = log_checks.verify(session)
    return found and ("log", found.message)


def unseen(engine, edits, count):
    """The edits out of so many random ones that are not found, or told of the wrong event."""
    random_ = random.Random(3)
    missed = []
    with Session(engine) as session:
        forger.unlock(session)
        assert fault(session) is None
        for number in range(count):
            edit = edits[number % len(edits)]
            with session.begin_nested() as savepoint:
                touched = getattr(Forger(session, random_), edit)()
                session.flush()
                found = fault(session)
                savepoint.rollback()
            if found is None or (touched and found[1] not in touched.get(found[0], ())):
                missed.append((edit, touched, found))
        session.rollback()
    return missed


def test_every_random_edit_is_found_and_named(sealed, size):
    engine, _notes = sealed

    assert unseen(engine, forger.EDITS, size(2_000) // TWO) == []


def test_without_the_leaves_a_rewritten_chain_would_not_be_found(sealed, monkeypatch):
    monkeypatch.setattr(log_checks, "_leaves", lambda _session: iter(()))
    engine, _notes = sealed

    missed = unseen(engine, ("chain_rewritten",), 5)

    assert [edit for edit, _touched, _found in missed] == ["chain_rewritten"] * 5


def test_a_log_rewritten_with_the_key_is_found_from_outside_alone(sealed, key, tmp_path):
    engine, outside = sealed
    inspector = bundles.Inspector(tmp_path)
    with Session(engine) as session:
        whole = bundles.written(session)
        forger.unlock(session)
        Forger(session, random.Random(4)).log_rewritten(key)
        from_inside = fault(session)
        verdicts = [checkpoints.judge(session, notes.read(note)) for note in outside]
        forged = bundles.written(session)
        session.rollback()

    assert from_inside is None  # this is why a checkpoint has to leave
    assert inspector.check(forged)[0] == bundles.HOLDS  # and so is this
    assert Verdict.DIFFERENT in verdicts
    code, said = inspector.check(forged, checkpoint=outside[-1])
    assert (code, "HISTORY WAS REWRITTEN" in said) == (bundles.CHANGED, True)
    assert inspector.check(whole, memory=True)[0] == bundles.HOLDS
    assert inspector.check(forged, memory=True)[0] == bundles.CHANGED


def test_an_end_cut_off_is_found_by_the_checkpoint_that_was_kept(sealed, key, tmp_path):
    """As an old backup would look: everything in it holds, but the log is shorter."""
    engine, (first, second) = sealed
    size = notes.read(first).size
    with Session(engine) as session:
        forger.unlock(session)
        for statement in (
            "DELETE FROM checkpoint WHERE size > :size",
            "DELETE FROM history_leaf WHERE place >= :size",
        ):
            session.execute(text(statement), {"size": size})
        session.query(HistoryNode).delete()
        tree.grow(session, 0, size)
        session.flush()
        verdict = checkpoints.judge(session, notes.read(second))
        still = checkpoints.judge(session, notes.read(first))
        code, said = bundles.Inspector(tmp_path).check(
            bundles.written(session), checkpoint=second
        )
        session.rollback()

    assert (verdict, still) == (Verdict.BEYOND, Verdict.CONTAINED)
    assert (code, "its end was cut off" in said) == (bundles.CHANGED, True)


def test_two_auditors_with_two_logs_are_told_in_one_command(sealed, key, tmp_path):
    """H8: the server has shown each of them another log since event k, each well signed."""
    engine, (_first, honest) = sealed
    with Session(engine) as session:
        forger.unlock(session)
        Forger(session, random.Random(5)).log_rewritten(key)
        other = str(checkpoints.note(checkpoints.newest(session)))
        shown = [checkpoints.judge(session, notes.read(note)) for note in (honest, other)]
        session.rollback()
        mine = [checkpoints.judge(session, notes.read(note)) for note in (honest, other)]
        content = bundles.written(session)

    assert notes.read(honest).size == notes.read(other).size
    assert shown == [Verdict.DIFFERENT, Verdict.CONTAINED]
    assert mine == [Verdict.CONTAINED, Verdict.DIFFERENT]
    code, said = bundles.Inspector(tmp_path).check(content, checkpoint=other)
    assert (code, "two people were shown two logs" in said) == (bundles.CHANGED, True)


@pytest.mark.parametrize("table", [
    "history_event", "history_leaf", "history_node", "checkpoint", "checkpoint_key",
    "checkpoint_letter", "fixed_record", "read_event",
])  # fmt: skip
def test_the_database_refuses_to_change_them_and_the_attempt_is_logged(
    sealed, table, caplog
):
    engine, _notes = sealed
    column = {"checkpoint": "signed_at", "checkpoint_letter": "size"}.get(table, "hash")
    column = "name" if table == "checkpoint_key" else column
    statements = [
        f"UPDATE {table} SET {column} = {column}",  # noqa: S608 - an attack
        f"DELETE FROM {table}",  # noqa: S608 - as above
    ]
    if engine.dialect.name == "postgresql":
        statements.append(f"TRUNCATE {table} CASCADE")
    if table == "checkpoint_letter":  # none was sent, so no row refuses
        statements = statements[2:]

    for statement in statements:
        with (
            caplog.at_level(logging.ERROR, "history"),
            Session(engine) as session,
            pytest.raises(DBAPIError, match="written once"),
        ):
            session.execute(text(statement))

    told = [record.getMessage() for record in caplog.records if record.name == "history"]
    assert len(told) == len(statements)
    assert all(table in line for line in told)


def test_without_its_trigger_a_table_would_be_changed(sealed):
    engine, _notes = sealed
    with Session(engine) as session:
        forger.unlock(session)

        session.execute(text("UPDATE history_leaf SET hash = hash"))

        session.rollback()


def test_nothing_is_signed_over_a_log_that_does_not_continue(sealed, key):
    engine, _notes = sealed
    with Session(engine) as session:
        forger.unlock(session)
        Forger(session, random.Random(6)).log_rewritten()
        session.execute(
            text("UPDATE checkpoint SET root = :root"), {"root": random.randbytes(32)}
        )

        with pytest.raises(LogBroken):
            checkpoints.sign(session, key, bundles.LOG, NOW + timedelta(hours=2))

        session.rollback()


def test_several_sealers_give_each_event_one_place(province, key):
    with transaction(province) as session:
        for _ in range(3):
            factories.begin_at(session, "appraise")
    start, errors = Barrier(4), []

    def run():
        start.wait()
        try:
            for _ in range(5):
                with transaction(province) as session:
                    sealing.seal_some(session, LeafSource.HISTORY)
        except Exception as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    start.wait()
    for thread in threads:
        thread.join()

    with reading(province) as session:
        events = session.scalar(select(func.count(HistoryEvent.id)))
        assert (errors, tree.size(session)) == ([], events)
        assert log_checks.verify(session) is None


def test_an_event_that_commits_late_gets_its_place_later(province):
    if province.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    with transaction(province) as session:
        one, other = factories.begin(session), factories.begin(session, unit="SO-YT")
        factories.answer(session, factories.begin(session))  # their next state is known
    with transaction(province) as late:
        factories.answer(late, late.get_one(Nomination, one.id))
        late.flush()  # numbers are drawn, nothing is committed
        with transaction(province) as session:
            factories.answer(session, session.get_one(Nomination, other.id))
        with transaction(province) as session:
            assert following.settled(session, patience=0) is None  # so nothing is sealed

    with transaction(province) as session:
        count = sealing.seal_some(session, LeafSource.HISTORY)
        assert count == session.scalar(select(func.count(HistoryEvent.id)))
        assert session.scalar(select(func.count(HistoryLeaf.place))) == count


def test_a_new_key_leaves_old_checkpoints_verifiable(province, tmp_path, size):
    """O2: five keys, one after the other; what each has signed still holds."""
    file = tmp_path / "checkpoint-key.pem"
    current, signed, inspector = key_files.make(file), [], bundles.Inspector(tmp_path)
    for number in range(5):
        with transaction(province) as session:
            factories.begin_at(session, "approve_by_unit")
        signed.append(bundles.seal(province, current, NOW + timedelta(days=number)))
        with reading(province) as session:
            code, said = inspector.check(bundles.written(session), memory=True)
            assert code == bundles.HOLDS, said
        with transaction(province) as session:
            old, current, _kept = key_files.replace(file, bundles.LOG)
            then = NOW + timedelta(days=number, hours=1)
            checkpoints.keep_key(session, current, bundles.LOG, then, introduced_by=old)

    with reading(province) as session:
        judged = [checkpoints.judge(session, notes.read(note)) for note in signed]
        assert judged == [Verdict.CONTAINED] * 5
        assert log_checks.verify(session) is None
        assert {row.key_id for row in session.scalars(select(Checkpoint))} == {
            notes.read(note).key_id for note in signed
        }
    assert file.stat().st_mode & 0o077 == 0


def test_a_key_that_nobody_introduced_is_doubted(province, key, tmp_path):
    """Control: who has the database and not the key signs with one of the own."""
    inspector = bundles.Inspector(tmp_path)
    with transaction(province) as session:
        factories.begin(session)
    bundles.seal(province, key)
    with reading(province) as session:
        assert inspector.check(bundles.written(session), memory=True)[0] == bundles.HOLDS
    with transaction(province) as session:
        factories.begin(session)
    bundles.seal(province, Ed25519PrivateKey.generate(), NOW + timedelta(days=1))

    with reading(province) as session:
        code, said = inspector.check(bundles.written(session), memory=True)

    assert (code, "was never seen" in said) == (bundles.UNSURE, True)
