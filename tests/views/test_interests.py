"""Declaring interests before a dossier is shown, and standing back from it."""

import re

import pytest
from sqlalchemy import delete, select

from models.awards import Nomination
from models.history import EventKind, HistoryEvent
from models.interests import Interest, Relation
from models.organisation import Person, Post, Role
from models.session import reading, transaction
from models.tasks import TaskState, UserTask
from tests.client import declare, form, heading, parse, text
from views.web import db

LEAD = "khoitruong.k01"


@pytest.fixture
def case(app, cases):
    """A nomination that waits for the Khối's lead, who has declared on nothing."""
    with app.app_context(), transaction(db.engine) as session:
        session.execute(delete(Interest))
    return cases["review_by_block"]["own"]


def nomination_id(app, case):
    with app.app_context(), reading(db.engine) as session:
        return session.scalars(
            select(Nomination.id).where(Nomination.code == case.code)
        ).one()


def events(app, kind):
    with app.app_context(), reading(db.engine) as session:
        query = select(HistoryEvent).where(HistoryEvent.kind == kind)
        return [event.instance_id for event in session.scalars(query)]


def state(app, case):
    with app.app_context(), reading(db.engine) as session:
        return session.get_one(UserTask, case.task).state


@pytest.mark.parametrize(
    "path",
    [
        "/tasks/{case.task}",
        "/nominations/{case.code}",
        "/attachments/{case.attachment}",
        "/attachments/{case.attachment}/preview.png",
    ],
)
def test_dossier_is_shown_after_the_declaration_and_not_before(browse, case, path):
    lead, path = browse(LEAD), path.format(case=case)
    asked = lead.get(path)

    assert asked.status_code == 303
    assert asked.headers["Location"].startswith("/interests")
    page = lead.get(asked.headers["Location"])
    assert heading(page) == "Kê khai quan hệ"
    declare(lead)
    assert lead.get(path).status_code == 200


@pytest.mark.parametrize("verb", ["", "/claim", "/draft"])
def test_nothing_is_done_before_the_declaration(app, browse, case, verb, unchanged):
    lead = browse(LEAD)

    with unchanged():
        answer = lead.post(f"/tasks/{case.task}{verb}", data={"outcome": "approve"})

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/interests")


def test_the_page_shows_names_and_nothing_of_the_dossiers(app, browse, case):
    page = browse(LEAD).get(f"/interests?task={case.task}")

    first = parse(page).xpath("//tbody/tr[1]")[0].text_content()
    assert "Nguyễn Thị Review By Block" in first
    assert "achievements" not in page.text
    assert case.code not in text(page)


def test_declaring_leads_on_to_the_task(browse, case):
    lead = browse(LEAD)
    page = form(lead.get(f"/interests?task={case.task}"), "/interests")

    sent = page.send(lead)

    assert sent.headers["Location"] == f"/tasks/{case.task}"
    assert lead.get("/interests").headers["Location"] == "/inbox"


@pytest.mark.parametrize("relation", ["self", "relative", "superior"])
def test_whoever_is_concerned_stands_back_and_others_go_on(app, browse, case, relation):
    lead, number = browse(LEAD), nomination_id(app, case)

    declare(lead, **{f"relation-{number}": relation})

    page = lead.get(f"/tasks/{case.task}")
    assert "Bạn có liên quan đến hồ sơ này, nên để người khác làm." in text(page)
    assert "step-form" not in page.text
    assert "để người khác trong nhóm" in text(lead.get("/inbox?tab=groups"))
    assert len(events(app, EventKind.INTEREST_DECLARED)) == 1
    for verb in ("/claim", ""):
        assert lead.post(f"/tasks/{case.task}{verb}", data=VALID).status_code in (409, 422)
    assert len(events(app, EventKind.TASK_BARRED)) == 1
    assert state(app, case) == TaskState.READY
    assert (
        browse("thanhtra").get(f"/nominations/{case.code}/history?verify=1").status_code
        == 200
    )


VALID = {"outcome": "approve", "command_key": "k", "revision": "1"}


def test_what_was_claimed_goes_back_when_an_interest_is_declared(app, browse, case):
    lead, number = browse(LEAD), nomination_id(app, case)
    declare(lead)
    assert lead.post(f"/tasks/{case.task}/claim").status_code == 303
    with app.app_context(), transaction(db.engine) as session:
        session.execute(delete(Interest))

    declare(lead, **{f"relation-{number}": "relative"})

    assert state(app, case) == TaskState.READY


def test_declaration_stays_as_it_was_made(app, browse, case):
    lead, number = browse(LEAD), nomination_id(app, case)
    page = form(lead.get("/interests"), "/interests")
    page.send(lead, **{f"relation-{number}": "relative"})

    page.send(lead, **{f"relation-{number}": "none"})

    with app.app_context(), reading(db.engine) as session:
        query = select(Interest.relation).where(Interest.nomination_id == number)
        assert session.scalars(query).all() == [Relation.RELATIVE]


@pytest.mark.parametrize(
    "changes",
    [{"relation-999999": "none"}, {"relation-x": "none"}, {"relation-1": "odd"}, {}],
)
def test_what_was_not_asked_is_not_kept(app, browse, case, changes):
    lead = browse(LEAD)
    page = form(lead.get("/interests"), "/interests")
    for name in [name for name in page.fields if name.startswith("relation-")]:
        page.fields.poplist(name)

    assert page.send(lead, **changes).status_code == 303

    with app.app_context(), reading(db.engine) as session:
        assert session.scalars(select(Interest)).all() == []


def test_nobody_declares_on_what_is_not_his(app, browse, case, cases):
    lead = browse(LEAD)
    far = nomination_id(app, cases["review_by_block"]["far"])

    declare(lead, **{f"relation-{far}": "none"})

    with app.app_context(), reading(db.engine) as session:
        assert far not in session.scalars(select(Interest.nomination_id)).all()


@pytest.mark.parametrize(
    "login", ["lan.tuphap", "quang.tuphap", "nga.noivu", "oanh.vanthu"]
)
def test_who_does_not_judge_is_not_asked(browse, case, login):
    assert browse(login).get("/interests").headers["Location"] == "/inbox"


def test_namesake_is_guessed(app, browse, case):
    with app.app_context(), transaction(db.engine) as session:
        found = session.get_one(Nomination, nomination_id(app, case))
        found.nominee.name = "Vương Đình Huy"  # the lead's own name

    page = browse(LEAD).get("/interests")

    chosen = re.search(
        r"Vương Đình Huy</label>\s*<select.*?</select>", page.text, re.DOTALL
    )[0]
    assert '"self" selected' in chosen


def test_batch_asks_first(browse, case, cases):
    lead = browse(LEAD)

    answer = lead.post("/batches", data={"task": f"{case.task}.1", "command_key": "k"})

    assert answer.headers["Location"] == "/interests"


def test_history_waits_for_the_declaration_too(app, browse, case):
    with app.app_context(), transaction(db.engine) as session:
        lead = session.scalars(select(Person).where(Person.login == LEAD)).one()
        auditing = Post(
            person_id=lead.id,
            role=Role.AUDITOR,
            title="Thanh tra",
            organisation="",
            valid_from=lead.posts[0].valid_from,
        )
        session.add(auditing)
    path = f"/nominations/{case.code}/history"

    assert browse(LEAD).get(path).headers["Location"].startswith("/interests")
    declare(browse(LEAD))
    assert browse(LEAD).get(path).status_code == 200
