"""S7, S8 and S10 of trust.md, on every page: looking changes nothing, headers, htmx in bounds."""

import json
import re
from pathlib import Path

import lxml.html
import pytest

from tests.staging import nothing_written
from tests.trust.web.addresses import pages
from tests.trust.web.headers import lacking
from views import web

pytestmark = pytest.mark.trust
TEMPLATES = Path(__file__).parents[3] / "templates"
LOOKING = ("GET", "HEAD", "OPTIONS")
HTMX = {
    "selfRequestsOnly": True,
    "allowEval": False,
    "allowScriptTags": False,
    "historyCacheSize": 0,
}
TYPED = "//blockquote | //*[contains(concat(' ', @class, ' '), ' typed ')]"
SHOWS_TYPED = re.compile(r'<(?:blockquote|\w+ [^<>]*class="(?:[\w-]+ )*typed[ "])[^<>]*>')


def test_looking_changes_nothing_and_every_page_is_in_bounds(
    open_house, found, pytestconfig
):
    """One walk for all of it: everybody looks at everything; a tenth: who may, and a stranger."""
    asked = pages(found, by_everybody=pytestconfig.getoption("full"))
    for login in {login for login, _path in asked}:
        open_house(login)  # signing in is no looking
    wrong, seen = {}, 0
    with nothing_written(open_house.app):
        for login, path in asked:
            for method in LOOKING:
                answer = open_house(login).open(path, method=method)
                wrong[login, method, path] = faults(answer)
                seen += is_page(answer)

    assert {one: bad for one, bad in wrong.items() if bad} == {}
    assert (len(wrong), seen) > (250, 40)


def faults(answer):
    bad = lacking(answer)
    if answer.status_code not in (200, 302, 303, 404, 410):
        bad.append(answer.status)
    if answer.headers["Cache-Control"] != "no-store":
        bad.append("kept by browsers")
    return bad + (loose(answer.get_data(as_text=True)) if is_page(answer) else [])


def is_page(answer):
    return answer.data.lstrip().startswith(b"<!doctype html>") and answer.location is None


def loose(page):
    """What is wrong about htmx on a page: a setting, or typed text that it would look into."""
    tree = lxml.html.document_fromstring(page)
    said = json.loads(tree.xpath("string(//meta[@name='htmx-config']/@content)") or "{}")
    wrong = [name for name, value in HTMX.items() if said.get(name) is not value]
    wrong += [
        element.tag
        for element in tree.xpath(TYPED)
        if not element.xpath("ancestor-or-self::*[@hx-disable]")
    ]
    return wrong + tree.xpath("//*/@*[starts-with(name(), 'hx-on')]")


def test_looking_that_writes_is_caught(open_house):
    path = open_house.app.config["SETTINGS"].database_url.database
    watched = nothing_written(open_house.app)
    watched.__enter__()
    with web.SQLITE_DRIVER.connect(path) as connection:
        connection.execute("UPDATE person SET name = 'x' WHERE id = 1")
    with pytest.raises(AssertionError, match="person"):
        watched.__exit__(None, None, None)


def test_every_template_holds_typed_text_apart():
    bare = [
        f"{path.relative_to(TEMPLATES)}: {tag}"
        for path in TEMPLATES.rglob("*.html")
        for tag in SHOWS_TYPED.findall(path.read_text())
        if "hx-disable" not in tag
    ]
    assert bare == []


def test_page_out_of_bounds_is_caught(open_house):
    page = open_house("").get("/login").get_data(as_text=True)

    assert loose(page) == []
    assert loose(page.replace("selfRequestsOnly", "x")) == ["selfRequestsOnly"]
    assert loose(f"{page}<blockquote hx-get='/x'>a</blockquote>") == ["blockquote"]
    assert loose(f"{page}<p class='hint typed'>a</p>") == ["p"]
