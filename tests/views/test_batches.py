"""Many tasks at once, on the pages: choose, look, confirm, read what came of each."""

import re

import pytest
from sqlalchemy import select

from awards import batches as operations
from models.batches import Batch
from models.session import reading, transaction
from models.tasks import TaskState, UserTask
from tests import factories
from tests.client import declare, form, heading, parse, text
from tests.conftest import NOW
from views.web import db
from workflows import tasks
from workflows.actors import Actor

HEAD = "ha.noivu"  # serves approve_by_department
STEP = "approve_by_department"
ADDRESS = "/batches"


@pytest.fixture
def engine(app):
    with app.app_context():
        return db.engine


def chosen(engine, cases, *places):
    """The values of the rows that are ticked."""
    with reading(engine) as session:
        found = [session.get_one(UserTask, case.task) for case in places]
        return [f"{task.id}.{task.revision}" for task in found]


def at_step(cases, step=STEP):
    return list(cases[step].values())


def freeze(client, ticked, query="tab=groups", **more):
    page = client.get(f"/inbox?{query}")
    action = parse(page).xpath("string(//form[@class='choose']/@action)")
    inbox = form(page, action)
    return inbox.send(client, task=ticked, **more)


def shown(client, answer):
    assert answer.status_code == 303
    return client.get(answer.location)


def act_on_all(client, page, **fields):
    """From the frozen list to the results."""
    asked = form(page).send(client, **fields)
    assert asked.status_code == 200, text(asked)
    return form(asked, page.request.path).send(client, confirmed="1")


def states(engine, cases, step=STEP):
    with reading(engine) as session:
        return [session.get_one(UserTask, case.task).state for case in at_step(cases, step)]


def test_chosen_tasks_are_shown_confirmed_and_done(browse, engine, cases):
    client = browse(HEAD)
    page = shown(client, freeze(client, chosen(engine, cases, *at_step(cases))))
    assert heading(page) == "Xử lý 3 việc cùng lúc"
    asked = form(page).send(client, outcome="approve", opinion="Nhất trí.")
    assert heading(asked) == "Kiểm tra trước khi gửi"
    assert "Nhất trí." in text(asked)
    assert states(engine, cases) == [TaskState.READY] * 3

    answer = form(asked, page.request.path).send(client, confirmed="1")

    results = shown(client, answer)
    assert "Đã xử lý 3 hồ sơ." in text(results)
    assert set(parse(results).xpath("//tbody//td[last()]/span/text()")) == {"Đã xử lý"}
    assert states(engine, cases) == [TaskState.COMPLETED] * 3
    links = parse(results).xpath("//tbody//a/@href")
    assert links == [f"/nominations/{case.code}" for case in at_step(cases)]
    assert "Nhất trí." in text(client.get(links[0]))
    assert client.get(ADDRESS).status_code == 200


def test_all_that_match_the_filter_can_be_chosen(browse, cases):
    client = browse(HEAD)
    query = "tab=groups&unit=SO-YT"

    page = shown(client, freeze(client, [], query, all="1"))

    assert heading(page) == "Xử lý 1 việc cùng lúc"
    assert parse(page).xpath("//span[@class='row-code']/text()") == [
        cases[STEP]["near"].code
    ]


def test_nothing_chosen_leads_back_to_the_inbox(browse, unchanged):
    client = browse(HEAD)
    with unchanged():
        answer = freeze(client, [], "tab=groups&unit=SO-YT")

    assert set(answer.location.partition("?")[2].split("&")) == {"tab=groups", "unit=SO-YT"}
    assert "Chưa chọn việc nào." in text(client.get(answer.location))


@pytest.mark.parametrize("ticked", [["x.1"], ["1.x"], ["999999.1"], ["-1.1"], ["²"], [""]])
def test_odd_choices_are_no_incident(browse, unchanged, ticked):
    client = browse(HEAD)
    with unchanged():
        assert freeze(client, ticked).status_code == 303


def test_choice_sent_again_is_one_list(browse, engine, cases):
    client = browse(HEAD)
    inbox = form(client.get("/inbox?tab=groups"), f"{ADDRESS}?tab=groups")
    ticked = chosen(engine, cases, *at_step(cases))

    places = {inbox.send(client, task=ticked).location for _ in range(3)}

    assert len(places) == 1
    with reading(engine) as session:
        assert len(session.scalars(select(Batch)).all()) == 3  # two were there


def test_form_for_many_offers_what_asks_for_no_single_case(browse, engine, cases):
    client = browse("quang.tuphap")
    ticked = chosen(engine, cases, cases["approve_by_unit"]["own"])

    page = shown(client, freeze(client, ticked))

    offered = parse(page).xpath("//input[@name='outcome']/@value")
    assert offered == ["approve", "return"]
    assert "Chỉ làm được ở từng hồ sơ: Rút hồ sơ" in text(page)
    odd = form(page).send(client, outcome="withdraw", reason="Không đề nghị nữa.")
    assert odd.status_code == 422


@pytest.mark.parametrize("outcome", ["return", "refuse"])
def test_shared_reason_is_asked_for(browse, engine, cases, unchanged, outcome):
    client = browse(HEAD)
    page = shown(client, freeze(client, chosen(engine, cases, *at_step(cases))))
    with unchanged():
        answer = form(page).send(client, outcome=outcome)

    assert (answer.status_code, "Ghi rõ lý do." in text(answer)) == (422, True)


def test_refusal_of_many_says_that_it_is_final_and_notifies_each(browse, engine, cases):
    client = browse(HEAD)
    page = shown(client, freeze(client, chosen(engine, cases, *at_step(cases))))
    asked = form(page).send(client, outcome="refuse", reason="Chưa đủ thành tích.")
    assert "3 hồ sơ kết thúc ở đây và không mở lại được" in text(asked)

    results = shown(client, form(asked, page.request.path).send(client, confirmed="1"))

    assert "Đã xử lý 3 hồ sơ." in text(results)
    unit = browse("lan.tuphap").get("/nominations")
    assert "Chưa đủ thành tích." in text(unit)


def test_check_page_leads_back_with_what_was_entered(browse, engine, cases):
    client = browse(HEAD)
    page = shown(client, freeze(client, chosen(engine, cases, *at_step(cases))))
    asked = form(page).send(client, outcome="approve", opinion="Giữ lời này.")

    back = form(asked, page.request.path).send(client, revise="1")

    assert heading(back) == "Xử lý 3 việc cùng lúc"
    assert form(back).fields["opinion"] == "Giữ lời này."


def test_what_changed_since_is_told_for_each(browse, engine, cases):
    client = browse(HEAD)
    page = shown(client, freeze(client, chosen(engine, cases, *at_step(cases))))
    with transaction(engine) as session:
        task = session.get_one(UserTask, at_step(cases)[1].task)
        tasks.claim(session, task.id, actor=colleague(task), now=NOW)

    results = shown(client, act_on_all(client, page, outcome="approve"))

    assert "Đã xử lý 2 hồ sơ." in text(results)
    assert "1 hồ sơ chưa xử lý được" in text(results)
    first = parse(results).xpath("//tbody/tr[1]")[0].text_content()
    assert "Việc này vừa có thay đổi." in first


def colleague(task) -> Actor:
    return factories.stand_in(9_001, task.queue)


def test_what_cannot_be_done_together_is_told_with_its_reason(browse, engine, cases):
    client = browse(HEAD)
    taken = at_step(cases)[0]
    ticked = chosen(engine, cases, *at_step(cases))
    with transaction(engine) as session:
        task = session.get_one(UserTask, taken.task)
        tasks.claim(session, task.id, actor=colleague(task), now=NOW)

    page = shown(client, freeze(client, ticked))

    assert heading(page) == "Xử lý 2 việc cùng lúc"
    assert "1 việc không xử lý được trong lượt này" in text(page)


def test_steps_for_single_cases_are_refused_with_a_sentence(browse, engine, cases):
    client = browse("tuan.noivu")
    assert parse(client.get("/inbox?tab=groups")).xpath("//input[@name='task']") == []
    ticked = chosen(engine, cases, *at_step(cases, "appraise"))

    answer = client.post(ADDRESS, data={"task": ticked, "command_key": "k"})

    page = shown(client, answer)
    assert heading(page) == "Không xử lý cùng lúc được"
    assert "Bước “Thẩm định hồ sơ” cần nhập riêng cho từng hồ sơ." in text(page)
    assert client.post(answer.location, data={}).status_code == 303


def test_what_the_specialist_doubts_is_shown_first(browse, engine, cases):
    client, case = browse("tuan.noivu"), cases["appraise"]["far"]
    step = form(client.get(f"/tasks/{case.task}"))
    verdicts = {n: "met" for n in step.choices if n and n.startswith("verdict__")}
    sent = step.send(client, outcome="refuse", reason="Chưa rõ.", **verdicts)
    assert sent.status_code == 303

    client = browse(HEAD)
    declare(client)
    page = shown(client, freeze(client, [], all="1"))

    assert "1 hồ sơ có điều cần xem trước khi quyết định" in text(page)
    first = parse(page).xpath("//tbody/tr[1]")[0].text_content()
    assert "Chuyên viên thẩm định đề nghị không khen." in first


def test_confirmation_with_another_key_changes_nothing(browse, engine, cases, unchanged):
    client = browse(HEAD)
    page = shown(client, freeze(client, chosen(engine, cases, *at_step(cases))))
    old = form(page)
    act_on_all(client, page, outcome="approve")
    with unchanged():
        answer = old.send(
            client, outcome="return", reason="x", command_key="k2", confirmed="1"
        )

    assert "đã được xác nhận trước đó" in text(shown(client, answer))


def test_long_list_is_done_in_the_background(browse, engine, cases, monkeypatch):
    monkeypatch.setattr(operations, "IN_ONE_REQUEST", 2)
    monkeypatch.setattr(operations, "TASKS_AT_ONCE", 2)
    client, begun = browse(HEAD), []
    monkeypatch.setitem(
        client.application.extensions, "jobs", lambda *job: begun.append(job)
    )
    page = shown(client, freeze(client, chosen(engine, cases, *at_step(cases))))

    results = shown(client, act_on_all(client, page, outcome="approve"))

    number = int(re.search(r"\d+$", page.request.path)[0])
    assert begun == [("carry_out_batch", number)]
    assert "0 trong 3 hồ sơ" in text(results)
    poll = client.get(f"{page.request.path}/progress")
    assert "HX-Refresh" not in poll.headers
    with transaction(engine) as session:
        operations.carry_out_some(session, number, now=NOW)
    assert "2 trong 3 hồ sơ" in text(client.get(f"{page.request.path}/progress"))
    with transaction(engine) as session:
        operations.carry_out_some(session, number, now=NOW)
    assert client.get(f"{page.request.path}/progress").headers["HX-Refresh"] == "true"
    assert states(engine, cases) == [TaskState.COMPLETED] * 3


def test_job_carries_a_long_list_out_to_its_end(browse, engine, cases, monkeypatch):
    monkeypatch.setattr(operations, "IN_ONE_REQUEST", 2)
    monkeypatch.setattr(operations, "TASKS_AT_ONCE", 2)
    client = browse(HEAD)
    page = shown(client, freeze(client, chosen(engine, cases, *at_step(cases))))

    results = shown(client, act_on_all(client, page, outcome="approve"))

    assert "Đã xử lý 3 hồ sơ." in text(results)
