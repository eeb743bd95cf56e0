"""S7 of trust.md: every unsafe address refuses what our own pages did not send."""

import pytest

from tests.client import heading, parse
from tests.staging import nothing_written
from tests.trust.web.addresses import UNSAFE, address
from views import foreign

pytestmark = pytest.mark.trust
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost@evil.example"},
    {"Origin": "http://["},
    {"Origin": "http://[", "Referer": "http://["},
    {"Origin": ""},
]
OURS = [
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost"},
    {},
]


def signed_in(app):
    client = app.test_client()
    return sign_in(client, token_on(client))


def sign_in(client, token):
    fields = {
        "login": "lan.tuphap",
        "password": "vinh-danh-lan.tuphap",
        "csrf_token": token,
    }
    assert client.post("/login", data=fields).status_code == 303
    return client


def token_on(client):
    page = parse(client.get("/login", follow_redirects=True))
    return page.xpath("string(//input[@name='csrf_token']/@value)")


def attempts(app, client, old):
    """What other sites can make a browser send: without our token, with another, from elsewhere."""
    theirs, ours = token_on(app.test_client()), token_on(client)
    tokens = [
        "",
        "wrong",
        theirs,
        f"{theirs}\0",
        old,
        ours[:-1],
        ours.swapcase(),
        "x" * 9_000,
    ]
    foreign = [{"headers": headers, "data": {"csrf_token": ours}} for headers in FOREIGN]
    return [
        {},
        *({"data": {"csrf_token": token}} for token in tokens),
        {"data": {"_method": "GET"}},
        {"headers": {"X-HTTP-Method-Override": "GET"}},
        {"headers": {"X-CSRFToken": theirs}},
        {"data": b"csrf_token=" + ours.encode(), "content_type": "text/plain"},
        {"json": {"csrf_token": ours}},
        {"query_string": {"csrf_token": ours}},
        *foreign,
    ]


def answered(app, found, part):
    """The answers to every attempt at every address, or a part of them, by address."""
    anonymous = app.test_client()
    old = token_on(anonymous)
    client = sign_in(anonymous, old)
    pairs = [(path, sent) for path in UNSAFE for sent in attempts(app, client, old)]
    assert len(pairs) >= 400
    answers = [
        (path, client.post(address(found, path), **sent)) for path, sent in pairs[::part]
    ]
    assert client.get("/inbox").status_code == 200  # nobody was signed out by it
    return answers


def test_what_another_site_sends_is_refused(app, found, size):
    with nothing_written(app):
        answers = answered(app, found, 10 // size(10))

    codes = [(path, answer.status_code) for path, answer in answers]
    assert {path for path, code in codes if code != 400} == set()
    assert {heading(answer) for _path, answer in answers} == {"Yêu cầu không đọc được"}


@pytest.mark.parametrize("missing", ["token", "origin"])
def test_protection_that_is_off_is_caught(app, found, monkeypatch, missing):
    if missing == "token":
        app.config["WTF_CSRF_ENABLED"] = False
    else:
        monkeypatch.setattr(foreign, "SAFE", {"POST"})
    client = app.test_client()
    old = token_on(client)
    client = sign_in(client, old)
    sent = attempts(app, client, old)
    path = address(found, "/nominations/CODE/comments")
    codes = [client.post(path, **one).status_code for one in sent]

    assert set(codes[:15] if missing == "token" else codes[15:]) == {422}


def test_what_changes_is_not_reached_by_looking(app, found, size):
    """Nor with the form's fields in the address, nor by a method that we do not know."""
    methods = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "QUERY")[: size(10)]
    client = signed_in(app)
    sent = {
        "csrf_token": token_on(client),
        "outcome": "approve",
        "text": "x",
        "reason": "x",
    }
    with nothing_written(app):
        for path in UNSAFE:
            for method in methods:
                client.open(address(found, path), method=method, query_string=sent)


@pytest.mark.parametrize("headers", OURS)
def test_our_own_requests_go_through(app, headers):
    client = signed_in(app)
    sent = {"csrf_token": token_on(client)}

    assert client.post("/logout", data=sent, headers=headers).status_code == 303


def test_looking_is_free_from_everywhere(app):
    codes = [app.test_client().get("/login", headers=one).status_code for one in FOREIGN]
    assert codes == [200] * len(FOREIGN)


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
