"""R14 of trust.md: two hundred people at work for five minutes, on two thousand open nominations.

Requests come when they are due, however long the ones before take, and are timed from then on.
They come from this very machine, whose two processors serve them as well.
"""

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import make_url

import rounds
from settings import Settings
from tests.conftest import SECRET, Databases, connect
from tests.trust import crowds
from tests.trust.crowds import Case, Crowd
from tests.trust.test_repeats import HiddenFields
from tests.trust.visiting import Answer, ask, p95, server, sign_in, token_of

pytestmark = [pytest.mark.trust, pytest.mark.full, pytest.mark.timeout(1800)]
CASES, PEOPLE = 2_000, 200
RATE = 30  # requests a second, one in ten of which writes
SECONDS = 300
WARMING = 60  # seconds before memory is looked at: what is kept for good is kept by then
MAX_SECONDS = 0.3
MAX_GROWTH = 20_000  # kB


@dataclass
class Seen:
    """What the visitors have met: seconds by kind of request, and whatever was no good answer."""

    took: dict[str, list[float]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def all(self) -> list[float]:
        return [seconds for times in self.took.values() for seconds in times]

    def note(self, kind: str, seconds: float, status: int, wanted: int) -> None:
        with self.lock:
            self.took.setdefault(kind, []).append(seconds)
            if status != wanted:
                self.wrong[f"{kind}: {status}"] += 1


class Visitors:
    """People with their cookies, and what each of them does next."""

    def __init__(self, port: int, crowd: Crowd) -> None:
        self._port, self._crowd = port, crowd
        self._cookies = {login: self._come_in(login) for login in crowd.logins}
        self._workers = sorted({login for case in crowd.cases for login in case.people})
        self._random = random.Random(14)
        self._unread = cycle(self._random.sample(crowd.cases, len(crowd.cases)))
        self._unwritten = iter(self._random.sample(crowd.cases, len(crowd.cases)))

    def _come_in(self, login: str) -> str:
        """Sign in and look at a page, which hands out the key of the forms to come."""
        cookies = sign_in(self._port, login, crowds.PASSWORD)
        return ask(self._port, "GET", "/messages", cookies).cookies or cookies

    def work(self, seconds: int) -> Seen:
        """Send requests at their rate; ten at a time belong together, two of them to one act."""
        seen, began = Seen(), time.monotonic()
        with ThreadPoolExecutor(64) as threads:
            for turn in range(seconds * RATE // 10):
                due = began + turn * 10 / RATE
                time.sleep(max(0.0, due - time.monotonic()))
                for place, (kind, login, path) in enumerate(self._reads()):
                    at = due + place / RATE
                    threads.submit(self._guarded, seen, self._read, kind, login, path, at)
                act = (next(self._unwritten), turn, due + 8 / RATE)
                threads.submit(self._guarded, seen, self._write, *act)
        return seen

    def _reads(self) -> Iterator[tuple[str, str, str]]:
        """Eight pages that somebody opens: inboxes most of all."""
        for _ in range(4):
            yield "inbox", self._random.choice(self._workers), "/inbox?tab=groups"
        yield "inbox", self._random.choice(self._workers), "/inbox"
        case = next(self._unread)
        yield "dossier", self._random.choice(case.people), f"/nominations/{case.code}"
        council = self._random.choice(self._crowd.council)
        yield self._random.choice(
            [("board", council, "/board"), ("overview", council, "/board/overview")]
        )
        yield "search", council, f"/search?q={quote(case.nominee)}"

    def _guarded(self, seen: Seen, work, *given) -> None:
        try:
            work(seen, *given)
        except Exception as error:  # noqa: BLE001 - the test shows it
            with seen.lock:
                seen.wrong[f"{work.__name__}: {error!r}"] += 1

    def _read(self, seen: Seen, kind: str, login: str, path: str, at: float) -> Answer:
        time.sleep(max(0.0, at - time.monotonic()))
        answer = ask(self._port, "GET", path, self._cookies[login])
        seen.note(kind, time.monotonic() - at, answer.status, 200)
        return answer

    def _write(self, seen: Seen, case: Case, turn: int, at: float) -> None:
        """Open a task, and a moment later do with it what one of four people would do."""
        login = self._random.choice(case.people)
        page = self._read(seen, "task", login, f"/tasks/{case.task}", at).page
        at += 1 / RATE
        kind = ("complete", "claim", "draft", "comment")[turn % 4]
        path, fields = self._form(kind, case, page)
        time.sleep(max(0.0, at - time.monotonic()))
        at = max(at, time.monotonic())  # it cannot be sent before the page is there
        answer = ask(self._port, "POST", path, self._cookies[login], **fields)
        seen.note(kind, time.monotonic() - at, answer.status, 303)

    def _form(self, kind: str, case: Case, page: str) -> tuple[str, dict[str, str]]:
        task = f"/tasks/{case.task}"
        if kind == "claim":
            return f"{task}/claim", {"csrf_token": token_of(page)}
        if kind == "comment":
            path = f"/nominations/{case.code}/comments"
            return path, _hidden(page, path) | {
                "text": "Đã xem, đề nghị làm rõ thành tích."
            }
        fields = _hidden(page, task) | case.answer
        return (task if kind == "complete" else f"{task}/draft"), fields


def _hidden(page: str, action: str) -> dict[str, str]:
    fields = HiddenFields(page, action).fields
    assert fields is not None, f"no form for {action}"
    return fields


def memory(process: int) -> int:
    """What a process and its children hold for themselves, in kB."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    found = re.search(r"Pss:\s+(\d+) kB", rollup)
    assert found is not None
    return int(found[1]) + sum(memory(int(child)) for child in children)


@pytest.fixture
def crowd(databases: Databases, tmp_path: Path) -> tuple[str, Crowd]:
    """A province in which the background has done what all these nominations gave it to do."""
    url = databases.copy("province")
    engine = connect(url)
    made = crowds.gather(engine, people_count=PEOPLE, case_count=CASES)
    settings = Settings(make_url(url), SECRET, 8000, tmp_path, is_demo=True)
    rounds.count_history(engine)
    rounds.gather_texts(engine)
    rounds.tell_people(engine, None)
    rounds.seal_history(engine, settings, at_once=True)
    engine.dispose()
    assert (len(made.logins), len(made.cases)) == (PEOPLE, CASES)
    return url, made


def told(seen: Seen) -> str:
    """Each kind of request: how many, half of them, nineteen of twenty, in milliseconds."""
    rows = [
        f"{kind} {len(times)}: {sorted(times)[len(times) // 2] * 1000:.0f}, {p95(times) * 1000:.0f}"
        for kind, times in sorted(seen.took.items())
    ]
    return "; ".join(rows)


def test_two_hundred_people_are_served_for_five_minutes(crowd, tmp_path):
    with server(tmp_path, crowd[0]) as served:
        visitors = Visitors(served.port, crowd[1])
        visitors.work(WARMING)
        before = memory(served.process)
        seen = visitors.work(SECONDS)
        growth = memory(served.process) - before

    print(f"p95 {p95(seen.all) * 1000:.0f} ms, {growth} kB more. {told(seen)}")  # noqa: T201
    assert seen.wrong == {}
    assert len(seen.all) == SECONDS * RATE
    assert p95(seen.all) < MAX_SECONDS, told(seen)
    assert growth < MAX_GROWTH


def test_inbox_that_asks_row_by_row_is_caught(crowd, tmp_path):
    with server(tmp_path, crowd[0], "--row-by-row") as served:
        seen = Visitors(served.port, crowd[1]).work(20)

    assert p95(seen.all) > MAX_SECONDS, told(seen)
