"""A review step drawn with form fields: deployed as version 2 and used, without any Python."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from awards.demo import driving, people
from awards.demo.stories import Journey
from models.awards import Nomination, NomineeKind
from models.process import ProcessDefinition
from models.session import reading, transaction
from tests.client import declare, form, heading, parse, text
from tests.conftest import NOW
from views.web import db

FILE = (
    Path(__file__).parents[2]
    / "bpmn"
    / "examples"
    / "movement_award_with_double_check.bpmn"
)
FILLED = {
    "basis": "Điều 74 Luật Thi đua, khen thưởng",
    "checked_points": "88",
    "saw_originals": "y",
    "checked_on": "20/11/2026",
}


@pytest.fixture
def drawn(app, browse):
    """The address of the drawn step of a nomination on version 2, and who works on it."""
    admin, second = browse("quantri.quytrinh"), browse("quantri.hethong")
    page = form(admin.get("/processes"), "/processes")
    sent = page.send(admin, file=(io.BytesIO(FILE.read_bytes()), FILE.name))
    assert sent.headers["Location"] == "/processes/2"
    form(second.get("/processes/2"), "/processes/2/confirm").send(second)
    with app.app_context():
        _drive(app)
    specialist = browse("tuan.noivu")
    declare(specialist)
    inbox = specialist.get("/inbox?tab=groups")
    (address,) = {
        link
        for link in parse(inbox).xpath("//a/@href")
        if link.startswith("/tasks/") and "Soát lại" in text(specialist.get(link))
    }
    return specialist, address


def _drive(app):
    """Bring a nomination to the drawn step by the demo's own operations."""
    journey = Journey(
        number=0,
        unit="SO-TP",
        kind=NomineeKind.INDIVIDUAL,
        honorific="Bà",
        name="Nguyễn Thị Soát",
        position="Chuyên viên",
        answers=("approve",) * 5,
        days=1,
        is_claimed=False,
    )
    with transaction(db.engine) as session:
        staff = people.by_queue(session, NOW.date())
    for act in driving._acts(
        journey, staff, app.config["UPLOADS"], NOW + timedelta(hours=1)
    ):
        with transaction(db.engine) as session:
            act.carry_out(session, act.moment)


def nomination(app):
    with app.app_context(), reading(db.engine) as session:
        found = session.scalars(select(Nomination).order_by(Nomination.id.desc())).first()
        version = session.get_one(ProcessDefinition, found.instance.definition_id).version
        return found.code, version, dict(found.instance.variables)


def test_the_drawn_form_is_shown_on_the_ordinary_page(app, drawn):
    client, address = drawn
    page = client.get(address)

    assert nomination(app)[1] == 2
    assert heading(page) == "Soát lại kết quả thẩm định"
    labels = parse(page).xpath("//form[@id='step-form']//label")
    assert [label.text_content().strip() for label in labels][:6] == [
        "Căn cứ đã đối chiếu",
        "Điểm soát lại",
        "Đã xem bản gốc",
        "Ngày đối chiếu",
        "Thấp",
        "Cao",
    ]


def test_what_is_wrong_is_said_beside_the_field(drawn):
    client, address = drawn
    answer = form(client.get(address)).send(client, outcome="approve", checked_points="101")

    assert answer.status_code == 422
    assert "Căn cứ đã đối chiếu: Điền mục này." in text(answer)
    assert "Điểm soát lại: Ghi số từ 0 đến 100." in text(answer)


def test_what_was_entered_travels_to_the_next_step_and_the_timeline(app, browse, drawn):
    client, address = drawn

    answer = form(client.get(address)).send(client, outcome="approve", **FILLED)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/inbox")
    code, _version, variables = nomination(app)
    assert {
        "checked_points": 88,
        "risk": "low",
        "saw_originals": True,
    }.items() <= variables.items()
    head = browse("ha.noivu")
    declare(head)
    inbox = head.get("/inbox?tab=groups")
    tasks = [link for link in parse(inbox).xpath("//a/@href") if link.startswith("/tasks/")]
    (page,) = [p for p in map(head.get, set(tasks)) if "Nguyễn Thị Soát" in text(p)]
    finding = " ".join(parse(page).get_element_by_id("findings").text_content().split())
    assert finding.startswith(
        "Ý kiến các bước trước Soát lại kết quả thẩm định: Đồng ý, chuyển bước tiếp theo"
    )
    for said in ("Điều 74 Luật Thi đua", "88", "20/11/2026", "Thấp"):
        assert said in finding
    assert "Điểm soát lại: 88" in text(head.get(f"/nominations/{code}"))


def test_a_choice_decides_the_way(app, drawn):
    client, address = drawn

    form(client.get(address)).send(client, outcome="approve", **FILLED | {"risk": "high"})

    code, _version, variables = nomination(app)
    assert variables["risk"] == "high"
    assert "Thẩm định hồ sơ" in text(client.get(f"/nominations/{code}"))
    waiting = parse(client.get("/inbox?tab=groups"))
    assert "Nguyễn Thị Soát" in waiting.text_content()
