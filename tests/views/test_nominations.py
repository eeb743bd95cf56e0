"""The list of nominations, a new one, and the page that tells one's story."""

import pytest
from sqlalchemy import func, select

from models.awards import Movement, Nomination
from models.papers import Comment
from models.session import reading, transaction
from tests.client import form, heading, parse, text
from tests.conftest import make_app
from tests.stages import STEPS
from views.web import db

NEW = {
    "movement": "VHCS-2025",
    "unit": "SO-TP",
    "nominee_kind": "individual",
    "honorific": "Bà",
    "nominee_name": "Đặng Thị Ngọc Ánh",
    "award": "BKT",
}


def beside(response, name):
    return parse(response).xpath(f"string(//*[@id='{name}-error'])").strip()


def count(app, table=Nomination):
    with app.app_context(), reading(db.engine) as session:
        return session.scalar(select(func.count()).select_from(table))


# ---------------------------------------------------------------- a new one


def test_new_nomination_is_set_up_by_filling_in_its_page(app, browse):
    client = browse("lan.tuphap")
    page = form(client.get("/nominations/new"), "/nominations/new")

    answer = page.send(client, nominee_kind="individual", nominee_name="Đặng Thị Ngọc Ánh")

    assert answer.status_code == 303
    step = client.get(answer.headers["Location"])
    assert heading(step) == "Lập hồ sơ đề nghị"
    assert form(step).fields["nominee_name"] == "Đặng Thị Ngọc Ánh"


def test_new_nomination_is_claimed_by_its_officer(app, browse):
    client = browse("lan.tuphap")
    before = count(app)

    answer = client.post("/nominations/new", data=NEW)

    assert count(app) == before + 1
    assert "Nhả việc" in text(client.get(answer.headers["Location"]))


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("movement", "bogus", "Lựa chọn này không có. Chọn một trong các mục."),
        ("movement", "", "Lựa chọn này không có. Chọn một trong các mục."),
        ("award", "bogus", "Lựa chọn này không có. Chọn một trong các mục."),
        ("award", None, "Lựa chọn này không có. Chọn một trong các mục."),
        ("nominee_kind", "bogus", "Lựa chọn này không có. Chọn một trong các mục."),
        ("nominee_kind", None, "Chọn một trong các mục."),
        ("nominee_name", "", "Ghi tên người hoặc tập thể."),
        ("nominee_name", "   ", "Ghi tên người hoặc tập thể."),
        ("nominee_name", None, "Ghi tên người hoặc tập thể."),
        ("nominee_name", "ạ" * 100_000, "Dài quá 200 ký tự. Rút gọn rồi gửi lại."),
        ("nominee_name", "An\0", "Có ký tự điều khiển không dùng được. Xóa rồi nhập lại."),
        ("honorific", "x" * 33, "Dài quá 32 ký tự. Rút gọn rồi gửi lại."),
        ("honorific", "\0", "Có ký tự điều khiển không dùng được. Xóa rồi nhập lại."),
    ],
)
def test_new_nomination_says_beside_the_field_what_is_wrong(
    browse, unchanged, name, typed, sentence
):
    client = browse("lan.tuphap")
    fields = {
        key: value for key, value in (NEW | {name: typed}).items() if value is not None
    }
    with unchanged():
        answer = client.post("/nominations/new", data=fields)

    assert answer.status_code == 422
    assert beside(answer, name) == sentence
    if name != "nominee_name":
        assert (
            form(answer, "/nominations/new").fields["nominee_name"] == NEW["nominee_name"]
        )


@pytest.mark.parametrize("unit", ["SO-YT", "XA-VG", "SO-TC", "bogus", "", "SO-TP\0"])
def test_new_nomination_for_another_unit_is_refused(browse, unchanged, unit):
    with unchanged():
        answer = browse("lan.tuphap").post("/nominations/new", data=NEW | {"unit": unit})

    assert answer.status_code == 422
    assert "Đơn vị: Lựa chọn này không có." in text(answer)


def test_new_nomination_outside_the_movements_dates_is_refused_and_kept(
    app, browse, unchanged
):
    with app.app_context(), transaction(db.engine) as session:
        session.scalars(select(Movement)).one().nominations_to = Movement.nominations_from
    with unchanged():
        answer = browse("lan.tuphap").post("/nominations/new", data=NEW)

    assert answer.status_code == 422
    assert "Phong trào này chưa mở hoặc đã hết hạn nhận đề nghị." in text(answer)
    assert form(answer, "/nominations/new").fields["nominee_name"] == NEW["nominee_name"]


# ---------------------------------------------------------------- the page of one


@pytest.mark.parametrize(
    "place", [*STEPS, "awarded", "refused", "not_selected", "withdrawn", "returned"]
)
def test_nomination_page_tells_where_it_stands(open_house, found, place):
    page = open_house("hoidong").get(f"/nominations/{found.cases[place]['own'].code}")

    badge = parse(page).xpath("string(//p[@class='public-status']/span[1])").strip()
    words = {
        "awarded": "Được khen",
        "refused": "Không khen",
        "not_selected": "Không suy tôn",
        "withdrawn": "Đã rút",
        "returned": "Trả lại bổ sung",
    }
    assert badge == words.get(place, "Đang chờ")
    current = parse(page).xpath("//*[@aria-current='step']")
    assert len(current) == (
        0 if place in ("awarded", "refused", "not_selected", "withdrawn") else 1
    )
    assert parse(page).xpath("//ol[@class='timeline']/li") != []


def test_awarded_nomination_shows_its_decision(open_house, found):
    case = found.cases["awarded"]["own"]
    page = open_house("lan.tuphap").get(f"/nominations/{case.code}")

    assert f"/decisions/{case.decision}.pdf" in parse(page).xpath("//a/@href")
    assert "Nguyễn Hữu Bình ký" in text(page) or "Lý Minh Châu ký" in text(page)


@pytest.mark.parametrize(
    ("login", "links"),
    [
        ("tuan.noivu", {"Xử lý"}),
        ("quang.tuphap", {"Rút hồ sơ"}),
        ("thanhtra", {"Lịch sử"}),
        ("hoidong", set()),
        ("lan.tuphap", set()),
    ],
)
def test_nomination_page_offers_what_the_person_may_do(open_house, found, login, links):
    page = open_house(login).get(f"/nominations/{found.cases['appraise']['own'].code}")
    offered = {
        a.text_content() for a in parse(page).xpath("//div[@class='page-actions']/a")
    }
    assert offered == links


@pytest.mark.parametrize(
    "code",
    [
        "X",
        "HS-2026-99999",
        "hs-2026-00001",
        "%00",
        "{own}%00",
        "%00{own}",
        "{own}%20",
        "%FF",
        "%ED%A0%80",
        "a" * 10_000,
        "..%2f..",
        "'--",
        "new%00",
    ],
)
@pytest.mark.parametrize("rest", ["", "/diagram.bpmn", "/withdraw", "/history"])
def test_code_that_is_none_answers_404(open_house, found, code, rest):
    own = found.cases["appraise"]["own"].code
    login = "thanhtra" if rest == "/history" else "quang.tuphap"

    assert (
        open_house(login).get(f"/nominations/{code.format(own=own)}{rest}").status_code
        == 404
    )


def test_diagram_is_the_route_as_it_was_deployed(open_house, found):
    answer = open_house("hoidong").get(
        f"/nominations/{found.cases['appraise']['own'].code}/diagram.bpmn"
    )

    assert answer.mimetype == "application/xml"
    assert b'id="decide_by_chairman"' in answer.data


# ---------------------------------------------------------------- comments


def test_comment_is_shown_with_its_author(app, browse, cases):
    client, path = browse("tuan.noivu"), f"/nominations/{cases['appraise']['own'].code}"
    answer = form(client.get(path), f"{path}/comments").send(
        client, text="Xem lại số liệu."
    )

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}#comments")
    assert "Mai Anh Tuấn, Chuyên viên Sở Nội vụ" in text(client.get(path))
    assert "Xem lại số liệu." in text(client.get(path))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (None, "Ghi ý kiến trước khi gửi."),
        ("", "Ghi ý kiến trước khi gửi."),
        ("   \n ", "Ghi ý kiến trước khi gửi."),
        ("a\0b", "Có ký tự điều khiển không dùng được. Xóa rồi nhập lại."),
        ("ạ" * 100_000, "Dài quá 4000 ký tự. Rút gọn rồi gửi lại."),
    ],
)
def test_comment_that_cannot_be_kept_is_refused(browse, cases, unchanged, typed, sentence):
    path = f"/nominations/{cases['appraise']['own'].code}/comments"
    with unchanged():
        answer = browse("tuan.noivu").post(
            path, data={"text": typed} if typed is not None else {}
        )

    assert answer.status_code == 422
    assert beside(answer, "text") == sentence
    assert (
        form(answer, path).fields["text"].strip()
        == (typed or "").replace("\0", "\ufffd").strip()
    )


def test_comment_box_is_not_offered_to_those_who_watch(open_house, found):
    page = open_house("hoidong").get(f"/nominations/{found.cases['appraise']['own'].code}")
    assert parse(page).xpath("//textarea[@name='text']") == []


# ---------------------------------------------------------------- withdrawing


@pytest.mark.parametrize("step", [step for step in STEPS if step != "issue_decision"])
def test_head_withdraws_at_any_time_before_the_chairman_decides(browse, cases, step):
    client, path = browse("quang.tuphap"), f"/nominations/{cases[step]['own'].code}"
    answer = form(client.get(f"{path}/withdraw"), f"{path}/withdraw").send(
        client, reason="Để sau."
    )

    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert "Đã rút" in text(client.get(path))
    assert "Để sau." in text(client.get(path))


@pytest.mark.parametrize("place", ["issue_decision", "awarded", "refused", "not_selected"])
def test_withdrawing_too_late_is_refused_and_the_reason_kept(
    browse, cases, unchanged, place
):
    client, path = (
        browse("quang.tuphap"),
        f"/nominations/{cases[place]['own'].code}/withdraw",
    )
    fields = {"reason": "Xin rút vì thế.", "command_key": "k", "revision": "1"}
    with unchanged():
        answer = client.post(path, data=fields)

    assert answer.status_code == 409
    assert "Hồ sơ không còn ở bước có thể nhận yêu cầu này." in text(answer)
    assert "Xin rút vì thế." in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "place", ["issue_decision", "awarded", "refused", "not_selected", "withdrawn"]
)
def test_withdrawing_is_not_offered_too_late(open_house, found, place):
    client, path = (
        open_house("quang.tuphap"),
        f"/nominations/{found.cases[place]['own'].code}",
    )
    assert "Rút hồ sơ" not in [
        a.text_content() for a in parse(client.get(path)).xpath("//a")
    ]


@pytest.mark.parametrize("typed", [None, "", "  \n", "a\0b", "ạ" * 100_000])
def test_withdrawing_without_a_good_reason_is_refused(browse, cases, unchanged, typed):
    client, path = (
        browse("quang.tuphap"),
        f"/nominations/{cases['appraise']['own'].code}/withdraw",
    )
    page = form(client.get(path), path)
    with unchanged():
        answer = page.send(client, reason=typed)

    assert answer.status_code == 422
    assert beside(answer, "reason") != ""


def test_withdrawing_three_times_has_one_effect(app, browse, cases):
    client, path = (
        browse("quang.tuphap"),
        f"/nominations/{cases['appraise']['own'].code}/withdraw",
    )
    page = form(client.get(path), path)

    codes = [page.send(client, reason="Để sau.").status_code for _ in range(3)]

    assert codes == [303] * 3


# ---------------------------------------------------------------- the list


def test_list_of_a_unit_holds_its_own_and_no_others(open_house, found):
    page = open_house("lan.tuphap").get("/nominations")
    shown = set(parse(page).xpath("//span[@class='row-code']/text()"))
    own = {units["own"].code for units in found.cases.values()}

    assert shown == own
    assert "Sở Tư pháp" in text(page)


def test_list_of_a_unit_without_any_says_so(sqlite, tmp_path):
    made = make_app(sqlite.copy("province"), tmp_path)
    made.config["WTF_CSRF_ENABLED"] = False
    client = made.test_client()
    client.post("/login", data={"login": "lan.tuphap", "password": "vinh-danh-lan.tuphap"})

    assert "Chưa có hồ sơ nào." in text(client.get("/nominations"))


def test_comments_are_counted_once(app, browse, cases):
    client = browse("tuan.noivu")
    before = count(app, Comment)
    client.post(
        f"/nominations/{cases['appraise']['own'].code}/comments", data={"text": "Một"}
    )
    assert count(app, Comment) == before + 1
