"""The administrator's pages of processes: versions, a new one, a second person's yes."""

import io

import pytest
from sqlalchemy import select

from models.organisation import Person, Post, Role
from models.process import ProcessDefinition
from models.session import reading, transaction
from tests.client import form, heading, parse, text
from views.web import db

ADMIN, SYSTEM = "quantri.quytrinh", "quantri.hethong"


@pytest.fixture
def award(app):
    """`award("P5D", "P6D")`: the deployed process with this replaced by that."""
    with app.app_context(), reading(db.engine) as session:
        xml = session.query(ProcessDefinition).one().xml
    return lambda old="", new="": xml.replace(old.encode(), new.encode())


def upload(client, content, name="quy-trinh.bpmn"):
    filled = form(client.get("/processes"), "/processes")
    return filled.send(client, file=(io.BytesIO(content), name))


def rows(app):
    with app.app_context(), reading(db.engine) as session:
        found = session.query(ProcessDefinition).order_by(ProcessDefinition.id)
        return [(row.key, row.version, row.confirmed_by is not None) for row in found]


def cells(response):
    table = parse(response).xpath("//tbody/tr")
    return [[" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in table]


def test_index_lists_versions_with_who_deployed_and_confirmed(browse):
    client = browse(ADMIN)
    page = client.get("/processes")

    assert heading(page) == "Quy trình"
    ((name, number, deployed, confirmed, state),) = cells(page)
    assert name == "Xét tặng Bằng khen trong phong trào thi đua movement_award"
    assert number == "1"
    assert deployed.startswith("Trịnh Công Hưng ")
    assert confirmed.startswith("Hà Trọng Nghĩa ")
    assert state == "đang nhận hồ sơ mới"


def test_a_sound_file_becomes_the_next_version_and_waits(app, browse, award):
    client = browse(ADMIN)

    answer = upload(client, award("P5D", "P6D"))

    assert (answer.status_code, answer.headers["Location"]) == (303, "/processes/2")
    assert rows(app) == [("movement_award", 1, True), ("movement_award", 2, False)]
    page = client.get("/processes/2")
    assert "chờ người thứ hai xác nhận" in text(page)
    assert "một quản trị viên khác xác nhận" in text(page)
    assert parse(page).xpath("//form[contains(@action, 'confirm')]") == []


def test_the_same_content_is_no_new_version(app, browse, award):
    answer = upload(browse(ADMIN), award())

    assert answer.headers["Location"] == "/processes/1"
    assert len(rows(app)) == 1


def test_the_same_form_sent_twice_deploys_once(app, browse, award):
    client = browse(ADMIN)
    filled = form(client.get("/processes"), "/processes")

    answers = [
        filled.send(client, file=(io.BytesIO(content), "a.bpmn"))
        for content in (award("P5D", "P6D"), award("P5D", "P7D"))
    ]

    assert {answer.headers["Location"] for answer in answers} == {"/processes/2"}
    assert len(rows(app)) == 2


def test_all_findings_stand_beside_the_diagram_and_nothing_is_kept(
    app, browse, award, unchanged
):
    client = browse(ADMIN)
    wrong = award('formKey="appraise"', 'formKey="guess"').replace(b'"P7D"', b'"soon"')

    with unchanged():
        page = upload(client, wrong)

    assert page.status_code == 422
    assert heading(page) == "3 chỗ cần sửa"
    assert [row[0] for row in cells(page)] == [
        "Khối thi đua bình xét, suy tôn review_by_block",
        "Thẩm định hồ sơ appraise",
        "Thẩm định hồ sơ appraise",
    ]
    assert cells(page)[1][1] == "Không có biểu mẫu “guess”."
    figure = parse(page).get_element_by_id("diagram")
    assert figure.get("data-current") == "appraise review_by_block"
    assert figure.get("data-xml").startswith("<bpmn:definitions")


def test_findings_are_told_in_english(browse, award):
    client = browse(ADMIN)
    client.post("/language", data={"language": "en"})

    page = upload(client, award('formKey="appraise"', 'formKey="guess"'))

    assert cells(page)[0][:2] == [
        "Appraise the dossier appraise",
        "There is no form “guess”.",
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html/>", b"<!DOCTYPE a><a/>"])
def test_what_is_no_bpmn_is_refused_as_a_whole(browse, content, unchanged):
    client = browse(ADMIN)
    with unchanged():
        page = upload(client, content, "a\x00b\u202e.xlsx")

    assert page.status_code == 422
    assert [row[0] for row in cells(page)] == ["cả tệp"]
    assert parse(page).xpath("//figure") == []


def test_a_second_person_confirms_and_new_cases_start_on_it(app, browse, award):
    upload(browse(ADMIN), award("P5D", "P6D"))
    second = browse(SYSTEM)

    answer = form(second.get("/processes/2"), "/processes/2/confirm").send(second)

    assert answer.headers["Location"] == "/processes/2"
    assert rows(app)[1] == ("movement_award", 2, True)
    assert "đang nhận hồ sơ mới" in text(second.get("/processes/2"))
    assert "đã có phiên bản mới hơn" in text(second.get("/processes/1"))


def test_the_deployer_cannot_confirm(app, browse, award, unchanged):
    client = browse(ADMIN)
    upload(client, award("P5D", "P6D"))

    with unchanged():
        answer = client.post("/processes/2/confirm", data={"command_key": "k"})

    assert answer.status_code == 422
    assert "phải do người khác xác nhận" in text(answer)


def test_another_administrator_of_processes_may_confirm(app, browse, award):
    upload(browse(ADMIN), award("P5D", "P6D"))
    with app.app_context(), transaction(db.engine) as session:
        person = session.scalars(select(Person).where(Person.login == "thanhtra")).one()
        post = session.scalars(select(Post).where(Post.person_id == person.id)).one()
        post.role = Role.PROCESS_ADMIN
    second = browse("thanhtra")

    form(second.get("/processes/2"), "/processes/2/confirm").send(second)

    assert rows(app)[1] == ("movement_award", 2, True)


def test_the_administrator_of_the_system_brings_no_version(browse, award, unchanged):
    client = browse(SYSTEM)
    page = client.get("/processes")

    assert parse(page).xpath("//input[@type='file']") == []
    fields = {"command_key": "k", "file": (io.BytesIO(award()), "a.bpmn")}
    with unchanged():
        assert client.post("/processes", data=fields).status_code == 404


def test_the_file_comes_back_as_it_was_deployed(browse, award):
    answer = browse(ADMIN).get("/processes/1.bpmn")

    assert answer.data == award()
    assert (
        answer.headers["Content-Disposition"]
        == "attachment; filename=movement_award-1.bpmn"
    )


def test_a_version_shows_its_steps_and_its_diagram(browse):
    client = browse(ADMIN)
    page = client.get("/processes/1")

    assert len(cells(page)) == 9
    assert cells(page)[4] == ["Thẩm định hồ sơ", "Chuyên viên Sở Nội vụ", "10"]
    source = parse(page).get_element_by_id("diagram").get("data-src")
    assert client.get(source).data.startswith(b"<bpmn:definitions")
