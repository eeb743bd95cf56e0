"""A4 of trust.md: a form takes the fields that it shows, whatever else is sent with them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from awards import comments
from models.base import Base
from models.session import reading
from tests.client import form
from tests.stages import PEOPLE, STEPS, Stages
from tests.staging import House
from tests.views.answers import GOOD

pytestmark = pytest.mark.trust
DRAWN_BY_LOT = {
    *("salt", "digest", "hash", "head", "body", "token"),
    *("paper", "paper_sha256"),  # prints the token; what it says is `content`
}
KEPT_AS_TYPED = {
    ("draft", "fields")
}  # a draft is what was typed; its form reads its own fields
Row = tuple[tuple[str, str], ...]


class Sent(NamedTuple):
    """A form of the application, and what somebody fills in."""

    login: str
    page: str
    action: str
    fields: dict[str, str]


def forms(found: Stages) -> Iterator[Sent]:
    """Forms that keep what people write; a password leaves nothing here but its hash."""
    for step, login in STEPS.items():
        case = found.cases[step]["own"]
        url = f"/tasks/{case.task}"
        yield Sent(login, url, url, GOOD[step])
        yield Sent(login, url, f"{url}/draft", GOOD[step])
        yield Sent(
            login,
            f"/nominations/{case.code}",
            f"/nominations/{case.code}/comments",
            {"text": "Đã xem."},
        )
    case = found.cases["appraise"]["own"]
    officer, admin = PEOPLE["unit_officer"], PEOPLE["system_admin"]
    url = f"/nominations/{case.code}"
    reason = {"reason": "Theo nguyện vọng của đơn vị."}
    yield Sent(PEOPLE["unit_head"], f"{url}/withdraw", f"{url}/withdraw", reason)
    yield Sent(
        PEOPLE["department_head"],
        f"{url}/extension",
        f"{url}/extension",
        reason | {"days": "5"},
    )
    yield Sent(
        officer,
        "/nominations/new",
        "/nominations/new",
        {"nominee_kind": "individual", "nominee_name": "Vũ Thị Ỷ", "honorific": "Bà"},
    )
    yield Sent(
        admin,
        "/people",
        "/people",
        {"login": "nguoi.moi", "honorific": "Bà", "name": "Lê Thị Mới"},
    )
    yield Sent(
        admin,
        "/legal-bases",
        "/legal-bases",
        {"text": "Căn cứ Nghị định số 1/2026/NĐ-CP;", "valid_from": "01/01/2026"},
    )


def columns() -> list[tuple[str, str]]:
    """Every column of every table."""
    return [(t.name, c.name) for t in Base.metadata.sorted_tables for c in t.columns]


def extra(house: House, known: set[str]) -> dict[str, str]:
    """A field named like each column, with a value that stands in the column: the last by order."""
    found: dict[str, str] = {}
    with reading(house.engine) as session:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if column.name in known or column.name in found:
                    continue
                query = select(column).where(column.is_not(None)).limit(20)
                values = [
                    v for v in session.scalars(query) if isinstance(v, (str, int, date))
                ]
                found[column.name] = str(max(map(str, values), default="1"))[:200]
    return found


def rows(house: House) -> dict[str, set[Row]]:
    """Every row, without what the clock and the lot have written."""
    with reading(house.engine) as session:
        return {
            table.name: {
                tuple(
                    (name, repr(_settled(value)))
                    for name, value in row.items()
                    if not isinstance(value, datetime)
                    and name not in DRAWN_BY_LOT
                    and not name.endswith(("_hash", "_key", "_head"))
                    and (table.name, name) not in KEPT_AS_TYPED
                )
                for row in session.execute(select(table)).mappings()
            }
            for table in Base.metadata.sorted_tables
            if table.name not in {"browser_session", "command"}
        }


def _settled(value: object) -> object:
    if isinstance(value, dict):
        return {name: v for name, v in value.items() if name not in DRAWN_BY_LOT}
    return value


def effect(
    house: House, sent: Sent, more: dict[str, str]
) -> tuple[int, dict[str, set[Row]]]:
    """What comes of the form with these fields beside its own: the answer, and new rows."""
    client = house.browser(sent.login)
    before = rows(house)
    answer = post(client, sent, more)
    after = rows(house)
    house.restore()
    return answer.status_code, {
        name: after[name] ^ before[name] for name in after if after[name] != before[name]
    }


def post(client: FlaskClient, sent: Sent, more: dict[str, str]) -> TestResponse:
    page = client.get(sent.page)
    is_draft = sent.action.endswith("/draft")
    filled = form(page, sent.action.removesuffix("/draft") if is_draft else sent.action)
    own = set(filled.fields) | set(filled.choices) | set(sent.fields)
    beside = {name: value for name, value in more.items() if name not in own}
    return filled.send(client, to="/draft" if is_draft else "", **sent.fields, **beside)


def taken(house: House, sent: Sent) -> list[str]:
    """What columns' names among the fields have changed in what a form does."""
    code, plain = effect(house, sent, {})
    assert (code, bool(plain)) == (303, True), f"{sent.action} keeps nothing: {code}"
    again, loaded = effect(house, sent, extra(house, set()))
    found = [] if again == code else [f"{sent.action}: {again}"]
    return found + [
        f"{sent.action}: {name}"
        for name in plain.keys() | loaded.keys()
        if plain.get(name) != loaded.get(name)
    ]


@pytest.fixture
def chosen(found: Stages, size: Callable[[int], int]) -> list[Sent]:
    every = list(forms(found))
    return every if size(10) == 10 else every[::4]


def test_forms_take_their_own_fields_alone(house, chosen):
    assert [word for sent in chosen for word in taken(house, sent)] == []


def test_there_are_as_many_fields_as_promised(found):
    names = {name for _table, name in columns()}
    assert len(names) * len(list(forms(found))) > 1_500


def test_form_that_takes_what_it_is_given_is_caught(house, found, monkeypatch):
    """An operation that hands the request's fields on to its row."""
    from flask import request  # noqa: PLC0415 - inside the request alone

    true_add = comments.add

    def add(session: Any, nomination: Any, **arguments: Any) -> None:
        true_add(session, nomination, **arguments)
        nomination.achievements = request.form.get("login", nomination.achievements)

    monkeypatch.setattr(comments, "add", add)
    sent = next(one for one in forms(found) if one.action.endswith("/comments"))

    assert taken(house, sent) == [f"{sent.action}: nomination"]
