"""Every unsafe address refuses what our own pages did not send."""

import pytest

from tests.client import heading, parse
from tests.views.conftest import nothing_written
from tests.views.test_permissions import TABLE

UNSAFE = [row[0][5:] for row in TABLE[1:] if row[0].startswith("POST ")]


def address(found, path):
    case = found.cases["prepare_nomination"]["own"]
    names = {
        "CODE": case.code,
        "ATTACHMENT": case.attachment,
        "NOTICE": found.cases["refused"]["own"].notice,
        "LIST": found.own_list,
        "BATCH": found.own_batch,
        "TASK": case.task,
        "DEFINITION": 1,
        "LINK": 1,
        "SESSION": 1,
        "PERSON": 1,
        "HELD": 1,
        "DELEGATION": 1,
        "MOVEMENT": 1,
        "AWARD": 1,
        "BASIS": 1,
        "PROPOSAL": 1,
        "TEMPLATE": 1,
        "KIND": "decision",
    }
    for name, value in names.items():
        path = path.replace(name, str(value))
    return path


def signed_in(app):
    client = app.test_client()
    token = parse(client.get("/login")).xpath("string(//input[@name='csrf_token']/@value)")
    fields = {
        "login": "lan.tuphap",
        "password": "vinh-danh-lan.tuphap",
        "csrf_token": token,
    }
    assert client.post("/login", data=fields).status_code == 303
    return client


@pytest.mark.parametrize("path", UNSAFE)
def test_request_without_our_token_is_refused(app, found, path):
    client, stranger = signed_in(app), app.test_client()
    page = parse(stranger.get("/login"))
    theirs = page.xpath("string(//input[@name='csrf_token']/@value)")
    path = address(found, path)
    sent = [
        {},
        {"data": {"csrf_token": ""}},
        {"data": {"csrf_token": "wrong"}},
        {"data": {"csrf_token": theirs}},
        {"data": {"csrf_token": theirs + "\0"}},
        {"data": {"_method": "GET"}},
        {"headers": {"X-CSRFToken": theirs}},
        {"data": b"csrf_token=" + theirs.encode(), "content_type": "text/plain"},
        {"json": {"csrf_token": theirs}},
        {"query_string": {"csrf_token": theirs}},
    ]

    with nothing_written(app):
        answers = [client.post(path, **request) for request in sent]

    assert [answer.status_code for answer in answers] == [400] * len(sent)
    assert {heading(answer) for answer in answers} == {"Yêu cầu không đọc được"}
    assert client.get("/inbox").status_code == 200


def test_refused_request_offers_a_way_back_that_exists(app, found):
    client = signed_in(app)
    dead = {}
    for path in UNSAFE:
        answer = client.post(address(found, path))
        ways = parse(answer).xpath("//p[@class='error-ways']/a/@href")
        dead |= {(path, way): 404 for way in ways if client.get(way).status_code == 404}
    assert dead == {}


def test_every_form_on_a_page_carries_the_token(app, found):
    client = signed_in(app)
    paths = ["/login", "/inbox", "/board", "/nominations", "/nominations/new", "/imports"]
    paths += [
        address(found, path)
        for path in ("/nominations/CODE", "/tasks/TASK", "/imports/LIST")
    ]
    bare = []
    for path in paths:
        page = parse(client.get(path, follow_redirects=True))
        forms = page.xpath("//form[@method='post']")
        bare += [
            path
            for found_form in forms
            if not found_form.xpath(".//input[@name='csrf_token']")
        ]
    assert bare == []


def test_token_in_the_header_serves_htmx(app, found):
    client = signed_in(app)
    token = parse(client.get("/inbox")).xpath("string(//input[@name='csrf_token']/@value)")
    path = address(found, "/tasks/TASK/draft")

    answer = client.post(
        path, data={"reason": "x"}, headers={"X-CSRFToken": token, "HX-Request": "true"}
    )

    assert answer.status_code == 200
    assert "đã lưu nháp" in answer.get_data(as_text=True)


def test_whole_step_works_with_the_tokens_of_the_page(app, found):
    """With the token on, ids are unique too: the checking client looks at every page."""
    client = signed_in(app)
    task = found.cases["prepare_nomination"]["own"].task

    assert client.get(f"/tasks/{task}").status_code == 200
