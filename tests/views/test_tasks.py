"""One step: seen, claimed, drafted, completed, and all that can be wrong in it."""

import io
import zipfile
from contextlib import nullcontext

import pytest
from sqlalchemy import select, update

from models.awards import Nomination
from models.papers import Attachment
from models.session import reading, transaction
from models.tasks import UserTask
from tests.client import form, heading, large_upload, parse, text
from tests.stages import OUTCOMES, STEPS
from tests.staging import nothing_written
from tests.views.answers import (
    CHOICES,
    DATES,
    GOOD,
    NUMBERS,
    STEP_NUMBERS,
    TEXTS,
    look_at_step,
    open_step,
)
from views.web import db

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n"
)
SENT = "Đã gửi: "
CONTROL = "Có ký tự điều khiển không dùng được. Xóa rồi nhập lại."
NO_SUCH = "Lựa chọn này không có. Chọn một trong các mục."
NO_DATE = "Không phải ngày có thật. Ghi theo dạng ngày/tháng/năm."


def beside(response, name):
    """The sentence that stands beside a field."""
    return parse(response).xpath(f"string(//*[@id='{name}-error'])").strip()


def state(app, task_id):
    with app.app_context(), reading(db.engine) as session:
        task = session.get_one(UserTask, task_id)
        return task.state.value, task.outcome


def kept(response, name):
    """What stands in the field of the page that came back."""
    return form(response).fields.get(name)


# ------------------------------------------------------------ what a step offers and does


@pytest.mark.parametrize("step", STEPS)
def test_step_offers_exactly_the_outcomes_of_the_table(browse, cases, step):
    _client, page = open_step(browse, cases, step)
    assert set(page.choices["outcome"]) == OUTCOMES[step]
    assert len(page.choices["outcome"]) == len(OUTCOMES[step])


@pytest.mark.parametrize("step", STEPS)
def test_step_is_completed_by_filling_in_its_page(app, browse, cases, step):
    client, page = open_step(browse, cases, step)

    answer = page.send(client, **GOOD[step])

    assert (answer.status_code, answer.headers["Location"]) == (303, "/inbox")
    assert SENT in text(client.get("/inbox"))
    assert state(app, cases[step]["own"].task) == ("completed", "approve")


WITH_REASON = [
    (step, outcome)
    for step, outcomes in OUTCOMES.items()
    for outcome in sorted(outcomes - {"approve"})
    if (step, outcome) not in {("appraise", "return"), ("receive_by_department", "return")}
]


@pytest.mark.parametrize(("step", "outcome"), WITH_REASON)
def test_step_asks_for_the_reason_of_anything_but_approval(
    browse, cases, unchanged, step, outcome
):
    client, page = open_step(browse, cases, step)
    with unchanged():
        answer = page.send(client, **GOOD[step] | {"outcome": outcome, "reason": " \n "})

    assert answer.status_code == 422
    assert beside(answer, "reason") == "Ghi rõ lý do."
    assert kept(answer, "outcome") == outcome


FINAL = {
    ("prepare_nomination", "withdraw"),
    ("approve_by_unit", "withdraw"),
    ("review_by_block", "not_selected"),
    ("approve_by_department", "refuse"),
    ("decide_by_chairman", "refuse"),
}


@pytest.mark.parametrize(("step", "outcome"), WITH_REASON)
def test_outcome_that_ends_a_nomination_is_confirmed_on_a_page(
    app, browse, cases, step, outcome
):
    client, page = open_step(browse, cases, step)
    task = cases[step]["own"].task

    answer = page.send(client, **GOOD[step] | {"outcome": outcome, "reason": "Vì thế."})

    if (step, outcome) in FINAL:
        assert answer.status_code == 200
        assert heading(answer) == "Kiểm tra trước khi gửi"
        assert "Vì thế." in text(answer)
        assert state(app, task)[0] == "ready"
        answer = form(answer, f"/tasks/{task}").send(client, confirmed="1")
    assert answer.status_code == 303
    assert state(app, task) == ("completed", outcome)


@pytest.mark.parametrize(("step", "outcome"), sorted(FINAL))
def test_confirmation_page_leads_back_with_what_was_typed(
    browse, cases, app, step, outcome
):
    client, page = open_step(browse, cases, step)
    asked = page.send(client, **GOOD[step] | {"outcome": outcome, "reason": "Vì\r\nthế."})

    answer = form(asked, page.action).send(client, revise="1")

    assert answer.status_code == 200
    assert kept(answer, "reason") == "Vì\nthế."
    assert kept(answer, "outcome") == outcome
    assert state(app, cases[step]["own"].task)[0] == "ready"


@pytest.mark.parametrize("step", ["receive_by_department", "appraise"])
def test_itemised_return_names_items_and_a_date(app, browse, cases, step):
    items = {"item__bien_ban": "missing", "return_items": "Biên bản họp\nTờ trình"}
    client, page = open_step(browse, cases, step)

    bare = page.send(client, outcome="return")
    undated = page.send(client, outcome="return", **items)
    past = page.send(client, outcome="return", supplement_by="01/01/2020", **items)
    good = page.send(client, outcome="return", supplement_by="31/12/2199", **items)

    assert "Trả lại phải nêu ít nhất một mục cần bổ sung." in text(bare)
    assert beside(undated, "supplement_by") == "Ghi hạn bổ sung sau hôm nay."
    assert beside(past, "supplement_by") == "Ghi hạn bổ sung sau hôm nay."
    assert [a.status_code for a in (bare, undated, past, good)] == [422, 422, 422, 303]
    assert state(app, cases[step]["own"].task) == ("completed", "return")


def test_returned_dossier_comes_back_with_what_was_entered(browse, cases):
    client = browse("lan.tuphap")
    page = client.get(f"/tasks/{cases['itemised']['own'].task}")

    assert "Hồ sơ được trả lại để bổ sung" in text(page)
    assert "Biên bản họp xét khen thưởng: thiếu chữ ký của thư ký cuộc họp" in text(page)
    assert kept(page, "nominee_name") == "Nguyễn Thị Itemised"
    assert kept(page, "score__on_time") != ""
    assert kept(page, "outcome") is None


def test_step_after_a_return_shows_what_changed(browse, cases):
    page = browse("khoitruong.k01").get(f"/tasks/{cases['answered']['own'].task}")

    changes = parse(page).xpath("//section[@id='changes']//tbody/tr/th/text()")
    assert "Tóm tắt thành tích" in [what.strip() for what in changes]


def test_votes_may_not_outnumber_the_ballots(browse, cases, unchanged):
    client, page = open_step(browse, cases, "review_by_block")
    with unchanged():
        answer = page.send(
            client, outcome="approve", score="90", votes_for="6", votes_total="5"
        )

    assert answer.status_code == 422
    assert beside(answer, "votes_for") == "Số phiếu suy tôn nhiều hơn tổng số phiếu."


@pytest.mark.parametrize("outcome", ["approve", "not_selected"])
def test_block_answers_with_its_ballot(browse, cases, unchanged, outcome):
    client, page = open_step(browse, cases, "review_by_block")
    with unchanged():
        answer = page.send(client, outcome=outcome, reason="x")

    assert answer.status_code == 422
    for name in ("score", "votes_for", "votes_total"):
        assert beside(answer, name) == "Ghi kết quả bình xét của Khối."


def test_receipt_needs_every_required_paper_seen(browse, cases, unchanged):
    client, page = open_step(browse, cases, "receive_by_department")
    with unchanged():
        answer = page.send(client, outcome="approve", item__to_trinh="present")

    assert answer.status_code == 422
    sentence = "Giấy tờ bắt buộc: xác nhận có, hoặc trả lại bổ sung."
    assert beside(answer, "item__bao_cao") == beside(answer, "item__bien_ban") == sentence
    assert beside(answer, "item__sang_kien") == ""


def test_receipt_is_not_dated_before_the_dossier_was_sent(browse, cases, unchanged):
    client, page = open_step(browse, cases, "receive_by_department")
    with unchanged():
        answer = page.send(
            client, **GOOD["receive_by_department"] | {"received_on": "01/01/1950"}
        )

    assert answer.status_code == 422


def test_receipt_is_not_dated_tomorrow(browse, cases, unchanged):
    client, page = open_step(browse, cases, "receive_by_department")
    with unchanged():
        answer = page.send(
            client, **GOOD["receive_by_department"] | {"received_on": "31/12/2199"}
        )

    assert answer.status_code == 422
    assert beside(answer, "received_on") == "Ngày tiếp nhận không thể sau hôm nay."


def test_appraisal_judges_every_criterion(browse, cases, unchanged):
    client, page = open_step(browse, cases, "appraise")
    with unchanged():
        answer = page.send(client, **GOOD["appraise"] | {"verdict__citizens": ""})

    assert answer.status_code == 422
    assert beside(answer, "verdict__citizens") == "Kết luận đạt hay không đạt."


def test_office_ticks_both_checks_to_approve(browse, cases, unchanged):
    client, page = open_step(browse, cases, "check_by_office")
    with unchanged():
        answer = page.send(client, outcome="approve", is_form_right="y")

    assert answer.status_code == 422
    assert beside(answer, "is_form_right") == ""
    assert (
        beside(answer, "is_law_right")
        == "Đánh dấu khi đã kiểm tra và đúng; nếu không, trả lại."
    )


def test_step_with_issue_shows_what_will_be_issued(browse, cases):
    page = browse("oanh.vanthu").get(f"/tasks/{cases['issue_decision']['own'].task}")

    assert "Sẽ ban hành" in text(page)
    assert "QĐ-CTUBND" in text(page)
    assert "Nguyễn Thị Issue Decision" in text(page)


# ------------------------------------------------------------ bad input, field by field


@pytest.mark.parametrize("step", STEPS)
def test_texts_of_100_000_characters_are_refused_and_kept(browse, cases, unchanged, step):
    client, page = open_step(browse, cases, step)
    typed = {name: letter * 100_000 for name, letter in zip(TEXTS[step], "ạbcdef")}  # noqa: B905 - as many as there are
    with unchanged():
        answer = page.send(client, **GOOD[step] | typed)

    assert answer.status_code == 422
    for name, most in TEXTS[step].items():
        assert beside(answer, name) == f"Dài quá {most} ký tự. Rút gọn rồi gửi lại."
        assert kept(answer, name) == typed[name]


@pytest.mark.parametrize("typed", ["a\0b", "\0", "a\x08b", "a\x1b[31mb", "a\x7fb"])
@pytest.mark.parametrize("step", STEPS)
def test_control_characters_in_texts_are_refused(open_house, found, step, typed):
    client, page = look_at_step(open_house, found.cases, step)
    answer = page.send(client, **GOOD[step] | dict.fromkeys(TEXTS[step], typed))

    assert answer.status_code == 422
    for name in TEXTS[step]:
        assert beside(answer, name) == CONTROL


@pytest.mark.parametrize(
    "typed",
    [
        "31/02/2026",
        "abc",
        "99999-1-1",
        "00/00/0000",
        "2026-13-01",
        "1/1",
        "5\0/1/2026",
        "29/02/2025",
        "1.1.2026",
        "01/01/26 10:00",
        "∞",
        "0",
        "-1/1/2026",
        "1" * 100_000,
    ],
)
@pytest.mark.parametrize("step", DATES)
def test_dates_that_are_none_are_refused_and_kept(open_house, found, step, typed):
    client, page = look_at_step(open_house, found.cases, step)
    answer = page.send(client, **GOOD[step] | dict.fromkeys(DATES[step], typed))

    assert answer.status_code == 422
    for name in DATES[step]:
        assert beside(answer, name) == NO_DATE
        assert kept(answer, name) == typed.replace("\0", "\ufffd")


@pytest.mark.parametrize("typed", ["01/01/0001", "1/1/1899", "31/12/9999", "01/01/2201"])
@pytest.mark.parametrize("step", DATES)
def test_dates_of_another_age_are_refused_and_kept(open_house, found, step, typed):
    client, page = look_at_step(open_house, found.cases, step)
    answer = page.send(client, **GOOD[step] | dict.fromkeys(DATES[step], typed))

    assert answer.status_code == 422
    for name in DATES[step]:
        assert beside(answer, name) == "Năm phải trong khoảng 1900 đến 2200."
        assert kept(answer, name) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "abc",
        "1.5",
        "1,5",
        "1e3",
        "NaN",
        "--5",
        "-",
        "5\0",
        "²",
        "9" * 10,
        "9" * 100_000,
        "0x10",
        "\u0661.\u0665",
    ],
)
@pytest.mark.parametrize("step", NUMBERS)
def test_numbers_that_are_none_are_refused_and_kept(open_house, found, step, typed):
    client, page = look_at_step(open_house, found.cases, step)
    answer = page.send(client, **GOOD[step] | dict.fromkeys(NUMBERS[step], typed))

    assert answer.status_code == 422
    for name in NUMBERS[step]:
        assert beside(answer, name) == "Ghi một số nguyên."
        assert kept(answer, name) == typed.replace("\0", "\ufffd")


@pytest.mark.parametrize(("step", "name"), STEP_NUMBERS)
def test_number_out_of_range_is_refused_and_kept(open_house, found, step, name):
    client, page = look_at_step(open_house, found.cases, step)
    high = NUMBERS[step][name]
    low = 1 if name == "votes_total" else 0
    for typed in (str(high + 1), str(low - 1), "999999999"):
        ballots = {"votes_total": ""} if name == "votes_for" else {}
        answer = page.send(client, **GOOD[step] | ballots | {name: typed})

        assert answer.status_code == 422
        assert beside(answer, name) == f"Ghi số từ {low} đến {high}."
        assert kept(answer, name) == typed


@pytest.mark.parametrize(
    ("step", "wrong"),
    [
        *((step, "bogus") for step in STEPS),
        *(
            ("appraise", w)
            for w in ("APPROVE", " approve", "fail_vote", "approve\0", "1", "None")
        ),
    ],
)
def test_outcome_that_the_step_does_not_offer_is_refused(open_house, found, step, wrong):
    client, page = look_at_step(open_house, found.cases, step)
    opinion = {"opinion": "Giữ lại"} if "opinion" in TEXTS[step] else {}

    answer = page.send(client, **GOOD[step] | {"outcome": wrong} | opinion)

    assert answer.status_code == 422
    assert beside(answer, "outcome") == NO_SUCH
    assert {name: kept(answer, name) for name in opinion} == opinion


@pytest.mark.parametrize("step", STEPS)
def test_outcomes_of_other_steps_are_refused(open_house, found, step):
    client, page = look_at_step(open_house, found.cases, step)
    others = set().union(*OUTCOMES.values()) - OUTCOMES[step]

    codes = {
        o: page.send(client, **GOOD[step] | {"outcome": o, "reason": "x"}).status_code
        for o in others
    }

    assert codes == dict.fromkeys(others, 422)


@pytest.mark.parametrize("missing", [None, ""])
@pytest.mark.parametrize("step", STEPS)
def test_outcome_that_is_missing_is_asked_for(open_house, found, step, missing):
    client, page = look_at_step(open_house, found.cases, step)
    answer = page.send(client, **GOOD[step] | {"outcome": missing})

    assert answer.status_code == 422
    assert beside(answer, "outcome") == "Chọn kết quả xử lý."


def test_outcome_sent_twice_counts_once(open_house, found):
    client, page = look_at_step(open_house, found.cases, "approve_by_unit")
    answer = page.send(client, outcome=["bogus", "approve"])

    assert answer.status_code == 422
    assert beside(answer, "outcome") == NO_SUCH


@pytest.mark.parametrize(
    ("step", "name"), [(step, name) for step, names in CHOICES.items() for name in names]
)
def test_choice_that_does_not_exist_is_refused(open_house, found, step, name):
    client, page = look_at_step(open_house, found.cases, step)
    answer = page.send(client, **GOOD[step] | {name: "bogus"})

    assert answer.status_code == 422
    assert beside(answer, name) == NO_SUCH


@pytest.mark.parametrize("name", ["nominee_name", "achievements"])
@pytest.mark.parametrize("typed", [None, "", "   ", "\u00a0", "\r\n\t "])
def test_required_text_is_not_blank(open_house, found, name, typed):
    client, page = look_at_step(open_house, found.cases, "prepare_nomination")
    answer = page.send(client, **GOOD["prepare_nomination"] | {name: typed})

    assert answer.status_code == 422
    assert beside(answer, name) != ""


STRANGE_BODIES = [
    {"data": b""},
    {"data": b"\xff\xfe\0" * 99, "content_type": "application/x-www-form-urlencoded"},
    {
        "data": b"outcome=%FF%FE&reason=%00",
        "content_type": "application/x-www-form-urlencoded",
    },
    {"data": b"&&==&;=;", "content_type": "application/x-www-form-urlencoded"},
    {"data": b"outcome=approve", "content_type": "text/plain"},
    {"data": b"<a/>", "content_type": "application/xml"},
    {"data": b"x", "content_type": "multipart/form-data"},
    {"data": b"--x\r\n\r\n", "content_type": "multipart/form-data; boundary=x"},
    {"data": b"--x--", "content_type": "multipart/form-data; boundary=\0"},
    {"data": b"{", "content_type": "application/json"},
    {"json": None},
    {"json": []},
    {"json": [1, 2]},
    {"json": "abc"},
    {"json": 5},
    {"json": {}},
    {"json": {"outcome": 5, "reason": 7, "revision": None, "command_key": 1, "opinion": 3}},
    {
        "json": {
            "outcome": ["approve"],
            "reason": {"a": 1},
            "nominee_name": [1],
            "score": 1.5,
        }
    },
    {"json": {"outcome": "return", "reason": "\ud800"}},
    {"data": b"a=b", "content_type": "application/x-www-form-urlencoded; charset=utf-7"},
    {"data": b"a=b", "content_type": "\xff/\xff"},
]


@pytest.mark.parametrize("act", ["", "/draft"])
@pytest.mark.parametrize("number", range(len(STRANGE_BODIES)))
def test_body_of_any_shape_is_no_incident(app, browse, cases, act, number):
    client = browse("lan.tuphap")
    path = f"/tasks/{cases['prepare_nomination']['own'].task}{act}"

    with nullcontext() if act else nothing_written(app):
        answer = client.post(path, **STRANGE_BODIES[number])

    assert answer.status_code in ((303, 400) if act else (400, 422))


@pytest.mark.parametrize("step", STEPS)
def test_file_in_the_place_of_any_field_is_refused(open_house, found, step):
    client, page = look_at_step(open_house, found.cases, step)
    names = {*page.fields, *page.choices} - {"csrf_token"}
    codes = {}
    for name in sorted(names):
        fields = {**page.fields.to_dict(), **GOOD[step], name: (io.BytesIO(PDF), "a.pdf")}
        codes[name] = client.post(page.action, data=fields).status_code

    assert {name: code for name, code in codes.items() if code not in (409, 422)} == {}


def test_text_in_the_place_of_a_file_is_no_file(app, browse, cases):
    client, page = open_step(browse, cases, "prepare_nomination")
    answer = page.send(client, to="/draft", file__to_trinh="C:\\to-trinh.pdf")

    assert answer.status_code == 303


# ------------------------------------------------------------ stale pages, two people


@pytest.mark.parametrize("step", STEPS)
def test_stale_page_changes_nothing_and_keeps_what_was_typed(
    browse, cases, unchanged, step
):
    client, page = open_step(browse, cases, step)
    client.post(f"{page.action}/claim")
    client.post(f"{page.action}/unclaim")
    typed = {name: "Đã gõ" for name in TEXTS[step] if name != "reason"}
    with unchanged():
        answer = page.send(client, **GOOD[step] | typed)

    assert answer.status_code == 409
    assert "Việc này đã thay đổi từ khi bạn mở. Kiểm tra rồi gửi lại." in text(answer)
    assert {name: kept(answer, name) for name in typed} == typed
    assert kept(answer, "outcome") == "approve"


def test_stale_page_can_be_sent_again_as_it_says(app, browse, cases):
    client, page = open_step(browse, cases, "approve_by_unit")
    client.post(f"{page.action}/claim")
    client.post(f"{page.action}/unclaim")
    answer = page.send(client, **GOOD["approve_by_unit"])

    again = form(answer).send(client)

    assert again.status_code == 303
    assert state(app, cases["approve_by_unit"]["own"].task) == ("completed", "approve")


@pytest.mark.parametrize(
    "revision", [None, "", "0", "-1", "abc", "1.5", "99", "9" * 30, "9" * 5_000, "1\0"]
)
def test_revision_that_is_not_the_tasks_is_stale(browse, cases, unchanged, revision):
    client, page = open_step(browse, cases, "approve_by_unit")
    with unchanged():
        answer = page.send(
            client, **GOOD["approve_by_unit"] | {"opinion": "Giữ"}, revision=revision
        )

    assert answer.status_code == 409
    assert kept(answer, "opinion") == "Giữ"
    assert "Not a valid" not in text(answer)


@pytest.mark.parametrize("key", ["", "k" * 65, "k" * 100_000, "a\0b"])
def test_command_key_that_is_none_is_refused_in_vietnamese(browse, cases, unchanged, key):
    client, page = open_step(browse, cases, "approve_by_unit")
    with unchanged():
        answer = page.send(
            client, **GOOD["approve_by_unit"] | {"opinion": "Giữ"}, command_key=key
        )

    assert answer.status_code == 422
    assert kept(answer, "opinion") == "Giữ"
    for english in ("This field", "Field must", "Command Key"):
        assert english not in text(answer)


@pytest.mark.parametrize("step", STEPS)
def test_form_sent_three_times_has_one_effect(app, browse, cases, step):
    client, page = open_step(browse, cases, step)
    first = page.send(client, **GOOD[step])

    with nothing_written(app):
        again = [page.send(client, **GOOD[step]) for _ in range(2)]

    assert [answer.status_code for answer in (first, *again)] == [303] * 3


def test_form_with_a_file_sent_three_times_attaches_it_once(app, browse, cases):
    client, page = open_step(browse, cases, "prepare_nomination")
    codes = []
    for _ in range(3):
        fields = page.fields.to_dict() | GOOD["prepare_nomination"]
        fields["file__sang_kien"] = (io.BytesIO(PDF), "sang-kien.pdf")
        codes.append(client.post(page.action, data=fields).status_code)

    with app.app_context(), reading(db.engine) as session:
        query = select(Attachment).where(Attachment.file_name == "sang-kien.pdf")
        assert len(session.scalars(query).all()) == 1
    assert codes == [303] * 3


def test_command_key_of_one_task_does_not_answer_for_another(app, browse, cases):
    client, page = open_step(browse, cases, "appraise")
    other = form(client.get(f"/tasks/{cases['appraise']['near'].task}"))
    page.send(client, **GOOD["appraise"])

    client.get("/inbox")  # where the first is told

    other.send(client, **GOOD["appraise"], command_key=page.fields["command_key"])

    is_told = SENT in text(client.get("/inbox"))
    is_done = state(app, cases["appraise"]["near"].task)[0] == "completed"
    assert is_told == is_done


def test_second_person_is_told_who_was_first_and_keeps_the_text(app, browse, cases):
    tuan, page = open_step(browse, cases, "appraise")
    linh = browse("linh.noivu")
    other = form(linh.get(page.action))
    other.send(linh, **GOOD["appraise"])

    answer = page.send(tuan, **GOOD["appraise"] | {"opinion": "Điều tôi đã viết"})

    assert answer.status_code == 409
    assert "Cao Mỹ Linh đã xử lý việc này lúc" in text(answer)
    assert "Điều tôi đã viết" in text(answer)
    assert "Không có gì để bạn làm ở đây" in text(answer)
    assert state(app, cases["appraise"]["own"].task) == ("completed", "approve")


@pytest.mark.parametrize(
    "wrong", [{"outcome": None}, {"points__on_time": "nhiều"}, {"supplement_by": "hôm sau"}]
)
def test_second_person_keeps_the_text_even_when_something_is_wrong_with_it(
    browse, cases, wrong
):
    tuan, page = open_step(browse, cases, "appraise")
    browse("linh.noivu").post(f"{page.action}/claim")

    answer = page.send(tuan, **GOOD["appraise"] | {"opinion": "Đã viết"} | wrong)

    assert answer.status_code == 409
    assert "Đã viết" in text(answer)
    assert [value for value in wrong.values() if value and value not in text(answer)] == []


def test_claimed_task_shows_its_holder_and_no_form(browse, cases):
    tuan, page = open_step(browse, cases, "appraise")
    browse("linh.noivu").post(f"{page.action}/claim")

    answer = tuan.get(page.action)

    assert "Cao Mỹ Linh đang giữ việc này." in text(answer)
    assert parse(answer).xpath("//form[@id='step-form']") == []


@pytest.mark.parametrize("act", ["claim", "unclaim"])
def test_act_on_a_task_that_another_holds_is_refused(browse, cases, unchanged, act):
    tuan, page = open_step(browse, cases, "appraise")
    browse("linh.noivu").post(f"{page.action}/claim")
    with unchanged():
        answer = tuan.post(f"{page.action}/{act}")

    assert answer.status_code == 409
    assert "Cao Mỹ Linh" in text(answer)


@pytest.mark.parametrize("act", ["claim", "unclaim", "draft", ""])
def test_act_on_a_task_that_is_done_is_refused(browse, cases, unchanged, act):
    client, page = open_step(browse, cases, "approve_by_unit")
    page.send(client, **GOOD["approve_by_unit"])
    with unchanged():
        answer = page.send(
            client, to=f"/{act}".rstrip("/"), outcome="approve", command_key="new"
        )

    assert answer.status_code == 409
    assert "Bạn đã hoàn thành bước này" in text(answer)


def test_claim_and_unclaim_are_told_and_undone(app, browse, cases):
    client, page = open_step(browse, cases, "appraise")
    task = cases["appraise"]["own"].task

    assert client.post(f"{page.action}/claim").status_code == 303
    assert state(app, task)[0] == "claimed"
    assert "Bạn đã nhận việc này." in text(client.get(page.action))
    assert client.post(f"{page.action}/claim").status_code == 303
    assert client.post(f"{page.action}/unclaim").status_code == 303
    assert state(app, task)[0] == "ready"


def test_own_claim_does_not_make_the_page_stale(app, browse, cases):
    client, page = open_step(browse, cases, "appraise")
    client.post(f"{page.action}/claim")

    assert page.send(client, **GOOD["appraise"]).status_code == 303


# ------------------------------------------------------------ drafts


def test_draft_comes_back_after_a_new_sign_in(browse, cases):
    client, page = open_step(browse, cases, "appraise")
    typed = {
        "opinion": "Mới nghĩ tới đây",
        "points__on_time": "abc",
        "supplement_by": "31/02",
    }
    answer = page.send(client, to="/draft", outcome="refuse", **typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, page.action)
    client.post("/logout")

    again = browse("tuan.noivu").get(page.action)

    assert {name: kept(again, name) for name in typed} == typed
    assert kept(again, "outcome") == "refuse"
    assert "đã lưu nháp" in text(again)


def test_draft_is_its_writers_alone(browse, cases):
    client, page = open_step(browse, cases, "appraise")
    page.send(client, to="/draft", opinion="Của riêng tôi")

    other = browse("linh.noivu").get(page.action)

    assert "Của riêng tôi" not in other.get_data(as_text=True)


def test_draft_is_gone_once_sent(browse, cases):
    client, page = open_step(browse, cases, "approve_by_unit")
    page.send(client, to="/draft", opinion="Nháp")
    page.send(client, **GOOD["approve_by_unit"])

    assert "Nháp" not in text(client.get(page.action))


def test_draft_of_a_step_that_another_took_is_shown_in_words(browse, cases):
    tuan, page = open_step(browse, cases, "appraise")
    page.send(
        tuan, to="/draft", opinion="Của tôi", verdict__on_time="met", outcome="approve"
    )
    browse("linh.noivu").post(f"{page.action}/claim")

    shown = text(tuan.get(page.action))

    assert "Của tôi" in shown
    assert [raw for raw in ("verdict__on_time", "outcome", "opinion") if raw in shown] == []


def test_draft_with_odd_fields_breaks_no_page(browse, cases):
    client, page = open_step(browse, cases, "prepare_nomination")
    odd = {
        "": "x",
        "\0": "\0",
        "id": "1",
        "validate": "x",
        "data": "y",
        "context": "z",
        "errors": "e",
        "outcome": "bogus",
        "birth_date": "\0",
        "revision": "7",
        "populate_obj": "1",
        "meta": "x",
        "is_serving_public": "\0",
        "a" * 10_000: "b" * 10_000,
    }
    assert page.send(client, to="/draft", **odd).status_code == 303

    again = client.get(page.action)

    assert again.status_code == 200
    assert (
        form(again)
        .send(client, **GOOD["prepare_nomination"] | {"birth_date": ""})
        .status_code
        == 303
    )


def test_draft_saved_by_htmx_answers_with_the_time(browse, cases):
    client, page = open_step(browse, cases, "appraise")
    answer = client.post(
        f"{page.action}/draft", data={"opinion": "x"}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 200
    assert (
        answer.get_data(as_text=True)
        .strip()
        .startswith('<span class="draft-saved">đã lưu nháp ')
    )


# ------------------------------------------------------------ files


def pdf_of(size):
    return PDF + b"\n%" + b" " * (size - len(PDF) - 2)


def zipped(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), part)
    return content.getvalue()


WRONG_FILES = {
    "virus.exe": b"MZ" + bytes(100),
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "no-extension": PDF,
    "exe-named.pdf": b"MZ" + bytes(100),
    "html-named.jpg": b"<!doctype html>",
    "empty.pdf": b"",
    "cut.pdf": PDF[:20],
    "pdf-named.docx": PDF,
    "zip-named.xlsx": zipped(a_txt="x"),
    "macro.docm": zipped(word__document_xml="<a/>"),
    "double.pdf.exe": PDF,
    "dot.pdf.": PDF,
    ".pdf": b"x",
    "..": PDF,
    "rtlo-\u202efdp.exe": PDF,
    "header.png": b"\x89PNG\r\n\x1a\n",
    "header.jpg": b"\xff\xd8\xff\xe0" + bytes(20),
}


def send_file(client, page, content, name, to="", **changes):
    fields = page.fields.to_dict() | GOOD["prepare_nomination"] | changes
    fields["file__sang_kien"] = (io.BytesIO(content), name)
    return client.post(page.action + to, data=fields)


@pytest.mark.parametrize("to", ["", "/draft"])
@pytest.mark.parametrize("name", WRONG_FILES)
def test_wrong_file_is_refused_by_name_and_what_was_typed_is_kept(
    browse, cases, unchanged, name, to
):
    client, page = open_step(browse, cases, "prepare_nomination")
    with unchanged():
        answer = send_file(
            client, page, WRONG_FILES[name], name, to, position="Chức vụ đã gõ"
        )

    assert answer.status_code == 422
    assert "không thuộc loại được nhận" in text(
        answer
    ) or "không đúng với phần mở rộng" in text(answer)
    assert kept(answer, "position") == "Chức vụ đã gõ"


@pytest.mark.parametrize("to", ["", "/draft"])
def test_file_of_26_megabytes_is_refused_and_what_was_typed_is_kept(
    browse, cases, unchanged, to
):
    client, page = open_step(browse, cases, "prepare_nomination")
    content = pdf_of(26 * 1024 * 1024)
    with unchanged(), large_upload():
        answer = send_file(client, page, content, "lớn.pdf", to, position="Đã gõ")

    assert answer.status_code == 422
    assert "Tệp “lớn.pdf” lớn quá 25 MB." in text(answer)
    assert kept(answer, "position") == "Đã gõ"


def test_one_wrong_file_keeps_none(browse, cases, unchanged):
    client, page = open_step(browse, cases, "prepare_nomination")
    fields = page.fields.to_dict() | GOOD["prepare_nomination"]
    fields["file__to_trinh"] = (io.BytesIO(PDF), "good.pdf")
    fields["file__sang_kien"] = (io.BytesIO(b"MZ"), "bad.exe")
    with unchanged():
        answer = client.post(page.action, data=fields)

    assert answer.status_code == 422


def test_file_for_a_paper_that_the_dossier_does_not_know_is_ignored(app, browse, cases):
    client, page = open_step(browse, cases, "prepare_nomination")
    before = _attachments(app)
    fields = page.fields.to_dict() | {"file__bogus": (io.BytesIO(PDF), "a.pdf")}
    assert client.post(f"{page.action}/draft", data=fields).status_code == 303

    assert _attachments(app) == before


def test_files_are_refused_where_the_step_takes_none(app, browse, cases):
    client, page = open_step(browse, cases, "approve_by_unit")
    before = _attachments(app)
    fields = page.fields.to_dict() | {"file__to_trinh": (io.BytesIO(PDF), "a.pdf")}
    client.post(f"{page.action}/draft", data=fields)

    assert _attachments(app) == before


def test_files_are_not_added_to_a_step_that_is_done(app, browse, cases):
    client, page = open_step(browse, cases, "prepare_nomination")
    page.send(client, **GOOD["prepare_nomination"])
    before = _attachments(app)

    send_file(client, page, PDF, "late.pdf")
    send_file(client, page, PDF, "late.pdf", command_key="new")
    send_file(client, page, PDF, "late.pdf", "/draft")

    assert _attachments(app) == before


def _attachments(app):
    with app.app_context(), reading(db.engine) as session:
        return len(session.scalars(select(Attachment)).all())


# ------------------------------------------------------------ mass assignment, separation


def test_fields_that_the_form_does_not_have_change_nothing(app, browse, cases):
    client, page = open_step(browse, cases, "prepare_nomination")
    foreign = {
        column.name: "1"
        for table in (Nomination.__table__, UserTask.__table__, Attachment.__table__)
        for column in table.columns
        if column.name not in ("revision", "outcome", "achievements")
    }
    extra = foreign | {
        "nominee_kind": "collective",
        "received_on": "01/01/2020",
        "signer": "1",
        "unit": "XA-VG",
    }
    code = cases["prepare_nomination"]["own"].code
    page.send(client, **GOOD["prepare_nomination"] | extra)

    with app.app_context(), reading(db.engine) as session:
        nomination = session.scalars(
            select(Nomination).where(Nomination.code == code)
        ).one()
        assert nomination.nominee.kind.value == "individual"
        assert nomination.unit.code == "SO-TP"
        assert nomination.received_on is None
        assert "signer" not in nomination.instance.variables


def test_right_taken_away_while_the_form_is_open_refuses_it(app, browse, cases, unchanged):
    client, page = open_step(browse, cases, "appraise")
    with app.app_context(), transaction(db.engine) as session:
        session.execute(update(UserTask).values(queue="nobody"))
    with unchanged():
        answer = page.send(client, **GOOD["appraise"])

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "number",
    [
        "0",
        "99999",
        "9" * 18,
        "9" * 19,
        "9" * 30,
        "9" * 4_000,
        "-1",
        "1.0",
        "٣",
        "x",
        "1%00",
    ],
)
@pytest.mark.parametrize("act", ["", "/claim", "/unclaim", "/draft"])
def test_task_number_that_is_none_answers_404(open_house, number, act):
    client = open_house("lan.tuphap")

    answers = [client.post(f"/tasks/{number}{act}").status_code]
    if not act:
        answers.append(client.get(f"/tasks/{number}").status_code)

    assert set(answers) == {404}
