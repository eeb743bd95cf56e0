"""S11 and S12 of trust.md: pages lead to our own, whatever host and proxies are named."""

import re

import pytest
from sqlalchemy import make_url

import app as application
from awards import guessing
from settings import Settings
from tests.conftest import SECRET
from tests.trust.web.test_headers import LOGIN
from views import auth, web

pytestmark = pytest.mark.trust
_SITES = (
    "evil.example",
    "evil.example:80",
    "user@evil.example",
    "[::1]",
    "127.0.0.1@evil.example",
)
_MARKS = ("\t", "\n", "\r", "\0", "\x0b", "\x1f", "\x7f", "\x85")
_WIDTHLESS = ("\u200b", "\u2028", "\u2029", "\ufeff", "\xad", "\u202e")
_BEFORE = (" ", "\t", "\n", "\r\n", "\0", "\u2028", "\ufeff")
_SCHEMES = ("https:", "https:/", "http:/", "https:///", "ftp://", "ws://")
ELSEWHERE = [
    *(f"{s}{site}" for site in _SITES for s in ("//", "http://", "https://", "HTTP://")),
    *(
        f"{s}evil.example"
        for s in ("///", "////", "/\\", "\\", "\\\\", "/\\/", "\\/", *_SCHEMES)
    ),
    *(f"/{mark}/evil.example" for mark in (*_MARKS, *_WIDTHLESS)),
    *(f"{mark}//evil.example" for mark in _BEFORE),
    *(
        "//127.0.0.1@evil.example",
        "http://evil.example#@127.0.0.1",
        "//localhost.evil.example",
    ),
    *("javascript:alert(1)", "JaVaScRiPt:x", "\x01javascript:x", "java\nscript:x"),
    *(
        "data:text/html,x",
        "vbscript:x",
        "mailto:a@b",
        "tel:1",
        "file:///etc/passwd",
        "blob:x",
    ),
    *("evil.example", "evil.example/inbox", "@evil.example", ".evil.example", ".", "../x"),
    *("?x", "?next=//evil.example", "#x", "", "//", "\\", "*", "%2f%2fevil", "%5cevil"),
    *(
        "/inbox\r\nSet-Cookie: a=b",
        "/inbox\nLocation: //evil.example",
        "/a\r\n\r\n<script>",
    ),
    *("//evil.example/%2f..", "//evil%E3%80%82example", "//\uff0eevil.example", "///"),
]
OURS = [
    "/board",
    "/board?q=a&page=2",
    "/nominations/HS-2026-00001#papers",
    "/inbox?q=%2F%2Fevil",
    "/%5Cevil.example",
    "/%2F/evil.example",
    "/.//evil.example",
    "/:evil",
    "/https://evil.example",
]
HOSTS = [
    *(
        "evil.example",
        "localhost.evil.example",
        "127.0.0.2",
        "",
        "localhost:x",
        "LOCALHOST.evil",
    ),
    *(
        "localhost@evil.example",
        "evil.example#localhost",
        "[::1]",
        "localhost,evil.example",
    ),
    *(
        "localhost evil.example",
        "localhost/evil",
        "\xfflocalhost",
        "localhost\\evil",
        "x" * 300,
    ),
]
FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Port": "666",
    "X-Original-URL": "/people",
    "X-Rewrite-URL": "/people",
    "X-HTTP-Method-Override": "DELETE",
    "Forwarded": "host=evil.example;for=1.2.3.4;proto=http",
    "X-Host": "evil.example",
}


def sends_to(browse, target):
    """Where one is led after signing in, and after choosing a language, with this target."""
    answers = [
        browse().post("/login", data=LOGIN | {"next": target}),
        browse().post("/language", data={"language": "vi", "next": target}),
    ]
    assert {answer.status_code for answer in answers} == {303}
    return tuple(answer.headers["Location"] for answer in answers)


def test_next_leads_to_no_other_site(browse, size):
    some = ELSEWHERE[:: len(ELSEWHERE) // size(len(ELSEWHERE))]
    led = {target: sends_to(browse, target) for target in some}

    assert {t: to for t, to in led.items() if to != ("/inbox", "/")} == {}
    assert [target for target in ELSEWHERE if auth.own_path(target)] == []
    assert len(ELSEWHERE) >= 80


def test_next_leads_to_our_own(browse):
    assert {t: sends_to(browse, t)[0] for t in OURS} == {target: target for target in OURS}


def test_target_that_is_believed_is_caught(browse, monkeypatch):
    monkeypatch.setattr(auth, "own_path", lambda target: target)

    assert sends_to(browse, "//evil.example") == ("//evil.example", "//evil.example")


def test_host_that_is_not_ours_is_refused(browse):
    client = browse()
    codes = {
        host: client.get("/login", headers={"Host": host}).status_code for host in HOSTS
    }

    assert {host: code for host, code in codes.items() if code != 400} == {}


def test_host_that_is_ours_is_answered(browse):
    for host in ("localhost", "127.0.0.1:8000"):
        assert browse().get("/login", headers={"Host": host}).status_code == 200


@pytest.fixture(params=[True, False], ids=["demo", "production"])
def site(sqlite, tmp_path, request):
    address = make_url(sqlite.copy("province"))
    made = application.create_app(Settings(address, SECRET, 8000, tmp_path, request.param))
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    with made.app_context():
        web.db.engine.dispose()


def test_forwarded_names_change_no_link(site):
    paths = ("/inbox", "/", "/login", "/missing", "/password/x", "/static/app.css")
    for path in paths:
        plain = site.test_client().get(path, buffered=True)
        forged = site.test_client().get(path, headers=FORWARDED, buffered=True)
        pages = [
            re.sub(rb'"[\w.-]{40,}"', b"TOKEN", answer.data) for answer in (plain, forged)
        ]
        assert forged.status_code == plain.status_code
        assert forged.headers.get("Location") == plain.headers.get("Location")
        assert pages[0] == pages[1]


def counted_as(site, monkeypatch, headers):
    """The address of which a wrong password is counted."""
    seen = []
    address = guessing.address
    monkeypatch.setattr(guessing, "address", lambda one: seen.append(one) or address(one))
    site.test_client().post("/login", data=LOGIN | {"password": "x"}, headers=headers)
    return set(seen)


def test_forged_addresses_are_not_counted_for_others(site, monkeypatch):
    """A proxy of ours adds the true address at the end; in the demo there is none."""
    is_demo = site.config["SETTINGS"].is_demo
    for forged in ("1.2.3.4", "1.2.3.4, 5.6.7.8", "unknown", "", "\x80", "a" * 9_000):
        sent = {"X-Forwarded-For": f"{forged}, 10.9.8.7", "X-Real-IP": forged}
        found = counted_as(site, monkeypatch, sent)
        assert found == ({"127.0.0.1"} if is_demo else {"10.9.8.7"})
