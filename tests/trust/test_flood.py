"""S2 of trust.md: passwords are hashed one at a time, and a flood of sign-ins stops no work."""

import http.client
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from awards import passwords
from awards.errors import TooBusy
from serving import THREADS
from tests.browser.server import _free_port
from tests.client import text

ROOT = Path(__file__).parents[2]
RATE = 200  # sign-ins a second
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
pytestmark = [pytest.mark.trust, pytest.mark.timeout(300)]


def crowd(count: int) -> Counter[str]:
    """Have so many check a password at one moment; how many did, and how many at most at once."""
    found: Counter[str] = Counter()
    inside, start = [0], threading.Barrier(count)

    def check(_: int) -> None:
        start.wait()
        try:
            with passwords.one_at_a_time():
                inside[0] += 1
                found["at once"] = max(found["at once"], inside[0])
                time.sleep(0.02)  # somebody else would come in here
                inside[0] -= 1
                found["checked"] += 1
        except TooBusy:
            found["sent away"] += 1

    with ThreadPoolExecutor(count) as threads:
        list(threads.map(check, range(count)))
    return found


def test_one_at_a_time_and_half_of_the_threads_stay_free():
    found = crowd(THREADS)

    assert found == {"at once": 1, "checked": THREADS // 2, "sent away": THREADS // 2}


def test_several_at_once_and_a_room_without_end_are_caught(monkeypatch):
    monkeypatch.setattr(passwords, "_TURNS", threading.Semaphore(THREADS))
    assert crowd(THREADS)["at once"] > 1

    monkeypatch.setattr(passwords, "_ROOM", threading.Semaphore(THREADS))
    assert crowd(THREADS)["sent away"] == 0


def cost(app: Flask, times: int) -> float:
    """What a sign-in that is turned away takes of a processor, in milliseconds."""
    client = app.test_client()
    client.post("/login")
    before = time.process_time()
    for _ in range(times):
        assert client.post("/login").status_code == 429
    return (time.process_time() - before) / times * 1_000


def test_turning_away_costs_little(app, monkeypatch):
    monkeypatch.setattr(passwords, "_ROOM", threading.Semaphore(0))

    assert cost(app, 100) * RATE < 500  # of the thousand that a second has
    assert "Đợi ít giây rồi thử lại." in text(app.test_client().post("/login"))


@contextmanager
def server(folder: Path, database: Path, *options: str) -> Iterator[int]:
    """Serve a province as `make run` does; gives the port."""
    shutil.copyfile(database, folder / "site.sqlite")
    port = _free_port()
    command = [sys.executable, "-m", "tests.trust.flooded", str(folder), str(port)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([*command, *options], cwd=ROOT, stdout=log, stderr=log)
    try:
        for _ in range(200):
            if _answers(port):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(port: int) -> bool:
    try:
        return _ask(port, "GET", "/healthz")[0] == 200
    except OSError:
        return False


def _ask(
    port: int, method: str, path: str, cookie: str = "", **fields: str
) -> tuple[int, str, str]:
    """The status, the cookies and the page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = FORM | {"Cookie": cookie}
    connection.request(method, path, urlencode(fields) or None, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    cookies = [value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or []]
    connection.close()
    return answer.status, "; ".join(cookies), page


def _sign_in(port: int, login: str) -> tuple[int, str]:
    _status, cookie, page = _ask(port, "GET", "/login")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    fields = {"login": login, "password": f"vinh-danh-{login}", "csrf_token": token[1]}
    return _ask(port, "POST", "/login", cookie, **fields)[:2]


def flooded(port: int, seconds: float) -> tuple[list[float], Counter[int]]:
    """How long each inbox page took during the flood, in seconds, and what the flood was told."""
    _status, mine = _sign_in(port, "lan.tuphap")
    _status, cookie, page = _ask(port, "GET", "/login")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    fields = {"login": "nobody", "password": "x" * 15, "csrf_token": token[1]}
    told: Counter[int] = Counter()
    ends = time.monotonic() + seconds

    def pour(_: int) -> None:
        time.sleep(max(0, began + _ / RATE - time.monotonic()))
        if time.monotonic() < ends:
            told[_ask(port, "POST", "/login", cookie, **fields)[0]] += 1

    took, began = [], time.monotonic()
    with ThreadPoolExecutor(64) as many:
        sent = [many.submit(pour, n) for n in range(int(seconds * RATE))]
        while time.monotonic() < ends:
            before = time.monotonic()
            assert _ask(port, "GET", "/inbox", mine)[0] == 200
            took.append(time.monotonic() - before)
            time.sleep(0.05)
    for one in sent:
        one.result()
    return took, told


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


@pytest.mark.full  # beside other tests it would measure those
def test_inbox_opens_during_the_flood(sqlite, tmp_path):
    with server(tmp_path, sqlite.folder / "province.sqlite") as port:
        took, told = flooded(port, 20)

    assert p95(took) < 0.5, (p95(took), told)
    assert told[429] > told[422] > 0
    assert set(told) == {422, 429}


@pytest.mark.full
def test_flood_in_which_all_may_wait_is_caught(sqlite, tmp_path):
    with server(tmp_path, sqlite.folder / "province.sqlite", "--patient") as port:
        took, told = flooded(port, 20)

    assert p95(took) > 0.5, (p95(took), told)
