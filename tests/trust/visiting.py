"""A province behind its real server in a process of its own, and people who send it requests."""

import http.client
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from tests.browser.server import _free_port

ROOT = Path(__file__).parents[2]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Answer(NamedTuple):
    """What came back; `cookies` are those that a browser holds now."""

    status: int
    cookies: str
    page: str


class Served(NamedTuple):
    """Where the province is served, and the id of the process that began it."""

    port: int
    process: int


@contextmanager
def server(folder: Path, url: str, *options: str) -> Iterator[Served]:
    """Serve this database as `make run` does; `options` are those of tests.trust.province."""
    port = _free_port()
    command = [sys.executable, "-m", "tests.trust.province", url, str(folder), str(port)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([*command, *options], cwd=ROOT, stdout=log, stderr=log)
    try:
        for _ in range(300):
            if _answers(port):
                break
            time.sleep(0.1)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/healthz").status == 200
    except OSError:
        return False


def ask(port: int, method: str, path: str, cookie: str = "", **fields: str) -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = FORM | {"Cookie": cookie}
    connection.request(method, path, urlencode(fields) or None, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    held = dict(one.split("=", 1) for one in cookie.split("; ") if one)
    for value in answer.headers.get_all("Set-Cookie") or []:
        name, _, content = value.split(";")[0].partition("=")
        held[name] = content
    connection.close()
    kept = "; ".join(f"{name}={content}" for name, content in held.items())
    return Answer(answer.status, kept, page)


def token_of(page: str) -> str:
    """What a page hands to the forms on it, so that they are known to be ours."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    return token[1]


def sign_in(port: int, login: str, password: str = "") -> str:
    """The cookies of somebody who has signed in."""
    opened = ask(port, "GET", "/login")
    fields = {
        "login": login,
        "password": password or f"vinh-danh-{login}",
        "csrf_token": token_of(opened.page),
    }
    answer = ask(port, "POST", "/login", opened.cookies, **fields)
    assert answer.status == 303, (login, answer.status)
    return answer.cookies


def p95(times: list[float]) -> float:
    """Nineteen of twenty took no longer."""
    return sorted(times)[int(len(times) * 0.95)]
