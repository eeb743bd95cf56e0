"""What a page takes with a thousand nominations behind it, and with a million.

Each page is asked for through Flask's test client by somebody who works there: the inbox by a
specialist of the department, the board, its overview and the movement's quality by a member of
the council, unusual patterns by an auditor, and the page of a nomination with 200 events.
Everything from routing to HTML is in it, the network and the browser are not.
"""

from collections.abc import Iterator
from functools import partial
from statistics import quantiles

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from benchmarks.databases import NOW
from benchmarks.measuring import ROUNDS, Result, Side, interleave, timed
from models.awards import Nomination
from models.history import EventKind
from models.process import InstanceStatus, ProcessInstance
from models.session import transaction
from workflows import history, instances

EVENTS = 200
REQUESTS = 8  # a round
_READERS = {
    "inbox_page": "tuan.noivu",
    "board_page": "hoidong",
    "board_of_all_page": "hoidong",
    "overview_page": "hoidong",
    "nomination_page": "hoidong",
    "quality_page": "hoidong",
    "patterns_page": "thanhtra",
}


class Site:
    """The application on one database, with its readers signed in."""

    def __init__(self, count: int, app: Flask, engine: Engine) -> None:
        self.count = count
        self._seconds: dict[str, list[float]] = {name: [] for name in _READERS}
        self._clients = {login: _sign_in(app, login) for login in set(_READERS.values())}
        self._urls = {
            "inbox_page": "/inbox?tab=groups",
            "board_page": "/board",
            "board_of_all_page": "/board?movement=all",
            "overview_page": "/board/overview",
            "quality_page": "/quality",
            "patterns_page": "/history/patterns",
            "nomination_page": f"/nominations/{_with_many_events(engine)}?all=1",
        }

    def requests(self, name: str) -> Iterator[float]:
        """Ask for a page several times, and remember how long each took."""
        client = self._clients[_READERS[name]]
        for _ in range(REQUESTS):
            seconds = timed(partial(_get, client, self._urls[name]))
            self._seconds[name].append(seconds)
            yield seconds

    def slow(self, name: str) -> float:
        """The seconds that nineteen of twenty requests for the page have stayed below."""
        return quantiles(self._seconds[name], n=20)[-1]


def measure(kind: str, sites: list[Site], rounds: int = ROUNDS) -> list[Result]:
    """The pages' times at every size; the ratio is that to the smallest."""
    results = []
    for name in _READERS:
        sides = [Side(str(site.count), partial(site.requests, name)) for site in sites]
        interleave(*sides, rounds=rounds)
        first = sides[0]
        results += [
            Result(
                f"{name}_{side.name}",
                kind,
                side.seconds * 1_000,
                "ms",
                "" if side is first else f"at {first.name}",
                None if side is first else first.seconds / side.seconds,
            )
            for side in sides
        ]
        results += [
            Result(f"{name}_{site.count}_p95", kind, site.slow(name) * 1_000, "ms")
            for site in sites
        ]
    return results


def _sign_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/login", data={"login": login, "password": f"vinh-danh-{login}"})
    assert answer.status_code == 303, answer.status  # noqa: PLR2004 - signed in
    return client


def _get(client: FlaskClient, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status  # noqa: PLR2004 - the page is there
    assert len(answer.data) > 0


def _with_many_events(engine: Engine) -> str:
    """A running nomination's code, its chain drawn out to 200 events by claims given back."""
    with transaction(engine) as session:
        query = select(Nomination.code, Nomination.instance_id).join(Nomination.instance)
        query = query.where(ProcessInstance.status == InstanceStatus.RUNNING)
        code, instance_id = session.execute(
            query.order_by(Nomination.id.desc())
        ).first() or (
            "",
            0,
        )
        instance = instances.lock(session, instance_id)
        with history.together(session):
            while instance.history_length < EVENTS:
                for kind in (EventKind.TASK_CLAIMED, EventKind.TASK_UNCLAIMED):
                    history.append(
                        session, instance, kind, actor=None, now=NOW, element="appraise"
                    )
        return str(code)
