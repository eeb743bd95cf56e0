"""What a new installation answers before anything is set up: pages, never errors."""

import shutil
from datetime import date

import pytest

from awards import passwords
from awards.demo.driving import BPMN
from models.organisation import Person, Post, Role
from models.session import transaction
from tests.client import CheckingClient, form, heading, text
from tests.conftest import connect, make_app
from views import web

PAGES = (
    "/inbox",
    "/batches",
    "/nominations",
    "/nominations/new",
    "/board",
    "/board/overview",
    "/board/overview.pdf",
    "/board/views",
    "/imports",
    "/history?verify=1",
    "/operations",
    "/operations/migration",
    "/processes",
    "/people",
    "/units",
    "/units/changes/new",
    "/blocks",
    "/blocks/years/new",
    "/movements",
    "/movements/new",
    "/awards",
    "/awards/new",
    "/calendar",
    "/legal-bases",
    "/rosters/new",
    "/delegations",
    "/interests",
    "/account",
    "/about",
)
PASSWORD = "mot cau dai de nho"  # noqa: S105 - tests have nothing to hide


@pytest.fixture(scope="module")
def fresh(sqlite, tmp_path_factory):
    """`fresh(role)` is a client of somebody who holds a post of this role, and nothing else is."""
    folder = tmp_path_factory.mktemp("fresh")
    path = folder / "fresh.sqlite"
    shutil.copyfile(sqlite.folder / "empty.sqlite", path)
    (folder / "uploads").mkdir()
    engine = connect(f"sqlite:///{path}")
    with transaction(engine) as session:
        for role in Role:
            post = Post(
                role=role, title="Cán bộ", organisation="Tỉnh", valid_from=date(2025, 1, 1)
            )
            session.add(
                Person(
                    login=role.value,
                    name=f"Người {role.value}",
                    honorific="Ông",
                    password_hash=passwords.hash_password(PASSWORD),
                    posts=[post],
                )
            )
    engine.dispose()
    made = make_app(f"sqlite:///{path}", folder)
    made.test_client_class = CheckingClient
    made.config["WTF_CSRF_ENABLED"] = False

    def sign_in(role):
        client = made.test_client()
        fields = {"login": role.value, "password": PASSWORD}
        assert client.post("/login", data=fields).status_code == 303
        return client

    yield sign_in
    with made.app_context():
        web.db.engine.dispose()


@pytest.mark.parametrize("role", Role)
def test_every_list_opens(fresh, role):
    client = fresh(role)

    answers = {path: client.get(path).status_code for path in PAGES}

    assert {p: code for p, code in answers.items() if code not in (200, 303, 404)} == {}


def test_officer_is_told_that_no_movement_takes_nominations(fresh):
    page = fresh(Role.UNIT_OFFICER).get("/nominations/new")

    assert "Chưa có hình thức khen thưởng nào." in text(page)
    assert b"<select" not in page.data


def test_administrator_is_led_through_the_setting_up(fresh):
    said = text(fresh(Role.SYSTEM_ADMIN).get("/units"))

    assert "Chuẩn bị trước hồ sơ đầu tiên" in said
    assert "Chưa có quy trình nào nhận hồ sơ." in text(
        fresh(Role.SYSTEM_ADMIN).get("/awards/new")
    )


def test_process_that_comes_with_the_program_is_deployed_once(fresh):
    admin = fresh(Role.PROCESS_ADMIN)
    button = form(admin.get("/processes"), "/processes")

    answer = button.send(admin, shipped="1")
    again = button.send(admin, shipped="1")

    shown = admin.get(answer.headers["Location"])
    assert answer.headers["Location"] == again.headers["Location"]
    assert heading(shown) == "Xét tặng Bằng khen trong phong trào thi đua"
    kept = admin.get(f"{answer.headers['Location']}.bpmn")
    assert kept.data == BPMN.read_bytes()
    assert "Triển khai quy trình có sẵn" not in text(admin.get("/processes"))
    assert form(admin.get("/processes"), "/processes").send(admin).status_code == 422
