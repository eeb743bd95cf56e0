"""O6 of trust.md: what is brought back has to be the log that checkpoints elsewhere have seen."""

import random
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from keeping import proving
from keeping.archive import BadBackup
from keeping.proving import Witnesses
from models.log import CheckpointKey
from models.session import transaction
from tests import factories
from tests.conftest import NOW
from tests.trust import bundles, forger, keeping
from tests.trust.forger import Forger
from views import web
from workflows import checkpoints, key_files, notes

pytestmark = [pytest.mark.trust, pytest.mark.timeout(3600)]


@pytest.fixture
def site(databases, tmp_path, monkeypatch):
    keeping.find_tools(databases, monkeypatch)
    with keeping.site(databases, tmp_path / "instance") as app:
        with transaction(web.db.engine) as session:
            factories.begin_at(session, "appraise")
        yield app


@pytest.fixture
def key(tmp_path):
    return bundles.key(tmp_path)


def seen(*texts):
    return Witnesses([notes.read(text) for text in texts])


def rewrite(key):
    """Somebody with raw SQL, every right, and the key as well."""
    with transaction(web.db.engine) as session:
        forger.unlock(session)
        Forger(session, random.Random(6)).log_rewritten(key)


def work():
    """Something happens in the living system."""
    with transaction(web.db.engine) as session:
        factories.begin_at(session, "review_by_block")


def run(app, *words):
    return app.test_cli_runner().invoke(args=words)


def test_restored_log_contains_what_the_auditors_keep_or_lacks_it_by_number(site, key):
    kept = bundles.seal(web.db.engine, key)
    made = keeping.back_up(site)
    work()
    later = bundles.seal(web.db.engine, key, NOW + timedelta(hours=1))

    same = keeping.restore(site, made.path, witnesses=seen(kept))
    shorter = keeping.restore(site, made.path, witnesses=seen(kept, later))

    assert same.cut is None
    assert shorter.cut == (notes.read(kept).size + 1, notes.read(later).size)


def test_backup_of_a_rewritten_log_is_refused_by_the_checkpoint_alone(site, key):
    kept = bundles.seal(web.db.engine, key)
    rewrite(key)
    made, before = keeping.back_up(site), keeping.events(web.db.engine)

    with pytest.raises(BadBackup, match="another log than the checkpoint"):
        keeping.restore(site, made.path, witnesses=seen(kept))

    assert keeping.events(web.db.engine) == before
    keeping.restore(
        site, made.path
    )  # all in it holds: this is why a checkpoint has to leave


def test_restore_that_asks_no_checkpoint_is_caught(site, key, monkeypatch):
    kept = bundles.seal(web.db.engine, key)
    rewrite(key)
    made = keeping.back_up(site)
    monkeypatch.setattr(proving, "contradiction", lambda *_: "")

    keeping.restore(site, made.path, witnesses=seen(kept))


def test_checkpoint_of_another_log_or_key_is_refused(site, key, tmp_path):
    kept = notes.read(bundles.seal(web.db.engine, key))
    made = keeping.back_up(site)
    stranger = bundles.key(tmp_path / "instance")
    text = notes.statement("elsewhere.example.vn/history", kept.size, kept.root, kept.at)
    other = notes.Note(
        "elsewhere.example.vn/history", kept.size, kept.root, kept.at,
        notes.key_id("elsewhere.example.vn/history", key_files.public(stranger)),
        notes.sign(text, stranger),
    )  # fmt: skip
    unknown = notes.Note(
        kept.name, kept.size, kept.root, kept.at,
        notes.key_id(kept.name, key_files.public(stranger)),
        notes.sign(kept.text, stranger),
    )  # fmt: skip

    for note, said in ((other, "of another log"), (unknown, "no key in it")):
        with pytest.raises(BadBackup, match=said):
            keeping.restore(site, made.path, witnesses=Witnesses([note]))


def test_drill_compares_the_backup_with_what_the_living_system_has_signed(site, key):
    bundles.seal(web.db.engine, key)
    keeping.back_up(site)
    rewrite(key)

    told = run(site, "drill")

    assert told.exit_code == 1
    assert "another log than the checkpoint" in told.output


def test_drill_knows_keys_that_came_after_the_backup(site, key, tmp_path):
    engine = web.db.engine
    bundles.seal(engine, key)
    keeping.back_up(site)
    other = bundles.key(tmp_path / "instance")
    work()
    with transaction(engine) as session:
        name = checkpoints.newest(session).key.name
        checkpoints.keep_key(session, other, name, NOW, introduced_by=key)
    bundles.seal(engine, other, NOW + timedelta(hours=1))

    told = run(site, "drill")

    assert told.exit_code == 0, told.output
    assert "The log fits 2 checkpoints, and lacks its events" in told.stdout
    with Session(engine) as session:
        assert session.query(CheckpointKey).count() == 2


def test_commands_take_the_checkpoints_as_files(site, key, tmp_path):
    kept, unreadable = tmp_path / "kept.txt", tmp_path / "unreadable.txt"
    kept.write_text(bundles.seal(web.db.engine, key), "utf-8")
    unreadable.write_text("Kính gửi", "utf-8")
    keeping.back_up(site)

    refused = run(site, "drill", "--checkpoint", str(unreadable))
    told = run(site, "drill", "--checkpoint", str(kept))

    assert (refused.exit_code, "holds no checkpoint" in refused.output) == (2, True)
    assert "The log contains every one of 2 checkpoints." in told.stdout, told.output
