"""Operators' pages: asking, seeing what would change, a second person deciding, trying again."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import safekeeping
from awards.names import EVENTS
from models.awards import Nomination
from models.history import EventKind
from models.operations import Incident, OperatorAct
from models.process import InstanceStatus, ProcessInstance
from models.safekeeping import SafekeepingKind
from models.session import reading, transaction
from models.tasks import TaskState, UserTask
from tests import factories
from tests.client import form, heading, parse, text
from tests.staging import nothing_written
from views.web import db
from workflows import deployments, history

ASKER, OTHER = "quantri.quytrinh", "hien.quytrinh"
REASON = "Người giữ việc nghỉ ốm dài ngày."
BPMN = Path(__file__).parents[2] / "bpmn" / "movement_award.bpmn"


def look(app, code):
    """The instance behind a nomination, verified, and its open task."""
    with app.app_context(), reading(db.engine) as session:
        nomination = session.scalars(
            select(Nomination).where(Nomination.code == code)
        ).one()
        instance = nomination.instance
        assert history.verify(session, instance) is None
        task = session.scalars(
            select(UserTask)
            .where(UserTask.instance_id == instance.id)
            .order_by(UserTask.id.desc())
        ).first()
        return instance, task


def newer(app, old="", new=""):
    """A newer, confirmed version of the process."""
    xml = BPMN.read_text() + "\n<!-- newer -->"
    with app.app_context(), transaction(db.engine) as session:
        now = datetime.now(UTC)
        row = deployments.deploy(
            session, xml.replace(old, new).encode(), deployed_by=1, now=now
        )
        deployments.confirm(session, row, confirmed_by=2, now=now)
        return row.id


def preview(client, code, **fields):
    path = f"/nominations/{code}/operations/new"
    return form(client.get(path), path).send(client, **{"reason": REASON} | fields)


def ask(client, code, **fields):
    """Choose, look at what would happen, and ask."""
    page = preview(client, code, **fields)
    assert heading(page) == "Kiểm tra trước khi gửi", text(page)
    sent = form(page, f"/nominations/{code}/operations/new").send(client, confirmed="1")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/operations")
    return page


def decide(client, verb="confirm"):
    page = client.get("/operations")
    sent = form(page, "/operations/confirm")
    sent.action = f"/operations/{verb}"
    return client.get(sent.send(client).headers["Location"])


def choices(client, code, name):
    path = f"/nominations/{code}/operations/new"
    return form(client.get(path), path).choices[name]


def story(client, code):
    page = parse(client.get(f"/nominations/{code}"))
    return " ".join(page.xpath("//*[@id='timeline']")[0].text_content().split())


def test_suspend_and_resume_from_end_to_end(app, browse, cases):
    asker, other, officer = browse(ASKER), browse(OTHER), browse("tuan.noivu")
    case = cases["appraise"]["own"]
    assert choices(asker, case.code, "kind") == ["reassign", "place", "suspend", "cancel"]

    page = ask(asker, case.code, kind="suspend")
    assert "Không ai nhận, nhả, hoàn thành việc hay rút hồ sơ được." in text(page)
    assert "Bạn đã đề nghị, nên người khác quyết định." in text(asker.get("/operations"))
    assert (
        parse(asker.get("/operations")).xpath("//form[contains(@action, 'confirm')]") == []
    )
    page = decide(other)

    assert "Đã thực hiện: 1." in text(page)
    assert look(app, case.code)[0].suspended_at is not None
    shown = officer.get(f"/tasks/{case.task}")
    assert "Hồ sơ đang tạm dừng." in text(shown)
    refused = officer.post(f"/tasks/{case.task}/claim")
    assert refused.status_code == 422
    assert "Hồ sơ đang tạm dừng." in text(refused)
    told = story(officer, case.code)
    assert (
        "Lê Thị Hiền, Phó quản trị Sở Nội vụ "
        "cho hồ sơ tạm dừng, theo đề nghị của Trịnh Công Hưng" in told
    )
    assert REASON in told

    ask(other, case.code, kind="resume")
    decide(asker)
    assert officer.post(f"/tasks/{case.task}/claim").status_code == 303


def test_reassign_to_a_named_person(app, browse, cases):
    asker, other = browse(ASKER), browse(OTHER)
    case = cases["appraise"]["own"]
    browse("tuan.noivu").post(f"/tasks/{case.task}/claim")
    offered = choices(asker, case.code, "handover")

    assert [value.split("-")[0] for value in offered] == ["", *[str(case.task)] * 2]
    page = ask(asker, case.code, kind="reassign", handover=offered[2])
    assert "chuyển từ Mai Anh Tuấn sang Cao Mỹ Linh." in text(page)
    decide(other)

    task = look(app, case.code)[1]
    assert (task.state, f"{task.id}-{task.assignee_id}") == (TaskState.CLAIMED, offered[2])
    ask(other, case.code, kind="reassign", handover=f"{task.id}-0")
    assert "trở về nhóm" in text(asker.get("/operations"))
    decide(asker)
    assert look(app, case.code)[1].state == TaskState.READY
    told = story(asker, case.code)
    assert "giao việc cho Cao Mỹ Linh, theo đề nghị của Trịnh Công Hưng" in told
    assert "trả việc về nhóm, theo đề nghị của Lê Thị Hiền" in told


def test_cancel_tells_the_unit(app, browse, cases):
    case = cases["appraise"]["own"]
    page = ask(browse(ASKER), case.code, kind="cancel")
    assert "Hồ sơ kết thúc với kết quả “Đã hủy” và không mở lại được." in text(page)
    decide(browse(OTHER))

    assert look(app, case.code)[0].status == InstanceStatus.ENDED
    unit = browse("lan.tuphap")
    page = text(unit.get("/nominations"))
    assert "đã bị hủy" in page
    assert REASON in page
    page = text(unit.get(f"/nominations/{case.code}"))
    assert "Đã bị hủy; đơn vị đã được thông báo lý do." in page
    assert "hủy hồ sơ, theo đề nghị của Trịnh Công Hưng" in page
    assert case.code in text(browse("hoidong").get("/board?status=cancelled"))
    gone = browse("tuan.noivu").get(f"/tasks/{case.task}")
    assert "hủy hồ sơ, theo đề nghị của Trịnh Công Hưng" in text(gone)
    ended = browse(ASKER).get(f"/nominations/{case.code}/operations/new")
    assert "không còn gì để can thiệp" in text(ended)


def test_put_back_on_an_earlier_step(app, browse, cases):
    case = cases["appraise"]["own"]
    asker = browse(ASKER)
    assert choices(asker, case.code, "element") == [
        "",
        "receive_by_department",
        "review_by_block",
        "approve_by_unit",
        "prepare_nomination",
    ]
    page = ask(asker, case.code, kind="place", element="approve_by_unit")
    assert "Bước “Thủ trưởng đơn vị duyệt” được mở lại từ đầu." in text(page)
    decide(browse(OTHER))

    assert look(app, case.code)[1].element_id == "approve_by_unit"
    assert "đưa hồ sơ về bước “Thủ trưởng đơn vị duyệt”" in story(asker, case.code)
    current = parse(asker.get(f"/nominations/{case.code}")).xpath("//@data-current")
    assert current == ["approve_by_unit"]


def test_move_one_to_a_newer_version(app, browse, cases):
    version = newer(app)
    case = cases["appraise"]["own"]
    asker = browse(ASKER)

    page = ask(asker, case.code, kind="migrate", definition=str(version))
    assert "Hồ sơ chuyển từ phiên bản 1 sang phiên bản 2." in text(page)
    decide(browse(OTHER))

    instance, task = look(app, case.code)
    assert (instance.definition_id, task.id) == (version, case.task)
    assert "sang phiên bản 2 của quy trình" in story(asker, case.code)
    assert "Chuyển phiên bản quy trình" in text(
        asker.get(f"/nominations/{case.code}/history?verify=1")
    )


def test_move_many_after_a_dry_run(app, browse, cases):
    version = newer(app, "approve_by_unit", "sign_by_unit")
    asker, other = browse(ASKER), browse(OTHER)
    path = f"/operations/migration?version={version}"
    page = asker.get(path)
    moving = [cases["appraise"][where].code for where in ("own", "far")]
    stuck = cases["approve_by_unit"]["own"].code
    rows = {
        row.xpath("string(th/*[@class='row-second'])"): row
        for row in parse(page).xpath("//tbody/tr")
    }
    assert "giữ nguyên bước" in rows[moving[0]].text_content()
    assert "Phiên bản mới không còn bước “Thủ trưởng đơn vị duyệt”." in (
        rows[stuck].text_content()
    )
    assert rows[stuck].xpath(".//input") == []

    action = f"/operations/migration?version={version}&page=1"
    chosen = [rows[code].xpath("string(.//input/@value)") for code in moving]
    missing = form(page, action).send(asker, instance=chosen)
    assert missing.status_code == 422
    assert len(parse(missing).xpath("//input[@name='instance'][@checked]")) == 2
    none = form(page, action).send(asker, reason=REASON)
    assert (none.status_code, "Chọn ít nhất một hồ sơ" in text(none)) == (422, True)
    asked = form(page, action).send(asker, instance=chosen, reason=REASON)
    assert asked.status_code == 303
    assert "2 hồ sơ" in text(other.get("/operations"))
    again = parse(asker.get(path)).xpath("//input[@name='instance']/@value")
    assert set(again).isdisjoint(chosen)
    assert "Đã thực hiện: 2." in text(decide(other))

    for code in moving:
        instance, _task = look(app, code)
        assert instance.definition_id == version
        assert asker.get(f"/nominations/{code}").status_code == 200
    officer = browse("quang.tuphap")
    assert officer.get("/inbox?tab=done").status_code == 200


def test_all_that_can_be_moved(app, browse, cases):
    version = newer(app)
    asker = browse(ASKER)
    page = asker.get("/operations/migration")
    running = len(parse(page).xpath("//input[@name='instance']"))

    asked = form(page, f"/operations/migration?version={version}&page=1").send(
        asker, whole="y", reason=REASON
    )

    assert asked.status_code == 303
    with app.app_context(), reading(db.engine) as session:
        assert len(session.scalars(select(OperatorAct)).all()) == running > 20


def test_older_step_of_a_version_that_is_gone_leads_to_the_nomination(app, browse, cases):
    version = newer(app, "approve_by_unit", "sign_by_unit")
    case = cases["appraise"]["own"]
    ask(browse(ASKER), case.code, kind="migrate", definition=str(version))
    decide(browse(OTHER))
    with app.app_context(), Session(db.engine) as session:
        old = session.scalars(
            select(UserTask.id)
            .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
            .where(
                ProcessInstance.business_key == case.code,
                UserTask.element_id == "approve_by_unit",
            )
        ).one()

    answer = browse("quang.tuphap").get(f"/tasks/{old}")

    assert answer.headers["Location"] == f"/nominations/{case.code}"
    assert browse("tuan.noivu").get(f"/tasks/{case.task}").status_code == 200


def test_decline_changes_nothing(app, browse, cases):
    case = cases["appraise"]["own"]
    ask(browse(ASKER), case.code, kind="cancel")

    page = decide(browse(OTHER), "decline")

    assert "Đã từ chối: 1." in text(page)
    assert "Bị từ chối" in text(page)
    assert look(app, case.code)[0].status == InstanceStatus.RUNNING


def test_stale_act_is_said_and_stays(app, browse, cases):
    case = cases["approve_by_unit"]["own"]
    other = browse(OTHER)
    ask(browse(ASKER), case.code, kind="cancel")
    page = other.get("/operations")
    place = form(page, "/operations/confirm")
    head = browse("quang.tuphap")
    step = form(head.get(f"/tasks/{case.task}"))
    assert step.send(head, outcome="approve").status_code == 303

    page = other.get(place.send(other).headers["Location"])

    why = "Hồ sơ đã chuyển bước từ khi có đề nghị. Cần thì đề nghị lại."
    assert f"Hồ sơ {case.code} giữ nguyên. {why}" in text(page)
    assert f"Không còn thực hiện được: {why}" in text(page)
    assert parse(page).xpath("//form[@action='/operations/confirm']") == []
    assert look(app, case.code)[0].status == InstanceStatus.RUNNING


def test_asker_cannot_confirm_by_hand(app, browse, cases):
    asker = browse(ASKER)
    ask(asker, cases["appraise"]["own"].code, kind="cancel")
    with nothing_written(app):
        sent = asker.post("/operations/confirm", data={"act": "1", "command_key": "k"})
    assert "cần quản trị viên khác" in text(asker.get(sent.headers["Location"]))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "suspend", "reason": ""}, "Ghi rõ lý do."),
        ({}, "Chọn một trong các mục."),
        ({"kind": "reassign"}, "Chọn người hoặc nhóm nhận việc."),
        ({"kind": "place"}, "Chọn bước để đưa hồ sơ về."),
        ({"kind": "resume"}, "Lựa chọn này không có."),
        ({"kind": "place", "element": "issue_decision"}, "Lựa chọn này không có."),
        ({"kind": "reassign", "handover": "1-1"}, "Lựa chọn này không có."),
    ],
)
def test_what_is_missing_is_said(app, browse, cases, fields, said):
    with nothing_written(app):
        page = preview(browse(ASKER), cases["appraise"]["own"].code, **fields)
    assert page.status_code == 422
    assert said in text(page)


def test_second_wish_on_a_nomination_is_refused_with_the_words_kept(browse, cases):
    asker, code = browse(ASKER), cases["appraise"]["own"].code
    ask(asker, code, kind="suspend")
    page = preview(asker, code, kind="cancel")

    refused = form(page, f"/nominations/{code}/operations/new").send(asker, confirmed="1")
    revised = form(page, f"/nominations/{code}/operations/new").send(asker, revise="1")

    assert refused.status_code == 422
    for shown in (refused, revised):
        assert "chờ người thứ hai" in text(shown)
        assert parse(shown).xpath("string(//textarea)").strip() == REASON


def broken(app, code):
    """An incident on a nomination, as a failed automatic step leaves it."""
    with app.app_context(), transaction(db.engine) as session:
        nomination = session.scalars(
            select(Nomination).where(Nomination.code == code)
        ).one()
        return factories.incident(session, nomination, now=datetime.now(UTC)).id


def test_incident_is_shown_and_tried_again(app, browse, cases):
    case = cases["appraise"]["own"]
    number = broken(app, case.code)
    asker = browse(ASKER)
    page = asker.get("/operations")
    assert "Máy chủ thư không trả lời." in text(page)
    assert re.search(r"Vận hành\s*1", text(page))

    sent = form(page, "/operations/retry").send(asker)

    assert "Đã chạy lại bước tự động; hồ sơ đi tiếp." in text(
        asker.get(sent.headers["Location"])
    )
    with app.app_context(), reading(db.engine) as session:
        assert session.get_one(Incident, number).resolved_at is not None
    look(app, case.code)


def test_incident_of_a_suspended_nomination_waits(app, browse, cases):
    case = cases["appraise"]["own"]
    ask(browse(ASKER), case.code, kind="suspend")
    other = browse(OTHER)
    decide(other)
    broken(app, case.code)

    sent = form(other.get("/operations"), "/operations/retry").send(other)

    assert "Hồ sơ đang tạm dừng." in text(other.get(sent.headers["Location"]))


def test_there_is_no_newer_version_at_first(open_house):
    page = open_house(ASKER).get("/operations/migration")
    assert "Chưa có phiên bản nào mới hơn" in text(page)


def test_every_kind_of_event_has_words():
    assert EVENTS.keys() == set(EventKind)


def test_operations_are_in_english_too(app, browse, cases):
    client = browse(ASKER)
    ask(client, cases["appraise"]["own"].code, kind="place", element="approve_by_unit")
    client.post("/language", data={"language": "en", "next": "/operations"})
    page = text(client.get("/operations"))
    assert "Waiting for a second person" in page
    assert re.search("The step “[A-Z][a-z ]+” opens anew.", page)


def test_operators_are_told_how_old_the_last_backup_is(app, browse):
    client = browse(ASKER)
    assert "Chưa có bản sao lưu nào." in text(client.get("/operations"))
    for kind, minutes in (
        (SafekeepingKind.BACKUP_MADE, 90),
        (SafekeepingKind.DRILL_PASSED, 5),
    ):
        with app.app_context(), transaction(db.engine) as session:
            at = datetime.now(UTC) - timedelta(minutes=minutes)
            safekeeping.record(session, kind, "vinh-danh-1.zip", now=at, events=7)

    page = text(client.get("/operations"))

    assert "vinh-danh-1.zip · 7 sự kiện" in page
    assert "Đạt · vinh-danh-1.zip" in page
    assert "Bản sao lưu đã cũ." not in page
    assert "diễn tập khôi phục." not in page


def test_operators_are_warned_of_an_old_backup_and_a_failed_drill(app, browse):
    with app.app_context(), transaction(db.engine) as session:
        at = datetime.now(UTC) - timedelta(hours=3)
        for kind in (SafekeepingKind.BACKUP_MADE, SafekeepingKind.DRILL_FAILED):
            safekeeping.record(session, kind, "vinh-danh-1.zip", now=at, events=7)

    page = text(browse(ASKER).get("/operations"))

    assert "Bản sao lưu đã cũ." in page
    assert "Lần diễn tập gần nhất không đạt." in page
