"""In English nothing stays Vietnamese but what people entered: every page of every role."""

import pytest

from tests import languages
from tests.client import form, parse
from tests.permissions import TABLE, ask, targets
from tests.stages import PEOPLE, STEPS
from tests.views.answers import GOOD

SPOKEN = ("aria-label", "title", "alt", "placeholder", "content")
PAGES = [row[0] for row in TABLE[1:] if row[0].startswith("GET ")]


@pytest.fixture(scope="module")
def english(open_house):
    """`english("lan.tuphap")` is a client of this person, who has switched to English."""

    def sign_in(login):
        client = open_house(login)
        assert client.post("/language", data={"language": "en"}).status_code == 303
        return client

    return sign_in


@pytest.fixture(scope="module")
def known(open_house):
    kept = languages.entered(open_house.app.config["SETTINGS"].database_url.database)
    return [GOOD["prepare_nomination"]["achievements"], *kept]


def left_over(page, known):
    tree = parse(page)
    assert tree.get("lang", "en") == "en"  # a fragment has none
    spoken = [value for name in SPOKEN for value in tree.xpath(f"//@{name}")]
    drawn = tree.xpath(
        "//text()[not(parent::script or parent::style or ancestor::span[@lang='vi'])]"
    )
    return languages.left_over([*drawn, *spoken], known)


@pytest.mark.parametrize("role", PEOPLE)
def test_pages(english, known, found, role):
    client = english(PEOPLE[role])
    pages = {
        path: ask(client, path)
        for address in PAGES
        for path, is_open in targets(found, address, role)
        if is_open
    }
    vietnamese = {
        path: left_over(page, known)
        for path, page in pages.items()
        if page.mimetype == "text/html" and page.status_code == 200
    }

    assert {path: texts for path, texts in vietnamese.items() if texts} == {}
    assert vietnamese


@pytest.mark.parametrize("step", STEPS)
def test_step_with_its_errors(english, known, cases, step):
    client = english(STEPS[step])
    sent = form(client.get(f"/tasks/{cases[step]['own'].task}"))
    for outcome in (*sent.choices["outcome"], "bogus"):
        page = sent.send(client, outcome=outcome, revision="no", reason="\0", score="x")
        assert (page.status_code, left_over(page, known)) == (422, [])


@pytest.mark.parametrize("step", STEPS)
def test_step_that_somebody_else_has_done(english, known, cases, step):
    client = english(STEPS[step])
    sent = form(client.get(f"/tasks/{cases[step]['own'].task}"))
    page = sent.send(client, **GOOD[step], revision="0")

    assert (page.status_code, left_over(page, known)) == (409, [])


@pytest.mark.parametrize("path", ["/nominations/HS-0000-00000", "/inbox?page=x", "/none"])
def test_errors(english, known, path):
    assert left_over(english("lan.tuphap").get(path), known) == []
