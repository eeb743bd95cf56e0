"""NUL and numbers out of range reach neither database, forgiving as SQLite is."""

import pytest

from tests.conftest import make_app
from views import web

NEW = {
    "movement": "VHCS-2025",
    "unit": "SO-TP",
    "nominee_kind": "individual",
    "nominee_name": "An",
    "award": "BKT",
}
QUERIES = [
    "q=%00",
    "unit=%00",
    "movement=a%00b",
    "stage=%00",
    "status=%00",
    "sort=%00",
    "step=%00",
    "block=%00",
]
NUMBERS = ["2147483648", "9223372036854775807", "9223372036854775808", "9" * 30]


@pytest.fixture
def client_of(databases, tmp_path):
    app = make_app(databases.copy("province"), tmp_path)
    app.config["WTF_CSRF_ENABLED"] = False

    def sign_in(login):
        client = app.test_client()
        fields = {"login": login, "password": f"vinh-danh-{login}"}
        assert client.post("/login", data=fields).status_code == 303
        return client

    yield sign_in
    with app.app_context():
        web.db.engine.dispose()


def test_nul_in_queries_is_taken_out(client_of):
    client = client_of("lan.tuphap")
    asked = [
        f"{path}?{query}"
        for path in ("/inbox", "/board", "/nominations")
        for query in QUERIES
    ]
    assert {path: client.get(path).status_code for path in asked} == dict.fromkeys(
        asked, 200
    )


def test_nul_in_codes_answers_404(client_of):
    client = client_of("thanhtra")
    asked = [
        "/nominations/HS%00",
        "/nominations/%00/history",
        "/nominations/%00/diagram.bpmn",
    ]
    assert {path: client.get(path).status_code for path in asked} == dict.fromkeys(
        asked, 404
    )


def test_nul_in_forms_is_refused(client_of):
    client = client_of("lan.tuphap")
    codes = {
        name: client.post("/nominations/new", data=NEW | {name: "\0"}).status_code
        for name in NEW
    }
    assert codes == dict.fromkeys(NEW, 422)
    assert client.post("/login", data={"login": "\0", "password": "\0"}).status_code == 422


def test_nul_in_a_draft_is_no_incident(client_of):
    client = client_of("lan.tuphap")
    path = client.post("/nominations/new", data=NEW).headers["Location"]
    saved = client.post(f"{path}/draft", data={"achievements": "a\0b", "\0": "\0"})

    assert saved.status_code in (303, 422)
    assert client.get(path).status_code == 200


def test_nul_in_the_command_key_is_refused(client_of):
    client = client_of("lan.tuphap")
    path = client.post("/nominations/new", data=NEW).headers["Location"]
    fields = {"outcome": "withdraw", "reason": "x", "revision": "2", "confirmed": "1"}
    assert client.post(path, data=fields | {"command_key": "a\0b"}).status_code == 422


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_that_no_key_can_have_answer_404(client_of, number):
    client = client_of("lan.tuphap")
    asked = [
        f"/tasks/{number}",
        f"/attachments/{number}",
        f"/decisions/{number}.pdf",
        f"/imports/{number}",
    ]
    codes = {path: client.get(path).status_code for path in asked}
    codes["notice"] = client.post(f"/notices/{number}/read").status_code
    assert set(codes.values()) == {404}


@pytest.mark.parametrize("page", ["99999", "100000", "99999999", "9" * 30])
def test_huge_page_numbers_are_empty_pages(client_of, page):
    client = client_of("lan.tuphap")
    for path in ("/inbox", "/board", "/nominations", "/imports"):
        assert client.get(f"{path}?page={page}").status_code == 200
