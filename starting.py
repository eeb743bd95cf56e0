"""What keeps the program from starting, beside the settings themselves: the place it stands in."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from settings import HERE, PUBLIC, BadSettings, Settings
from views.web import SQLITE_DRIVER
from workflows import key_files
from workflows.errors import BadCheckpointKey

LEAST_SQLITE = (3, 51, 3)  # older ones may corrupt a log with two writers
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def check(chosen: Settings, environ: Mapping[str, str] = os.environ) -> None:
    """Raise BadSettings where it would be unsafe to start; the sentence says what to do."""
    _check_debugging(chosen, environ.get("FLASK_DEBUG", ""))
    _check_names(chosen)
    _check_rights(chosen)
    _check_checkpoint_key(chosen)
    if chosen.is_sqlite:
        _check_file(chosen)
    _check_processes(environ.get("WEB_CONCURRENCY", "2"))


def reach(engine: Engine) -> None:
    """Raise BadSettings if the database does not answer, or holds something else."""
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        message = (
            f"The database of DATABASE_URL cannot be used: {reason}. "
            "Start its server, or correct the address, the user and the password."
        )
        raise BadSettings(message) from error


def _check_debugging(chosen: Settings, said: str) -> None:
    if not chosen.is_demo and said.lower() not in ("", "0", "false", "no"):
        message = (
            "FLASK_DEBUG is on: its pages show the inside of the program to everybody, "
            "and run what they type. Unset it, and start without --debug."
        )
        raise BadSettings(message)


def _check_names(chosen: Settings) -> None:
    """Over plain http cookies are not safe; so the demo is for the machine that it runs on."""
    others = [name for name in chosen.hosts if name not in _LOOPBACK]
    if chosen.is_demo and others:
        message = (
            f"VINH_DANH_HOSTS names {others[0]}, and this is the demo, which answers to this "
            "machine alone. Leave it out, or set VINH_DANH_MODE=production behind https."
        )
        raise BadSettings(message)


def _check_rights(chosen: Settings) -> None:
    for folder in (chosen.instance, chosen.uploads):
        if _mode(folder) & stat.S_IWOTH:
            message = (
                f"Everybody on this machine may write to {folder}. Run: chmod o-w {folder}"
            )
            raise BadSettings(message)
    key = chosen.instance / "secret-key"
    if _mode(key) & (stat.S_IRWXG | stat.S_IRWXO):
        message = f"Others on this machine may read {key}. Run: chmod 600 {key}"
        raise BadSettings(message)


def _check_checkpoint_key(chosen: Settings) -> None:
    """Whoever has this key can write another history that looks like ours."""
    path = chosen.checkpoint_key
    is_its_demo = chosen.is_demo and path.is_relative_to(chosen.instance)
    if path.is_relative_to(HERE) and not is_its_demo:
        message = (
            f"The key that signs checkpoints, {path}, lies within the program, where it is "
            "copied and published with it. Move it out, and name it in VINH_DANH_CHECKPOINT_KEY."
        )
        raise BadSettings(message)
    if path.exists():
        try:
            key_files.load(path)
        except BadCheckpointKey as error:
            message = (
                f"The key that signs checkpoints, {path}, must hold an Ed25519 key and be its "
                f"owner's alone. Run: chmod 600 {path}, or name another one in "
                "VINH_DANH_CHECKPOINT_KEY."
            )
            raise BadSettings(message) from error


def _check_file(chosen: Settings) -> None:
    version = SQLITE_DRIVER.sqlite_version_info
    if version < LEAST_SQLITE:
        least, found = (".".join(map(str, parts)) for parts in (LEAST_SQLITE, version))
        message = (
            f"SQLite {found} may lose data. Install the packages of requirements.txt, "
            f"which bring {least} or newer."
        )
        raise BadSettings(message)
    name = chosen.database_url.database or ""
    if not name or name.startswith((":memory:", "file:")):
        message = (
            "DATABASE_URL names no file, and all would be lost at the end. "
            "Write sqlite:////folder/file.sqlite."
        )
        raise BadSettings(message)
    file = Path(name).resolve()
    if file.is_relative_to(PUBLIC):
        message = (
            f"The database {file} lies where everybody may download it. "
            "Move it out of static/."
        )
        raise BadSettings(message)
    if not os.access(file.parent, os.W_OK) or not file.parent.is_dir():
        message = (
            f"The folder of the database, {file.parent}, is missing or may not be written to. "
            "Make it, and give it to the user of this program."
        )
        raise BadSettings(message)


def _check_processes(text: str) -> None:
    if not text.isdecimal() or not text.isascii() or int(text) == 0:
        message = f"WEB_CONCURRENCY is {text!r}; it must be a number of processes, from 1."
        raise BadSettings(message)


def _mode(path: Path) -> int:
    return path.stat().st_mode if path.exists() else 0
