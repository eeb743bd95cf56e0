"""O5, O7 of trust.md: backups made while people write restore whole, bad ones replace nothing."""

import random
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from awards import erasure_lists
from awards.erasures import Request
from keeping import archive, backup, databases, proving, restoring
from keeping.archive import BadBackup
from models.safekeeping import Safekeeping, SafekeepingKind
from models.session import reading, transaction
from tests import factories
from tests.conftest import NOW, make_app
from tests.trust import keeping, test_erasure
from views import web
from views.web import SQLITE_DRIVER
from workflows import history

pytestmark = [pytest.mark.trust, pytest.mark.timeout(3600)]
BACKUPS = 30
VARIANTS = 100
KEY = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def tools_of_the_server(request, monkeypatch):
    if "databases" in request.fixturenames:
        keeping.find_tools(request.getfixturevalue("databases"), monkeypatch)


@pytest.fixture
def site(databases, tmp_path):
    with keeping.site(databases, tmp_path / "instance") as app:
        yield app


@pytest.fixture
def small(sqlite, tmp_path):
    """A province with three nominations on SQLite, and a backup of it."""
    with keeping.site(sqlite, tmp_path / "instance") as app:
        with transaction(web.db.engine) as session:
            for _ in range(3):
                keeping.nominate(session, app.config["UPLOADS"])
        yield app


def test_backups_made_during_writes_restore_whole(site, size):
    engine, uploads, made = web.db.engine, site.config["UPLOADS"], []
    with keeping.Writers(engine, uploads) as writers:
        while len(made) < size(BACKUPS) and not writers.errors:
            before = writers.committed
            made.append((before, keeping.back_up(site)))
    assert writers.errors == []
    assert writers.committed > made[-1][0] > 0

    for before, one in made:
        assert one.missing == []
        with keeping.staged(site, one.path) as found, found.app.app_context():
            copy = web.db.engine
            assert keeping.nominations(copy) >= before
            assert keeping.wrong_files(copy, found.place.uploads) == []
            with reading(copy) as session:
                faults = [f for _, f in history.verify_all(session) if f is not None]
            assert faults == []


def test_copied_file_is_caught(small, monkeypatch):
    """A running SQLite's last changes are in its log; who copies the file alone loses them."""
    before = keeping.events(web.db.engine)

    def copy(engine, to):
        shutil.copyfile(engine.url.database, to)

    monkeypatch.setattr(databases, "_copy_sqlite", copy)
    made = keeping.back_up(small)

    assert archive.contents(archive.manifest(made.path)).events < before


def test_restored_province_is_what_was_backed_up_and_the_old_one_is_kept(site):
    engine = web.db.engine
    with transaction(engine) as session:
        keeping.nominate(session, site.config["UPLOADS"])
    made, before = keeping.back_up(site), keeping.events(engine)
    with transaction(engine) as session:
        keeping.nominate(session, site.config["UPLOADS"])
        last = factories.newest(session).code
    since = keeping.events(engine)

    found = keeping.restore(site, made.path)

    assert keeping.events(web.db.engine) == before
    assert found.lost == {last: (1, since - before)}
    assert keeping.wrong_files(web.db.engine, site.config["UPLOADS"]) == []
    with reading(web.db.engine) as session:
        assert proving.first_fault(session) == (before, "")
        row = session.scalars(select(Safekeeping).order_by(Safekeeping.id.desc())).first()
        assert (row.kind, row.archive) == (SafekeepingKind.RESTORED, made.path.name)
    old = next(Path(keeping.chosen(site).instance).glob("before-restore-*"))
    assert len(list((old / "uploads").iterdir())) == 2
    keeping.restore(site, made.path)  # and once more, with what the first has left


def test_restores_into_an_empty_place_alone_unless_told_to_replace(small, sqlite, tmp_path):
    made = keeping.back_up(small)
    with pytest.raises(BadBackup, match="--replace"):
        keeping.restore(small, made.path, is_replacing=False)

    with keeping.site(sqlite, tmp_path / "other") as other:
        web.db.engine.dispose()
        database = Path(keeping.chosen(other).database_url.database)
        database.unlink()
        keeping.restore(other, made.path, is_replacing=False)
        assert keeping.nominations(web.db.engine) == 3


def test_nothing_is_replaced_while_somebody_has_the_database_open(small):
    made = keeping.back_up(small)
    with closing(SQLITE_DRIVER.connect(web.db.engine.url.database)) as other:
        other.execute("SELECT count(*) FROM person").fetchone()

        with pytest.raises(BadBackup, match="stop the server"):
            keeping.restore(small, made.path)


def test_backup_of_an_earlier_release_comes_up_to_date(small, tmp_path):
    made = keeping.back_up(small)

    def age(folder, told):
        file = folder / "vinhdanh.sqlite"
        earlier = make_app(f"sqlite:///{file}", tmp_path)
        with earlier.app_context():
            earlier.extensions["alembic"].downgrade(-1)
            web.db.engine.dispose()
        url = keeping.chosen(small).database_url.set(database=str(file))
        with databases.opened(url) as connection:
            told["contents"] = asdict(restoring.contents.of(connection))
        assert told["contents"]["schema"] != backup.newest_revision()

    old = keeping.rewritten(made.path, made.path.with_name("old.zip"), "", age)
    keeping.restore(small, old)

    assert keeping.nominations(web.db.engine) == 3
    with web.db.engine.connect() as connection:
        assert restoring.contents.of(connection).schema == backup.newest_revision()


def test_what_was_erased_since_stays_erased(small):
    engine, uploads = web.db.engine, small.config["UPLOADS"]
    codes = test_erasure.fill(engine, uploads, 2)
    made = keeping.back_up(small)
    request = Request("Điều 14", "Theo đơn")
    with transaction(engine) as session:
        admin = factories.actor(session, test_erasure.ROLE)
    path = keeping.chosen(small).erasures
    erasure_lists.note(path, codes[0], request, actor=admin, now=NOW)
    test_erasure.erase(engine, uploads, codes[:1])
    keeping.back_up(small)
    path.unlink()  # the machine was lost, and its list; the other lies beside the backups

    assert keeping.restore(small, made.path).erased == 1

    erased, kept = (test_erasure.words(n)[1].encode() for n in range(2))
    places = [Path(web.db.engine.url.database), *uploads.iterdir()]
    whole = b"".join(place.read_bytes() for place in places)
    assert (erased in whole, kept in whole) == (False, True)


def test_file_that_is_not_as_it_came_is_told(small):
    lost, bent, _ = sorted(small.config["UPLOADS"].iterdir())
    lost.unlink()
    bent.write_bytes(b"x")

    made = keeping.back_up(small)

    assert sorted(made.missing) == sorted([lost.name, bent.name])
    assert keeping.restore(small, made.path).files_missing == made.missing


def test_old_backups_go_and_a_backup_is_made_when_it_is_due(small):
    chosen, engine = keeping.chosen(small), web.db.engine
    chosen = replace(chosen, backups_kept=2)
    made = [keeping.back_up(small).path for _ in range(3)]

    assert backup.prune(chosen) == made[:1]
    assert backup.make_if_due(engine, chosen, datetime.now(UTC)) is None
    later = datetime.now(UTC) + chosen.backup_every
    assert backup.make_if_due(engine, chosen, later) is not None


# --- O7

Change = Callable[[Path, dict[str, object]], object]


def cut(path: Path, rng: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: rng.randrange(len(content))])


def flip(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def overwrite(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    at = rng.randrange(len(content) - 100)
    content[at : at + 100] = rng.randbytes(100)
    path.write_bytes(content)


def lengthen(path: Path, rng: random.Random) -> None:
    path.write_bytes(path.read_bytes() + rng.randbytes(rng.randrange(1, 100)))


RANDOM = (cut, flip, flip, overwrite, lengthen)


def _on_database(statement: str) -> Change:
    def change(folder, told):
        file = str(folder / "vinhdanh.sqlite")
        with closing(SQLITE_DRIVER.connect(file)) as connection:
            for line in statement.split(";"):
                connection.execute(line)
            connection.commit()

    return change


def _say(**words: object) -> Change:
    return lambda _folder, told: told.update(words)


def _other_schema(_folder, told):
    told["contents"]["schema"] = "9999"


def _no_file(folder, told):
    next(iter((folder / "uploads").iterdir())).unlink()


def _other_file(folder, told):
    next(iter((folder / "uploads").iterdir())).write_bytes(b"x")


def _half_a_database(folder, told):
    file = folder / "vinhdanh.sqlite"
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def _log_beside_it(folder, told):
    (folder / "vinhdanh.sqlite-wal").write_bytes(b"7\x7f\x06\x82" + bytes(4_000))
    return ["vinhdanh.sqlite-wal"]


def _lying_manifest(folder, told):
    told["lies"] = True
    told["parts"]["vinhdanh.sqlite"]["sha256"] = "0" * 64


SEALED = {  # by somebody who knows how, and has the key
    "of a newer release": _other_schema,
    "of PostgreSQL": _say(database="postgresql"),
    "without a file": _no_file,
    "with another file": _other_file,
    "with half a database": _half_a_database,
    "with a stranger": _log_beside_it,
    "with a manifest that lies": _lying_manifest,
    "with fewer rows": _on_database("DELETE FROM attachment WHERE id = 2"),
    "with another hash": _on_database("UPDATE attachment SET sha256 = '0' WHERE id = 2"),
    "with a changed event": _on_database(
        "DROP TRIGGER history_event_never_updated;"
        "UPDATE history_event SET body = replace(body, 'task', 'tusk') WHERE id = 2"
    ),
}


def told_and_left(app, path):
    """How restoring was refused, and whether all that was there is there as before."""
    folder = Path(keeping.chosen(app).instance)
    before = keeping.everything_in(folder, without=folder / "backups")
    said = ""
    try:
        keeping.restore(app, path)
    except BadBackup as error:
        said = error.message
    except Exception as error:  # noqa: BLE001 - the test shows it
        said = f"fails: {error!r}"
    return said, keeping.everything_in(folder, without=folder / "backups") == before


def spoilt(path, number):
    """The backup with something wrong in its bytes."""
    rng = random.Random(number)
    target = path.with_name(f"spoilt-{number}.zip")
    shutil.copyfile(path, target)
    RANDOM[number % len(RANDOM)](target, rng)
    return target


def settled(app):
    """SQLite's file without a log, so that looking at it changes no byte."""
    web.db.session.close()
    web.db.engine.dispose()
    return app


def test_spoilt_backups_are_refused_and_replace_nothing(small, size):
    path, found = keeping.back_up(settled(small)).path, []
    settled(small)
    for number in range(size(VARIANTS)):
        said, is_as_before = told_and_left(small, spoilt(path, number))
        if not is_as_before or not said or said.startswith("fails"):
            found.append((number, said))

    assert found == []


OFTEN = ("with a stranger", "with another file", "with a changed event")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(change, id=name, marks=() if name in OFTEN else pytest.mark.full)
        for name, change in SEALED.items()
    ],
)
def test_backups_that_are_sealed_and_wrong_are_refused(small, change):
    path = keeping.back_up(small).path
    wrong = keeping.rewritten(path, path.with_name("wrong.zip"), "", change)
    settled(small)

    said, is_as_before = told_and_left(small, wrong)

    assert (bool(said), said.startswith("fails"), is_as_before) == (True, False, True), said


def test_backups_of_another_key_or_none_are_refused(small):
    plain = keeping.back_up(small).path
    keyed = replace(keeping.chosen(small), backup_key=KEY)
    small.config["SETTINGS"] = keyed
    sealed = keeping.back_up(small).path
    settled(small)
    for key, path in ((KEY, plain), ("", sealed), (KEY[::-1], sealed)):
        small.config["SETTINGS"] = replace(keyed, backup_key=key)
        said, is_as_before = told_and_left(small, path)
        assert (is_as_before, "KEY" in said) == (True, True), said
    small.config["SETTINGS"] = keyed
    assert told_and_left(small, sealed)[0] == ""


def test_a_log_without_its_file_is_no_empty_place(small, sqlite, tmp_path):
    path = keeping.back_up(small).path
    with keeping.site(sqlite, tmp_path / "other") as other:
        web.db.engine.dispose()
        database = Path(keeping.chosen(other).database_url.database)
        database.unlink()
        stale = database.with_name(f"{database.name}-wal")
        stale.write_bytes(b"7\x7f\x06\x82" + bytes(8_000))

        with pytest.raises(BadBackup, match="--replace"):
            keeping.restore(other, path, is_replacing=False)
        keeping.restore(other, path)

        assert keeping.nominations(web.db.engine) == 3
        assert len(list(Path(keeping.chosen(other).instance).glob("before-*/*-wal"))) == 1


def test_restore_that_skips_the_check_is_caught(small, monkeypatch):
    """Where nobody looks at the seal, some bits may be others, and a key is worth nothing."""
    path = keeping.back_up(small).path
    settled(small)
    monkeypatch.setattr(archive, "check", lambda *_: None)
    small.config["SETTINGS"] = replace(keeping.chosen(small), backup_key=KEY)

    assert told_and_left(small, path) == ("", False)
