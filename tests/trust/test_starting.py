"""O1 of trust.md: what is set wrongly does not start, and a sentence says what to do."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click import ClickException

import app as application
import starting
from settings import HERE
from views import web
from workflows import key_files

pytestmark = pytest.mark.trust
KEY = "0123456789abcdef" * 2
PRODUCTION = {
    "VINH_DANH_MODE": "production",
    "SECRET_KEY": KEY,
    "VINH_DANH_HOSTS": "khenthuong.example.vn",
}
NAMES = (
    "FLASK_DEBUG",
    "INSTANCE_FOLDER",
    "DATABASE_URL",
    "PORT",
    "WEB_CONCURRENCY",
    "VINH_DANH_SECOND_FACTOR",
    "VINH_DANH_CHECKPOINT_KEY",
    *PRODUCTION,
)
Prepare = Callable[[Path], None]


@dataclass(frozen=True)
class Wrong:
    """Settings with one mistake in them, or a folder with one, and words of the refusal."""

    says: str
    set: dict[str, str] = field(default_factory=dict)
    prepare: Prepare = lambda _folder: None
    production: bool = False

    def environ(self, folder: Path) -> dict[str, str]:
        self.prepare(folder)
        found = {"INSTANCE_FOLDER": "{}/instance"} | (PRODUCTION if self.production else {})
        return {n: v.replace("{}", str(folder)) for n, v in (found | self.set).items()}


def production(says: str, **wrong: str) -> Wrong:
    return Wrong(says, wrong, production=True)


def rights(path: str, mode: int) -> Prepare:
    def prepare(folder: Path) -> None:
        (folder / "instance/uploads").mkdir(parents=True)
        (folder / "instance/secret-key").touch(mode=0o600)
        (folder / "instance" / path).chmod(mode)

    return prepare


def file(name: str, content: str) -> Prepare:
    def prepare(folder: Path) -> None:
        (folder / name).write_text(content)

    return prepare


def readable_key(folder: Path) -> None:
    (folder / "instance").mkdir()
    key_files.make(folder / "instance/checkpoint-key.pem")
    (folder / "instance/checkpoint-key.pem").chmod(0o640)


WRONG = [
    production("SECRET_KEY is missing or shorter than 32", SECRET_KEY=""),
    production("SECRET_KEY is missing or shorter than 32", SECRET_KEY=KEY[:31]),
    production("SECRET_KEY can be guessed", SECRET_KEY="k" * 64),
    production("SECRET_KEY can be guessed", SECRET_KEY=f"change-me-{KEY}"),
    production("FLASK_DEBUG is on", FLASK_DEBUG="1"),
    production("VINH_DANH_HOSTS is missing", VINH_DANH_HOSTS=" , "),
    production("lists names alone", VINH_DANH_HOSTS="http://khenthuong.example.vn"),
    production("lists names alone", VINH_DANH_HOSTS="*"),
    production("lists names alone", VINH_DANH_HOSTS=".vn"),
    production("in production it stays on", VINH_DANH_SECOND_FACTOR="off"),
    Wrong("may be on or off", {"VINH_DANH_SECOND_FACTOR": "yes"}),
    Wrong("may be demo or production", {"VINH_DANH_MODE": "prod"}),
    Wrong("answers to this machine alone", {"VINH_DANH_HOSTS": "khenthuong.example.vn"}),
    Wrong("chmod o-w {}/instance", prepare=rights(".", 0o777)),
    Wrong("chmod o-w {}/instance/uploads", prepare=rights("uploads", 0o703)),
    Wrong("chmod 600 {}/instance/secret-key", prepare=rights("secret-key", 0o644)),
    Wrong("chmod 600 {}/instance/secret-key", prepare=rights("secret-key", 0o620)),
    Wrong("and there is no such file", {"VINH_DANH_CHECKPOINT_KEY": "{}/none.pem"}),
    Wrong("lies within the program", {"VINH_DANH_CHECKPOINT_KEY": str(HERE / "LICENSE")}),
    Wrong(
        "must hold an Ed25519 key",
        {"VINH_DANH_CHECKPOINT_KEY": "{}/key.pem"},
        prepare=file("key.pem", "-----BEGIN PRIVATE KEY-----"),
    ),
    Wrong("chmod 600 {}/instance/checkpoint-key.pem", prepare=readable_key),
    Wrong("which cannot be made", prepare=file("instance", "a file")),
    Wrong("everybody may download", {"INSTANCE_FOLDER": str(HERE / "static" / "data")}),
    Wrong(
        "where everybody may download it",
        {"DATABASE_URL": f"sqlite:///{HERE}/static/x.sqlite"},
    ),
    Wrong("is missing or may not be written", {"DATABASE_URL": "sqlite:///{}/no/x.sqlite"}),
    Wrong("names no file", {"DATABASE_URL": "sqlite://"}),
    Wrong("names no file", {"DATABASE_URL": "sqlite:///:memory:"}),
    Wrong("is not an address like", {"DATABASE_URL": "nonsense"}),
    Wrong("may be a sqlite or postgresql", {"DATABASE_URL": "mysql://u:geheim@h/d"}),
    Wrong(
        "file is not a database",
        {"DATABASE_URL": "sqlite:///{}/x.sqlite"},
        file("x.sqlite", "no database" * 200),
    ),
    Wrong(
        "Start its server, or correct",
        {"DATABASE_URL": "postgresql://u:geheim@127.0.0.1:1/d"},
    ),
    Wrong("a number from 1 to 65535", {"PORT": "http"}),
    Wrong("a number of processes", {"WEB_CONCURRENCY": "many"}),
]


def refusal(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """What keeps the application from being made on its database; nothing if nothing does."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    try:
        made = application.create_app()
        with made.app_context():
            starting.reach(web.db.engine)
    except ClickException as error:
        return error.format_message()
    return ""


def is_clear(said: str, wrong: Wrong, folder: Path) -> bool:
    """Whether it names the mistake, tells no password, and ends as a sentence or a command."""
    expected = wrong.says.replace("{}", str(folder))
    return expected in said and "geheim" not in said and len(said) < 400


def test_wrong_settings_are_refused_with_a_sentence(tmp_path, monkeypatch):
    said = {}
    for number, wrong in enumerate(WRONG):
        folder = tmp_path / str(number)
        folder.mkdir()
        answer = refusal(wrong.environ(folder), monkeypatch)
        if not is_clear(answer, wrong, folder):
            said[wrong.says] = answer
    assert said == {}
    assert len(WRONG) >= 20


def test_old_sqlite_is_refused_with_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(starting.SQLITE_DRIVER, "sqlite_version_info", (3, 40, 1))
    said = refusal({"INSTANCE_FOLDER": str(tmp_path)}, monkeypatch)

    assert said.startswith("SQLite 3.40.1 may lose data. Install")


def test_right_settings_are_not_refused(tmp_path, monkeypatch):
    right = [Wrong(""), production(""), Wrong("", prepare=rights("uploads", 0o750))]
    for number, one in enumerate(right):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert refusal(one.environ(folder), monkeypatch) == ""


def test_server_ends_with_the_sentence_alone(tmp_path, size):
    """Through the command that serves, in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    heard = {}
    for number, wrong in enumerate(WRONG[:: len(WRONG) // size(len(WRONG))]):
        folder = tmp_path / str(number)
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", "serve"],
            cwd=HERE,
            env=kept | wrong.environ(folder),
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )
        said, lines = done.stderr, done.stderr.splitlines()
        is_right = said.startswith("Error: ") and len(lines) == 1 and done.stdout == ""
        if done.returncode != 1 or not is_right or not is_clear(said, wrong, folder):
            heard[wrong.says] = (done.returncode, said, done.stdout)
    assert heard == {}


def test_start_that_looks_at_nothing_is_caught(tmp_path, monkeypatch):
    monkeypatch.setattr(starting, "check", lambda *_: None)
    wrong = next(one for one in WRONG if "o-w" in one.says)

    assert refusal(wrong.environ(tmp_path), monkeypatch) == ""
