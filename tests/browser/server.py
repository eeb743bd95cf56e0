"""One served demo province for a whole test run, exactly as `make run` serves it.

Whichever worker asks first starts it, which loads the demo into an instance folder of its
own; the others wait and use it too. It ends within seconds of the test run, even of one that
was killed.
"""

import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 90  # loading the demo takes 8 s on a quiet machine

# Stays beside the server and stops it, by its id, after the process that owns it. A killed
# process has no command line any more, even where nobody collects it.
_SERVE_WHILE_OWNER_RUNS = """
owner=$1 log=$2
shift 2
{
    "$@" >"$log" 2>&1 </dev/null & server=$!
    while grep -q . "/proc/$owner/cmdline" && kill -0 "$server"; do sleep 1; done
    kill "$server"
    wait "$server"
} >/dev/null 2>&1 &
"""


def shared(folder: Path, *, owner: int) -> str:
    """The address of the run's server. `folder` and `owner` are those of the whole run."""
    with _locked(folder / "site.lock"):
        state = folder / "site.state"
        if not state.exists():
            state.write_text(start(folder, owner=owner), encoding="utf-8")
        return state.read_text(encoding="utf-8")


def database(folder: Path) -> Path:
    """Where the server started in this folder keeps its data."""
    return folder / "site" / "vinhdanh.sqlite"


def start(folder: Path, *, owner: int, **settings: str) -> str:
    """Serve a fresh demo province while the process `owner` lives. Gives the address."""
    port, log = _free_port(), folder / "site.log"
    command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
    surroundings = os.environ | {"INSTANCE_FOLDER": str(folder / "site"), "PORT": str(port)}
    for name in ("DATABASE_URL", "SECRET_KEY", "VINH_DANH_MODE"):
        surroundings.pop(name, None)
    surroundings |= settings
    shell = ["sh", "-c", _SERVE_WHILE_OWNER_RUNS, "sh", str(owner), str(log), *command]
    subprocess.run(shell, cwd=ROOT, env=surroundings, check=True)
    address = f"http://127.0.0.1:{port}"
    _wait_for(f"{address}/healthz", log)
    return address


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"the site did not start:\n{log.read_text(encoding='utf-8')}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
