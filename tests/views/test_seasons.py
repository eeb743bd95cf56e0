"""Setting up a season on the pages, from an empty database to a nomination at its Khối."""

import io
import re
from datetime import date, datetime

import pytest
from sqlalchemy import select

from awards.demo.driving import BPMN
from models.awards import Award, Movement
from models.session import reading
from tests.client import CheckingClient, declare, form, heading, text
from views.web import db
from workflows import calendar

ADMIN = "quantri.hethong"
TODAY = calendar.today(datetime.now(calendar.VIETNAM))
SEASON = {
    "name": "Thi đua chuyển đổi số năm 2026",
    "code": "cds-2026",
    "launched_by": "Kế hoạch số 12/KH-UBND ngày 05/01/2026",
    "period_from": f"01/01/{TODAY.year}",
    "period_to": f"31/12/{TODAY.year}",
    "nominations_from": f"01/01/{TODAY.year}",
    "nominations_to": f"31/12/{TODAY.year}",
    "individual_0_name": "Hồ sơ đúng hạn",
    "individual_0_points": "60",
    "individual_0_measure": "Tỷ lệ %",
    "individual_0_evidence": "Báo cáo một cửa",
    "individual_3_name": "Sáng kiến",
    "individual_3_points": "40",
    "collective_0_name": "Hồ sơ trực tuyến",
    "collective_0_points": "100",
}
AWARD = {
    "name": "Giấy khen của Chủ tịch UBND xã",
    "code": "gk-xa",
    "paper_0_name": "Tờ trình",
    "paper_0_is_required": "y",
    "paper_0_basis": "Luật TĐKT 2022, Điều 84",
    "paper_2_name": "Chứng nhận sáng kiến",
}


def send(client, path, **changes):
    return form(client.get(path), path).send(client, **changes)


def kept(app, table, code):
    with app.app_context(), reading(db.engine) as session:
        row = session.scalars(select(table).where(table.code == code)).one()
        lines = row.criteria if table is Movement else row.dossier_items
        return row, list(lines)


def test_movement_is_set_up_with_its_criteria(app, browse):
    answer = send(browse(ADMIN), "/movements/new", **SEASON)

    assert answer.headers["Location"] == "/movements"
    row, criteria = kept(app, Movement, "CDS-2026")
    assert row.nominations_to == date(TODAY.year, 12, 31)
    assert sorted(
        (c.nominee_kind.value, c.code, c.name, c.max_points) for c in criteria
    ) == [
        ("collective", "c1", "Hồ sơ trực tuyến", 100),
        ("individual", "c1", "Hồ sơ đúng hạn", 60),
        ("individual", "c2", "Sáng kiến", 40),
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Ghi tên phong trào."),
        ({"code": "VHCS-2025"}, "Mã “VHCS-2025” đã có."),
        ({"code": "có dấu"}, "Mã gồm chữ in hoa không dấu"),
        ({"period_to": "01/01/2001"}, "Ngày cuối không thể trước ngày đầu."),
        ({"nominations_to": "01/01/2001"}, "Ngày cuối không thể trước ngày đầu."),
        ({"nominations_to": ""}, "Ghi ngày."),
        ({"individual_3_points": ""}, "Ghi điểm tối đa."),
        ({"individual_3_points": "0"}, "1"),
        ({"individual_5_measure": "Tỷ lệ"}, "Ghi tên tiêu chí."),
    ],
)
def test_movement_that_cannot_be_says_why_and_keeps_what_was_typed(
    browse, changes, sentence
):
    answer = send(browse(ADMIN), "/movements/new", **SEASON | changes)

    assert answer.status_code == 422
    assert sentence in text(answer)
    fields = form(answer, "/movements/new").fields
    assert fields["individual_0_evidence"] == "Báo cáo một cửa"


def test_movement_needs_a_criterion(browse):
    bare = {name: "" for name in SEASON if re.match("individual|collective", name)}

    answer = send(browse(ADMIN), "/movements/new", **SEASON | bare)

    assert "Ghi ít nhất một tiêu chí." in text(answer)


def test_movement_without_nominations_is_put_right_whole(app, browse):
    admin = browse(ADMIN)
    send(admin, "/movements/new", **SEASON)
    path = re.findall(r"/movements/\d+", admin.get("/movements").text)[0]

    page = form(admin.get(path), path)
    assert page.fields["individual_1_name"] == "Sáng kiến"
    page.send(admin, individual_1_name="Sáng kiến số", nominations_to=f"30/06/{TODAY.year}")

    row, criteria = kept(app, Movement, "CDS-2026")
    assert row.nominations_to == date(TODAY.year, 6, 30)
    assert "Sáng kiến số" in {one.name for one in criteria}
    assert len(criteria) == 3


def test_criteria_stay_once_there_are_nominations(app, browse, cases):
    admin = browse(ADMIN)
    _row, before = kept(app, Movement, "VHCS-2025")
    page = admin.get("/movements/1")
    assert "Đã có hồ sơ, nên tiêu chí giữ nguyên." in text(page)

    answer = form(page, "/movements/1").send(
        admin, nominations_to=f"31/12/{TODAY.year + 1}", individual_0_name="Khác"
    )

    assert answer.status_code == 303
    row, after = kept(app, Movement, "VHCS-2025")
    assert [one.name for one in after] == [one.name for one in before]
    assert row.nominations_to == date(TODAY.year + 1, 12, 31)


def test_award_is_set_up_and_put_right(app, browse):
    admin = browse(ADMIN)

    answer = send(admin, "/awards/new", **AWARD)

    assert answer.headers["Location"] == "/awards"
    _row, papers = kept(app, Award, "GK-XA")
    assert [(p.code, p.name, p.is_required) for p in papers] == [
        ("p1", "Tờ trình", True),
        ("p2", "Chứng nhận sáng kiến", False),
    ]
    page = form(admin.get("/awards/2"), "/awards/2")
    page.send(admin, paper_1_is_required="y")
    assert all(paper.is_required for paper in kept(app, Award, "GK-XA")[1])
    used = admin.get("/awards/1")
    assert "Đã có hồ sơ, nên giấy tờ giữ nguyên." in text(used)
    form(used, "/awards/1").send(admin, name="Bằng khen")
    row, papers = kept(app, Award, "BKT")
    assert (row.name, len(papers)) == ("Bằng khen", 4)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Ghi tên hình thức."),
        ({"code": "BKT"}, "Mã “BKT” đã có."),
        ({"paper_4_is_required": "y"}, "Ghi tên giấy tờ."),
    ],
)
def test_award_that_cannot_be_says_why(browse, changes, sentence):
    answer = send(browse(ADMIN), "/awards/new", **AWARD | changes)

    assert answer.status_code == 422
    assert sentence in text(answer)


@pytest.mark.parametrize("path", ["/movements/new", "/awards/new"])
def test_sent_twice_is_one(browse, path):
    admin = browse(ADMIN)
    page = form(admin.get(path), path)
    changes = SEASON if "movements" in path else AWARD

    answers = [page.send(admin, **changes).status_code for _ in range(2)]

    assert answers == [303, 303]


@pytest.mark.parametrize("path", ["/movements/99", "/awards/99"])
def test_unknown_is_not_found(browse, path):
    assert browse(ADMIN).get(path).status_code == 404


# from nothing


@pytest.fixture
def bare(sqlite, site_of_worker):
    """The application on a database with nothing in it."""
    made = site_of_worker.furnish(sqlite.folder / "empty.sqlite")
    made.test_client_class = CheckingClient
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def choose_password(app, path, login):
    """Choose a password by the link, and sign in with it."""
    client = app.test_client()
    words = f"mot cau dai khong ai doan {login[::-1]} ra"
    assert form(client.get(path), path).send(client, password=words, again=words)
    signed_in = form(client.get("/login"), "/login").send(
        client, login=login, password=words
    )
    assert signed_in.status_code == 303
    return client


def employ(app, admin, login, name, role, **post):
    """An account with a post, and its owner signed in."""
    made = send_to(admin, "/people", "/people", name=name, login=login)
    person = made.headers["Location"]
    given = send_to(admin, person, f"{person}/posts", role=role, title="Cán bộ", **post)
    assert given.status_code == 303, text(given)
    link = send_to(admin, person, f"{person}/link").text
    return choose_password(app, re.search(r"/password/[\w-]+", link)[0], login)


def send_to(client, page, action, **changes):
    return form(client.get(page), action).send(client, **changes)


def test_province_is_set_up_from_nothing_by_the_pages_alone(bare):
    made = bare.test_cli_runner().invoke(
        args=["create-admin", "quan.tri", "Hà Trọng Nghĩa"]
    )
    assert made.exit_code == 0, made.output
    admin = choose_password(bare, re.search(r"/password/\S+", made.output)[0], "quan.tri")

    send(
        admin,
        "/units/new",
        name="UBND xã Văn Giang",
        code="XA-VG",
        kind="commune",
        decision_number="1",
    )
    assert (
        send_to(admin, "/blocks", "/blocks", code="K02", name="Khối xã").status_code == 303
    )
    joined = send_to(
        admin, "/units/XA-VG", "/units/XA-VG/block", block="K02", decision_number="2"
    )
    assert joined.status_code == 303
    designer = employ(bare, admin, "thiet.ke", "Trịnh Công Hưng", "process_admin")
    officer = employ(bare, admin, "duc.vg", "Hoàng Anh Đức", "unit_officer", unit="XA-VG")
    head = employ(bare, admin, "huyen.vg", "Đặng Thu Huyền", "unit_head", unit="XA-VG")
    led = send_to(
        admin, "/blocks/K02", "/blocks/K02/handover", head="XA-VG", decision_number="3"
    )
    assert led.status_code == 303
    lead = employ(bare, admin, "huy.k02", "Vương Đình Huy", "block_lead", block="K02")
    drawn = BPMN.read_bytes()
    uploaded = send_to(
        designer,
        "/processes",
        "/processes",
        file=(io.BytesIO(drawn), "movement_award.bpmn"),
    )
    confirm = f"{uploaded.headers['Location']}/confirm"
    assert send_to(admin, uploaded.headers["Location"], confirm).status_code == 303
    assert send(admin, "/movements/new", **SEASON).status_code == 303
    assert (
        send(admin, "/awards/new", **AWARD | {"paper_0_is_required": None}).status_code
        == 303
    )

    begun = send(
        officer,
        "/nominations/new",
        nominee_kind="individual",
        nominee_name="Lê Thị Na",
        award="GK-XA",
        movement="CDS-2026",
    )
    task = begun.headers["Location"]
    prepared = form(officer.get(task)).send(
        officer,
        outcome="approve",
        achievements="Giải quyết đúng hạn.",
        position="Công chức",
        **{f"{part}__c{n}": value for n in (1, 2) for part, value in LINE.items()},
    )
    assert prepared.status_code == 303, text(prepared)
    signing = re.search(r"/tasks/\d+", head.get("/inbox?tab=groups").text)[0]
    assert form(head.get(signing)).send(head, outcome="approve").status_code == 303
    declare(lead)
    assert "Lê Thị Na" in text(lead.get("/inbox?tab=groups"))
    step = re.search(r"/tasks/\d+", lead.get("/inbox?tab=groups").text)[0]
    assert heading(lead.get(step)) == "Khối thi đua bình xét, suy tôn"
    assert "Hồ sơ đúng hạn" in text(lead.get(step))


LINE = {"score": "30", "evidence": "Báo cáo"}
