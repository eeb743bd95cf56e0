"""S13 of trust.md: random requests are no incident, and tell nothing of the inside."""

import io
import random
import string

import pytest

from settings import HERE
from tests.stages import PEOPLE
from tests.trust.web.addresses import address as good
from views import inbox, parsing

pytestmark = pytest.mark.trust

KINDS = {
    "auth": ("/login", "/logout", "/language", "/about", "/", "/password/LINK", "/healthz"),
    "account": ("/account", "/account/password", "/account/sessions/SESSION/end"),
    "people": ("/people", "/people/PERSON", "/people/PERSON/posts", "/second-factor"),
    "lists": ("/inbox", "/board", "/nominations", "/history", "/none/such/page"),
    "nominations": (
        "/nominations/new",
        *(
            f"/nominations/CODE{end}"
            for end in ("", "/comments", "/withdraw", "/extension")
        ),
        *(
            f"/nominations/CODE/{end}"
            for end in ("history", "diagram.bpmn", "operations/new")
        ),
    ),
    "tasks": (
        "/tasks/TASK",
        "/tasks/TASK/draft",
        "/tasks/TASK/claim",
        "/tasks/TASK/unclaim",
    ),
    "files": (
        "/attachments/ATTACHMENT",
        "/attachments/ATTACHMENT/preview.png",
        "/decisions/DECISION.pdf",
        "/notices/NOTICE/read",
        "/static/app.css",
    ),
    "imports": (
        "/imports",
        "/imports/LIST",
        "/imports/LIST/confirm",
        "/imports/LIST/progress",
    ),
    "processes": ("/processes", "/processes/DEFINITION", "/processes/DEFINITION/confirm"),
    "batches": ("/batches", "/batches/BATCH", "/batches/BATCH/progress"),
    "operations": (
        "/operations",
        *(f"/operations/{e}" for e in ("retry", "confirm", "migration")),
    ),
    "organisation": (
        *("/units", "/units/new", "/units/changes/new", "/units/UNIT", "/units/UNIT/block"),
        *("/blocks", "/blocks/BLOCK", "/blocks/BLOCK/handover", "/blocks/years/new"),
        *("/delegations", "/delegations/posts/HELD", "/interests", "/rosters/new"),
    ),
    "seasons": (
        *(
            "/movements",
            "/movements/new",
            "/movements/MOVEMENT",
            "/awards/new",
            "/awards/AWARD",
        ),
        *("/calendar", "/calendar/forget", "/legal-bases", "/legal-bases/BASIS/end"),
    ),
}
ROLES = ("unit_officer", "unit_head", "department_specialist", "auditor")
LOGINS = ("", *(PEOPLE[role] for role in (*ROLES, "process_admin", "system_admin")))
ODD = [
    "9" * 3,
    "9" * 18,
    "9" * 30,
    "-1",
    "0",
    "%00",
    "x",
    "",
    "%ff",
    "1.5",
    "\u0661",
    "..",
    "new",
]
ANY = ["", "\x80\xff", "a" * 9_000, "http://[", "%00", "'\"<zzz>"]
HEADERS = {
    "HX-Request": ["true"],
    "HX-Current-URL": ["http://localhost/inbox"],
    "HX-Target": ["inbox-list"],
    "Referer": ["http://localhost/inbox"],
    "Origin": ["null", "http://localhost"],
    "Range": ["bytes=0-", "bytes=9-1"],
    "If-None-Match": ['"x"', "*"],
    "If-Modified-Since": ["Mon, 99 Nov 2026 00:00:00 GMT"],
    "Cookie": ["session=x; session=y", "device=.", "=;=", "session="],
    "X-CSRFToken": ["x"],
    "Accept": ["application/json"],
    "Accept-Language": ["xx;q=9", "en"],
    "User-Agent": ["Edg", "Chrome Windows"],
    "Content-Encoding": ["gzip"],
    "Transfer-Encoding": ["chunked", "x"],
    "Authorization": ["Basic !!", "Bearer x"],
}
FIELDS = [
    "outcome",
    "reason",
    "opinion",
    "revision",
    "command_key",
    "confirmed",
    "task",
    "all",
    "revise",
    "login",
    "password",
    "next",
    "language",
    "nominee_name",
    "birth_date",
    "score__on_time",
    "movement",
    "unit",
    "award",
    "nominee_kind",
    "text",
    "file",
    "file__to_trinh",
    "page",
    "q",
    "tab",
    "sort",
    "stage",
    "status",
    "verify",
    "csrf_token",
    "verdict__on_time",
    "supplement_by",
    "",
    "\0",
]
VALUES = [
    "",
    " ",
    "\0",
    "approve",
    "return",
    "withdraw",
    "refuse",
    "0",
    "1",
    "-1",
    "9" * 20,
    "9" * 5_000,
    "31/02/2026",
    "01/01/2026",
    "\ud7ff",
    "\U0001f600",
    "a" * 5_000,
    "%00",
    "../..",
    "<zzz>",
    "'--",
    "VHCS-2025",
    "SO-TP",
    "individual",
    "e\u0301",
    "\u0301",
    "\u202e",
    "\r\n",
    "NaN",
    "Infinity",
    "None",
    "[]",
    "{}",
    "true",
    "²",
    "٣",
]
INSIDE = (
    *(
        b"Traceback",
        b"sqlalchemy",
        b"sqlite",
        b"psycopg",
        b"werkzeug",
        b"Werkzeug",
        b"jinja",
    ),
    *(b"site-packages", b"SELECT ", b"INSERT INTO", b'.py"', b"gunicorn", b"pysqlite"),
    str(HERE).encode(),
)


def address(found, random_, kind):
    """An address of this kind, with something that exists in it, or something odd."""
    path = random_.choice(KINDS[kind])
    place = random_.choice(list(found.cases))
    parts = good(found, path, place).split("/")
    if len(parts) > 2 and random_.random() < 0.4:
        parts[random_.randrange(2, len(parts))] = random_.choice(ODD)
    return "/".join(parts)


def headers(random_):
    names = random_.sample(list(HEADERS), random_.choice([0, 0, 1, 2]))
    return {name: random_.choice([*HEADERS[name], *ANY]) for name in names}


def body(random_):
    fields = {
        random_.choice(FIELDS): random_.choice(VALUES) for _ in range(random_.randrange(8))
    }
    kind = random_.randrange(6)
    if kind == 0:
        return {"data": random_.randbytes(random_.randrange(200))}
    if kind == 1:
        types = [
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/html",
            "\0",
        ]
        return {"data": random_.randbytes(200), "content_type": random_.choice(types)}
    if kind == 2:
        name = random_.choice(FIELDS[:-2])
        content = random_.choice([b"", b"%PDF-1.4", b"PK\3\4", random_.randbytes(300)])
        file_name = "".join(random_.choices(string.printable, k=5)) + random_.choice(
            [".pdf", ".xlsx", ""]
        )
        return {"data": fields | {name: (io.BytesIO(content), file_name)}}
    if kind == 3:
        return {"json": random_.choice([fields, list(fields), None, 1, "x"])}
    return {
        "data": {name: [value, random_.choice(VALUES)] for name, value in fields.items()}
    }


def ask(random_, clients, found, kind):
    """One random request, in words, and what was answered."""
    path, sent = address(found, random_, kind), body(random_)
    query = {
        random_.choice(FIELDS): [
            random_.choice(VALUES) for _ in range(random_.randrange(3))
        ]
        for _ in range(random_.randrange(4))
    }
    method = random_.choice(
        [*["GET"] * 3, *["POST"] * 5, "HEAD", "OPTIONS", "PUT", "DELETE"]
    )
    said = headers(random_)
    answer = random_.choice(clients).open(
        path, method=method, query_string=query, headers=said, buffered=True, **sent
    )
    return (method, path, query, said, sent), answer


@pytest.mark.parametrize("kind", KINDS)
def test_random_requests_are_no_incident(app, browse, found, size, kind):
    app.test_client_class = None  # twice as fast as the one that checks every page
    random_ = random.Random(kind)
    clients = [browse(login) for login in LOGINS]
    wrong = []
    for _ in range(size(20_000) // len(KINDS)):
        asked, answer = ask(random_, clients, found, kind)
        leaks = [word for word in INSIDE if word in answer.data]
        if answer.status_code >= 500 or leaks:
            wrong.append((answer.status_code, asked, leaks))
    assert wrong == []


def test_page_that_fails_or_tells_is_caught(app, browse, found, monkeypatch):
    def failing():
        raise RuntimeError

    monkeypatch.setattr(parsing, "page_number", failing)
    monkeypatch.setattr(inbox, "page_number", failing, raising=False)
    random_ = random.Random(1)
    clients = [browse("lan.tuphap")]
    answers = [ask(random_, clients, found, "lists")[1] for _ in range(100)]

    assert max(answer.status_code for answer in answers) == 500
