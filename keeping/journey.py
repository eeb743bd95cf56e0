"""A short working day in a restored copy: sign in, open the inbox, take one task, see it told.

Who has to declare interests before a dossier is shown does so, as the page proposes.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from awards import access, accounts, people, second_factors
from keeping.archive import BadBackup
from models.organisation import Person
from models.process import InstanceStatus, ProcessInstance
from models.session import reading, transaction
from models.tasks import TaskState, UserTask
from settings import Settings
from views.web import db
from workflows import calendar, history
from workflows.actors import Actor

_TRIES = 50  # tasks looked at: some may be nobody's who could sign in
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_PROPOSED = re.compile(r'name="(relation-\d+)">.*?value="(\w+)" selected', re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Task:
    id: int
    code: str
    instance: int


def walk(app: Flask, now: datetime) -> list[str]:
    """What was done in the copy, in sentences. Raises BadBackup at the first thing that fails."""
    settings: Settings = app.config["SETTINGS"]
    with app.app_context():
        engine = db.engine
    with reading(engine) as session:
        found = list(_ways(session, settings, now))
    if not found:
        raise BadBackup("The copy holds no open task of anybody who could sign in.")
    return _work(app, engine, found, now)


def _work(
    app: Flask, engine: Engine, found: list[tuple[Actor, list[_Task]]], now: datetime
) -> list[str]:
    for person, tasks in found:
        client, login = _signed_in(app, engine, person, now)
        for task in tasks:
            page = _get(client, app, f"/inbox?tab=groups&q={task.code}")
            if f'href="/tasks/{task.id}"' not in page:  # the code stands in the search, too
                message = f"The inbox of {login} does not show {task.code}."
                raise BadBackup(message)
            if _takes(client, app, engine, task, person):
                return [
                    f"{login} signed in",
                    f"the inbox shows {task.code}",
                    f"{task.code} was taken, and the history tells it",
                ]
    raise BadBackup("Nobody could take a task in the copy.")


def _ways(
    session: Session, settings: Settings, now: datetime
) -> Iterator[tuple[Actor, list[_Task]]]:
    """People who need no device to sign in, each with open tasks of their queues."""
    query = (
        select(
            UserTask.queue, UserTask.id, ProcessInstance.business_key, ProcessInstance.id
        )
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(
            UserTask.state == TaskState.READY,
            ProcessInstance.status == InstanceStatus.RUNNING,
            ProcessInstance.suspended_at.is_(None),
        )
    )
    waiting: dict[str, list[_Task]] = {}
    rows = session.execute(query.order_by(UserTask.id).limit(_TRIES))
    for queue, task, code, instance in rows:
        waiting.setdefault(queue, []).append(_Task(task, code, instance))
    for queue, tasks in waiting.items():
        for person in people.serving(session, queue, calendar.today(now)):
            is_held_back = settings.asks_twice and second_factors.is_due(person)
            if access.works_on_tasks(person) and not is_held_back:
                yield person, tasks


def _signed_in(
    app: Flask, engine: Engine, person: Actor, now: datetime
) -> tuple[FlaskClient, str]:
    """Give the person a new password in the copy, as an administrator would, and sign in."""
    with transaction(engine) as session:
        login = session.get_one(Person, person.id).login
        token = accounts.hand_out_link(session, person.id, made_by=None, now=now)
    client, password = app.test_client(), secrets.token_urlsafe(24)
    _post(client, app, f"/password/{token}", password=password, again=password)
    _post(client, app, "/login", login=login, password=password)
    return client, str(login)


def _takes(
    client: FlaskClient, app: Flask, engine: Engine, task: _Task, person: Actor
) -> bool:
    """Whether the person could take the task; the history must tell it and hold."""
    page = f"/tasks/{task.id}"
    if not _opens(client, app, page):
        _declare(client, app, task)
        if not _opens(client, app, page):
            return False  # somebody else is to do it
    _post(client, app, f"{page}/claim", token_of=page)
    with reading(engine) as session:
        row = session.get_one(UserTask, task.id)
        if row.state != TaskState.CLAIMED or row.assignee_id != person.id:
            return False
        fault = history.verify(session, session.get_one(ProcessInstance, task.instance))
    if fault is not None:
        message = f"After an act in the copy the history does not hold: {fault.message}"
        raise BadBackup(message)
    return True


def _opens(client: FlaskClient, app: Flask, path: str) -> bool:
    address = app.config["SETTINGS"].address
    return client.get(path, base_url=address).status_code == HTTPStatus.OK


def _declare(client: FlaskClient, app: Flask, task: _Task) -> None:
    """Where the page asks who the nominees are to the person, say what it proposes."""
    path = f"/interests?task={task.id}"
    if _opens(client, app, path):
        proposed = dict(_PROPOSED.findall(_get(client, app, path)))
        _post(client, app, "/interests", token_of=path, **proposed)


def _get(client: FlaskClient, app: Flask, path: str) -> str:
    answer = client.get(path, base_url=app.config["SETTINGS"].address)
    if answer.status_code != HTTPStatus.OK:
        message = f"{path.partition('?')[0]} answers {answer.status_code} in the copy."
        raise BadBackup(message)
    return answer.get_data(as_text=True)


def _post(
    client: FlaskClient, app: Flask, path: str, token_of: str = "", **fields: str
) -> None:
    """Send the form that stands on a page, with its token."""
    found = _TOKEN.search(_get(client, app, token_of or path))
    address = app.config["SETTINGS"].address
    sent = fields | ({"csrf_token": found[1]} if found else {})
    answer = client.post(path, data=sent, base_url=address, headers={"Origin": address})
    if answer.status_code not in (HTTPStatus.OK, HTTPStatus.SEE_OTHER):
        message = (
            f"A form at {path.split('/')[1]} answers {answer.status_code} in the copy."
        )
        raise BadBackup(message)
