"""Requests that no browser sends, at the real server: refused, one answer at most, nothing told."""

import re

import pytest

from tests.trust.web.serving import HOST, Caller, serve
from tests.trust.web.test_fuzz import INSIDE

pytestmark = pytest.mark.trust
_HEAD = f"Host: {HOST}\r\n"
_POST = f"POST /login HTTP/1.1\r\n{_HEAD}"
_CHUNKED = "chunked\r\n\r\n0\r\n\r\n"
_FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
SECOND = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
REFUSED = [
    "GET /login HTTP/1.1\r\n\r\n",
    f"GET /login HTTP/1.1\r\n{_HEAD}Host: evil.example\r\n\r\n",
    "GET /login HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "GET http://evil.example/login HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    f"GET /login HTTP/9.9\r\n{_HEAD}\r\n",
    f"GET  /login HTTP/1.1\r\n{_HEAD}\r\n",
    f"GET /login\x00 HTTP/1.1\r\n{_HEAD}\r\n",
    f"G\x1bT /login HTTP/1.1\r\n{_HEAD}\r\n",
    f"GET /login HTTP/1.1\r\n{_HEAD}A\x00: b\r\n\r\n",
    f"GET /login HTTP/1.1\r\n{_HEAD}A : b\r\n\r\n",
    f"GET /login HTTP/1.1\r\n{_HEAD}A: b\r\n folded\r\n\r\n",
    f"GET /login HTTP/1.1\r\n{_HEAD}" + "".join(f"A{n}: b\r\n" for n in range(300)) + "\r\n",
    f"GET /login HTTP/1.1\r\n{_HEAD}A: {'b' * 70_000}\r\n\r\n",
    f"GET /{'a' * 9_000} HTTP/1.1\r\n{_HEAD}\r\n",
    f"{_POST}{_FORM}Content-Length: -1\r\n\r\n{SECOND}",
    f"{_POST}{_FORM}Content-Length: +4\r\n\r\na=bc{SECOND}",
    f"{_POST}{_FORM}Content-Length: 4, 5\r\n\r\na=bc{SECOND}",
    f"{_POST}Content-Length: 4\r\nContent-Length: 0\r\n\r\na=bc{SECOND}",
    f"{_POST}Content-Length: 4\r\nTransfer-Encoding: {_CHUNKED}{SECOND}",
    f"{_POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{SECOND}",
    f"{_POST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{SECOND}",
    f"{_POST}Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n{SECOND}",
    f"{_POST}{_FORM}Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    f"{_POST}{_FORM}Content-Length: 3000000\r\n\r\na=b",
    f"TRACE /login HTTP/1.1\r\n{_HEAD}\r\n",
    f"CONNECT evil.example:80 HTTP/1.1\r\n{_HEAD}\r\n",
    f"PRI * HTTP/2.0\r\n{_HEAD}\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]  # fmt: skip
PATHS = [
    *("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "//etc/passwd"),
    *("/static//etc/passwd", "/static/..\\app.py", "/static/%5c..%5capp.py", "/.git/HEAD"),
    *(
        "/static/....//app.py",
        "/static/%252e%252e/app.py",
        "/static/vendor/../../settings.py",
    ),
    *(
        "/instance/secret-key",
        "/static/%c0%ae%c0%ae/app.py",
        "/static/app.css%00.png",
        "/static/",
    ),
    *("/static/%2e%2e%2fapp.py", "/.env", "/app.py", "/static/../instance/vinhdanh.sqlite"),
]


def answers(got):
    """The status of each answer; a server that hangs up without one has given none."""
    return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d{3}) ", got)]


def test_requests_that_no_browser_sends_are_refused(sqlite, tmp_path):
    wrong = {}
    with serve(sqlite, tmp_path) as site:
        caller = Caller(site)
        for sent in REFUSED:
            got = caller.raw(sent.encode("latin-1"))
            codes, told = answers(got), [word for word in INSIDE if word in got]
            if (
                told
                or len(codes) > 1
                or not set(codes) <= {400, 404, 405, 408, 413, 414, 431, 501, 505}
            ):
                wrong[sent[:200]] = (codes, told)
        for path in PATHS:
            got = caller.raw(
                f"GET {path} HTTP/1.1\r\n{_HEAD}Connection: close\r\n\r\n".encode()
            )
            if answers(got) not in ([404], [308], [400]) or b"import" in got:
                wrong[path] = answers(got)
        hidden = f"GET /login HTTP/1.1\r\n{_HEAD}X_Forwarded_Prefix: /evil\r\n"
        forged = caller.raw(f"{hidden}Connection: close\r\n\r\n".encode())
        alive = caller.get("/healthz")

    assert wrong == {}
    assert (alive.status, alive.headers["Server"]) == (200, "vinh-danh")
    assert answers(forged) == [200]  # what proxies say is not said with underscores
    assert b"/evil" not in forged
    assert "Traceback" not in site.said()


def test_second_answer_is_counted():
    assert answers(b"HTTP/1.1 200 OK\r\n\r\nxHTTP/1.1 400 Bad Request\r\n") == [200, 400]
