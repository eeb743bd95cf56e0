"""A1 and A2 of trust.md: every address has one guard, and answers as docs/permissions.md says."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from zlib import crc32

import pytest
from flask import Response, abort
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from awards import access
from tests.permissions import (
    ANSWERS,
    CELLS,
    PLACEHOLDERS,
    ROLES,
    STATES,
    STEP_OF,
    STEP_TABLE,
    STRANGER,
    TABLE,
    WRITING,
    ask,
    targets,
)
from tests.stages import PEOPLE, STEPS, Stages
from tests.staging import House, nothing_written
from views.guards import GUARDS

pytestmark = pytest.mark.trust
ADDRESSES = [row[0] for row in TABLE[1:]]


class Request(NamedTuple):
    """One request of the matrix, and the code that the page says is answered."""

    role: str
    address: str
    path: str
    is_open: bool
    code: int


STOPPED = {  # what is done to the task of a nomination that is suspended, or was cancelled
    ("answered", "POST /tasks/TASK/claim"): 422,
    ("itemised", "POST /tasks/TASK"): 409,
    ("itemised", "POST /tasks/TASK/claim"): 409,
    ("itemised", "POST /tasks/TASK/unclaim"): 409,
    ("itemised", "POST /tasks/TASK/draft"): 409,
}


def matrix(found: Stages) -> Iterator[Request]:
    """Everybody asks for everything, of every unit's nominations in every state."""
    stopped = {
        address.replace("TASK", str(found.cases[place]["own"].task)): code
        for (place, address), code in STOPPED.items()
    }
    for address, role in CELLS:
        for path, is_open in dict(targets(found, address, role, STATES)).items():
            code = stopped.get(path, 0) if is_open else 0
            code = code or expected(address, role, is_open=is_open)
            yield Request(role, address, path, is_open, code)


def expected(address: str, role: str, *, is_open: bool) -> int:
    """The code that the page, and the list beside it, say."""
    if is_open:
        is_in = role != STRANGER
        return 302 if address == "GET /login" and is_in else ANSWERS.get(address, 200)
    return 303 if CELLS[address, role] == "sign in" else 404


def part(asked: list[Request], share: int) -> list[Request]:
    """One in `share` of them, and of every address at least one for either answer."""
    kept = {one for one in asked if crc32(f"{one.role} {one.path}".encode()) % share == 0}
    for address in ADDRESSES:
        for is_open in (True, False):
            fit = [o for o in asked if o.address == address and o.is_open == is_open]
            if fit:
                kept.add(fit[crc32(address.encode()) % len(fit)])
    return [one for one in asked if one in kept]


@pytest.fixture(scope="module")
def asked(found: Stages, size: Callable[[int], int]) -> list[Request]:
    return part(list(matrix(found)), 10 // size(10))


def differences(house: House, asked: list[Request]) -> list[str]:
    """What is answered in another way than the page says; refusals that tell one from another."""
    writing = {one for one in asked if one.is_open and one.address in WRITING}
    looking = [one for one in asked if one not in writing]
    found = []
    refusals: dict[tuple[str, str], set[str]] = {}
    with nothing_written(house.app):
        for one in looking:
            answer = ask(_browser(house, one), one.path)
            found += _wrong(one, answer.status_code)
            if answer.status_code == 404 and ANSWERS.get(one.address) != 404:
                kind = one.role, one.path.partition(" ")[0]
                refusals.setdefault(kind, set()).add(words(answer, one.path))
    for one in writing:
        found += _wrong(one, ask(_browser(house, one), one.path).status_code)
        house.restore()
    for (role, method), pages in refusals.items():
        missing = f"{method} /nominations/HS-1999-09999"
        nothing = words(ask(house.browser(_login(role)), missing), missing)
        found += [f"{role}: {method} is refused in different words"] * (pages != {nothing})
    return found


def _wrong(one: Request, code: int) -> list[str]:
    return [] if code == one.code else [f"{one.role}: {one.path}: {code}, not {one.code}"]


def _login(role: str) -> str:
    return "" if role == STRANGER else PEOPLE[role]


def _browser(house: House, one: Request) -> FlaskClient:
    if one.address == "POST /login":  # a sign-in that fails signs nobody out
        return house.browser()
    return house.browser(_login(one.role))


def words(answer: TestResponse, path: str) -> str:
    """What a page says, without its address and without the tokens of its forms."""
    (page,) = re.findall(r"<title>.*</title>|<main.*</main>", answer.text, re.DOTALL)[1:]
    return re.sub(r'"[\w.-]{40,}"', "TOKEN", page.replace(path.split(" ")[1], "PATH"))


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_what_the_page_says(house, asked, role):
    mine = [one for one in asked if one.role == role]

    assert differences(house, mine) == []
    assert mine


def test_page_that_says_something_else_is_caught(house, asked):
    of_units = [one for one in asked if one.role == "unit_officer"]
    wrong = next(one for one in of_units if one.is_open and one.code == 200)
    turned = wrong._replace(code=404)

    assert differences(house, [wrong]) == []
    assert differences(house, [turned]) == [f"unit_officer: {wrong.path}: 200, not 404"]


def test_door_left_open_is_caught(house, found, monkeypatch):
    monkeypatch.setattr(access, "may_see", lambda *_: True)
    foreign = [
        one
        for one in matrix(found)
        if one.role == "unit_officer"
        and one.address == "GET /nominations/CODE/diagram.bpmn"
        and not one.is_open
    ]

    assert len(differences(house, foreign)) == len(foreign) > 20


def test_refusal_that_tells_the_foreign_from_the_missing_is_caught(
    house, found, monkeypatch
):
    codes = {case.code for case in found.cases["appraise"].values()}

    def tell(code: str) -> None:
        abort(404 if code not in codes else Response("<title></title><main>x</main>", 404))

    with_words = tell
    monkeypatch.setitem(house.app.view_functions, "nominations.show", with_words)
    asked = [
        one
        for one in matrix(found)
        if (one.role, one.address, one.is_open)
        == ("unit_officer", "GET /nominations/CODE", False)
    ]

    assert differences(house, asked) == ["unit_officer: GET is refused in different words"]


def test_part_of_the_matrix_asks_for_every_address_and_everybody(found):
    whole = list(matrix(found))
    tenth = part(whole, 10)

    assert len(whole) > 6_500
    assert len(whole) / 10 < len(tenth) < len(whole) / 5
    assert {one.role for one in tenth} == set(ROLES)
    for is_open in (True, False):
        every = {one.address for one in whole if one.is_open == is_open}
        assert {one.address for one in tenth if one.is_open == is_open} == every


def test_page_knows_every_role_and_step():
    assert [STRANGER, *PEOPLE] == ROLES
    assert [step for step, _role in STEP_TABLE[1:]] == list(STEPS)
    assert set(STEP_OF) <= set(PEOPLE)


def served(rule: Rule) -> Iterator[str]:
    """The addresses of a rule as the page writes them."""
    path = rule.rule
    for word, flask_word in PLACEHOLDERS.items():
        path = path.replace(flask_word, word)
    for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
        yield f"{method} {path}"


def test_page_knows_every_address(house):
    rules = [r for r in house.app.url_map.iter_rules() if r.endpoint != "static"]
    assert set(ADDRESSES) == {address for rule in rules for address in served(rule)}
    assert len(ADDRESSES) == len(set(ADDRESSES))


def bare(views: Mapping[str, Any]) -> set[str]:
    """The endpoints without a guard of their own."""
    return {name for name, view in views.items() if view not in GUARDS}


def test_every_endpoint_has_one_guard(house):
    assert bare(house.app.view_functions) == {"static"}


def test_endpoint_without_a_guard_is_caught(house):
    views = house.app.view_functions | {"people": lambda: ""}
    assert bare(views) == {"static", "people"}


PUBLIC = {  # read by people, not derived: what anybody may call who knows the address
    "auth.check_sign_in",
    "auth.choose_language",
    "auth.choose_password",
    "auth.home",
    "auth.keep_password",
    "auth.sign_in",
    "auth.sign_out",
    "decisions.check",
    "health.check",
    "provider.begin",
    "provider.come_back",
    "second_factor.ask",
    "second_factor.check",
}


def test_what_everybody_may_call_is_this_and_no_more(house):
    views = house.app.view_functions
    assert {name for name, view in views.items() if GUARDS.get(view) == "public"} == PUBLIC


def test_unsafe_addresses_are_not_reached_by_get(house, found):
    readable = {address[4:] for address in ADDRESSES if address.startswith("GET ")}
    posted = [a for a in ADDRESSES if a.startswith("POST ") and a[5:] not in readable]
    client = house.browser("lan.tuphap")

    with nothing_written(house.app):
        for address in posted:
            for path, _is_open in targets(found, address, "unit_officer"):
                assert client.get(path[5:]).status_code == 404, path
