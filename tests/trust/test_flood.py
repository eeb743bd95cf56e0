"""S2 of trust.md: passwords are hashed one at a time, and a flood of sign-ins stops no work."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from awards import passwords
from awards.errors import TooBusy
from serving import THREADS
from tests.client import text
from tests.trust.visiting import ask, p95, server, sign_in, token_of

RATE = 200  # sign-ins a second
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


def flooded(port: int, seconds: float) -> tuple[list[float], Counter[int]]:
    """How long each inbox page took during the flood, in seconds, and what the flood was told."""
    mine = sign_in(port, "lan.tuphap")
    _status, cookie, page = ask(port, "GET", "/login")
    fields = {"login": "nobody", "password": "x" * 15, "csrf_token": token_of(page)}
    told: Counter[int] = Counter()
    ends = time.monotonic() + seconds

    def pour(_: int) -> None:
        time.sleep(max(0, began + _ / RATE - time.monotonic()))
        if time.monotonic() < ends:
            told[ask(port, "POST", "/login", cookie, **fields)[0]] += 1

    took, began = [], time.monotonic()
    with ThreadPoolExecutor(64) as many:
        sent = [many.submit(pour, n) for n in range(int(seconds * RATE))]
        while time.monotonic() < ends:
            before = time.monotonic()
            assert ask(port, "GET", "/inbox", mine)[0] == 200
            took.append(time.monotonic() - before)
            time.sleep(0.05)
    for one in sent:
        one.result()
    return took, told


@pytest.mark.full  # beside other tests it would measure those
def test_inbox_opens_during_the_flood(sqlite, tmp_path):
    with server(tmp_path, sqlite.copy("province")) as served:
        took, told = flooded(served.port, 20)

    assert p95(took) < 0.5, (p95(took), told)
    assert told[429] > told[422] > 0
    assert set(told) == {422, 429}


@pytest.mark.full
def test_flood_in_which_all_may_wait_is_caught(sqlite, tmp_path):
    with server(tmp_path, sqlite.copy("province"), "--patient") as served:
        took, told = flooded(served.port, 20)

    assert p95(took) > 0.5, (p95(took), told)
