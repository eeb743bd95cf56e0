"""Random requests to every kind of address: never an incident, never a word of the inside.

A tenth runs here; `--full` runs them all.
"""

import io
import random
import string

import pytest

from tests.views.test_permissions import TABLE

KINDS = {
    "auth": ("/login", "/logout", "/language", "/about", "/"),
    "lists": ("/inbox", "/board", "/nominations", "/history", "/messages"),
    "nominations": ("/nominations/CODE", "/nominations/new"),
    "tasks": ("/tasks/TASK",),
    "files": ("/attachments/ATTACHMENT", "/decisions/DECISION", "/notices/NOTICE"),
    "imports": ("/imports",),
    "processes": ("/processes",),
    "batches": ("/batches",),
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
    "Traceback",
    "sqlalchemy",
    "sqlite",
    "werkzeug",
    "site-packages",
    "SELECT ",
    '.py"',
)


def address(found, random_, kind):
    paths = [row[0].partition(" ")[2] for row in TABLE[1:]]
    mine = [path for path in paths if path.startswith(KINDS[kind]) and path != "/"] or ["/"]
    case = random_.choice(list(random_.choice(list(found.cases.values())).values()))
    path = random_.choice(mine)
    for word, value in {
        "CODE": case.code,
        "TASK": case.task,
        "DEFINITION": 1,
        "ATTACHMENT": case.attachment,
        "DECISION": case.decision,
        "NOTICE": case.notice,
        "LIST": found.own_list,
        "BATCH": found.own_batch,
    }.items():
        odd = random_.choice(
            [value, value, value, "9" * random_.choice([3, 18]), "%00", "x", ""]
        )
        path = path.replace(word, str(odd))
    return path


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


@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("kind", KINDS)
def test_random_requests_are_no_incident(request, browse, found, kind, part):
    random_ = random.Random(f"{kind}-{part}")
    logins = (
        "",
        "lan.tuphap",
        "quang.tuphap",
        "tuan.noivu",
        "thanhtra",
        "quantri.quytrinh",
    )
    clients = [browse(login) for login in logins]
    wrong = []
    for _ in range(50 if request.config.getoption("full") else 8):
        path, sent = address(found, random_, kind), body(random_)
        query = {
            random_.choice(FIELDS): random_.choice(VALUES)
            for _ in range(random_.randrange(4))
        }
        method = random_.choice(
            ["GET", "GET", "POST", "POST", "POST", "HEAD", "OPTIONS", "PUT", "DELETE"]
        )
        answer = random_.choice(clients).open(
            path, method=method, query_string=query, **sent
        )
        page = answer.get_data()
        leaks = [word for word in INSIDE if word.encode() in page]
        if answer.status_code >= 500 or leaks:
            wrong.append((answer.status_code, method, path, query, sent, leaks))
    assert wrong == []
