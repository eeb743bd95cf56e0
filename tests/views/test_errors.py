"""Error pages: what happened and what to do, nothing of the inside."""

import pytest

import app as application
from models.session import transaction
from tests.client import heading, parse, text
from views.web import db

TOO_LARGE = {"CONTENT_LENGTH": str(application.MAX_REQUEST + 1)}
MULTIPART = "multipart/form-data; boundary=x"


def test_missing_page_says_what_to_do(open_house):
    for login in ("", "lan.tuphap", "quantri.hethong"):
        answer = open_house(login).get("/none")
        assert answer.status_code == 404
        assert heading(answer) == "Không tìm thấy trang này"
        assert "Kiểm tra lại mã hồ sơ, hoặc tìm từ danh sách." in text(answer)


@pytest.mark.parametrize(
    "path",
    ["/login", "/nominations/new", "/imports", "/tasks/{task}", "/tasks/{task}/draft"],
)
def test_request_above_the_limit_answers_413_and_says_what_to_do(
    browse, cases, unchanged, path
):
    path = path.format(task=cases["prepare_nomination"]["own"].task)
    client = browse("lan.tuphap")
    with unchanged():
        answer = client.post(path, content_type=MULTIPART, environ_overrides=TOO_LARGE)

    assert answer.status_code == 413
    assert heading(answer) == "Nội dung gửi lên quá lớn"
    assert "Rút gọn văn bản, nén hoặc tách tệp rồi gửi lại." in text(answer)


def test_text_above_the_limit_is_not_called_a_file(browse, cases, unchanged):
    path = f"/tasks/{cases['prepare_nomination']['own'].task}"
    with unchanged():
        fields = {"achievements": "a" * 2_100_000}
        answer = browse("lan.tuphap").post(
            path, data=fields, content_type="multipart/form-data"
        )

    assert answer.status_code == 413
    assert "25 MB" not in text(answer)


def test_too_many_parts_answer_413(browse, unchanged):
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
        for _ in range(1_100)
    )
    with unchanged():
        answer = browse("lan.tuphap").post(
            "/imports", data=body + b"--x--", content_type=MULTIPART
        )

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "X" * 100]
)
def test_method_that_a_page_does_not_know_answers_404(open_house, method):
    assert open_house("lan.tuphap").open("/inbox", method=method).status_code == 404


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_method_that_only_looks_is_answered(open_house, method):
    assert open_house("lan.tuphap").open("/inbox", method=method).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/%FF",
        "/%ED%A0%80",
        "/" + "a" * 100_000,
        "/..%2f..%2fetc",
        "/%0d%0aSet-Cookie:a",
        "/?" + "a=b&" * 20_000,
    ],
)
@pytest.mark.parametrize("login", ["", "lan.tuphap"])
def test_address_of_any_shape_is_no_incident(open_house, login, path):
    answer = open_house(login).get(path)

    assert answer.status_code == (302 if path.startswith("/?") else 404)
    assert "Set-Cookie:a" not in str(answer.headers)


def test_unforeseen_error_tells_a_number_and_keeps_it_in_the_log(app, browse, caplog):
    client = browse("hoidong")
    with app.app_context(), transaction(db.engine) as session:
        session.connection().exec_driver_sql("ALTER TABLE nominee RENAME TO lost")

    answer = client.get("/board")

    number = parse(answer).xpath("string(//code)")
    assert answer.status_code == 500
    assert heading(answer) == "Hệ thống gặp sự cố"
    assert f"incident {number} on GET /board" in [r.getMessage() for r in caplog.records]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "a@b", "", "x" * 300, "[::1]", "a b"]
)
def test_host_of_any_shape_leads_nowhere_else(app, host):
    answer = app.test_client().get("/inbox", headers={"Host": host})

    assert answer.status_code in (303, 400)
    assert "evil" not in answer.headers.get("Location", "")


def test_error_page_of_a_stranger_offers_to_sign_in(open_house):
    ways = parse(open_house("").get("/none")).xpath("//p[@class='error-ways']/a/@href")
    assert ways == ["/login"]
