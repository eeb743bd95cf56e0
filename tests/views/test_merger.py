"""Two departments merge on 2025-03-01: what was nominated the year before still reads right."""

import re
import shutil
from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pytest
from sqlalchemy import update

import awards.registry  # noqa: F401 - registers what steps and service tasks do
from awards import units
from awards.units import Change, NewUnit
from models.awards import Movement
from models.organisation import BlockMember, Post, Unit, UnitEventKind
from models.session import transaction
from tests import factories
from tests.client import CheckingClient, text
from tests.conftest import connect, make_app
from views import web
from workflows import sweeping

THEN = datetime(2024, 10, 14, 3, tzinfo=UTC)
MERGED = datetime(2025, 3, 1, 3, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
CHANGE = Change(
    UnitEventKind.MERGE,
    date(2025, 3, 1),
    "12/NQ-HĐND",
    ending=("SO-TP", "SO-YT"),
    new=(NewUnit("SO-TPYT", "Sở Tư pháp và Y tế"),),
)


@pytest.fixture(scope="module")
def year_after(sqlite, tmp_path_factory):
    """The application after the merger, and two nominations of 2024: one awarded, one open."""
    folder = tmp_path_factory.mktemp("merger")
    shutil.copyfile(sqlite.folder / "province.sqlite", folder / "merger.sqlite")
    (folder / "uploads").mkdir()
    engine = connect(f"sqlite:///{folder / 'merger.sqlite'}")
    with transaction(engine) as session:
        for table in (Unit, BlockMember, Post):
            session.execute(update(table).values(valid_from=LONG_AGO))
        season = {
            "nominations_from": date(2024, 1, 1),
            "nominations_to": date(2024, 12, 31),
        }
        session.execute(update(Movement).values(**season))
    codes = {}
    with transaction(engine) as session:
        awarded = factories.begin(session, name="Đào Văn Khen", now=THEN)
        for _step in range(9):
            factories.answer(session, awarded, now=THEN)
        waiting = factories.begin(session, name="Đào Văn Chờ", now=THEN)
        factories.walk(session, waiting, "approve_by_unit", now=THEN)
        codes = {"awarded": awarded.code, "waiting": waiting.code}
    admin = factories.stand_in(990, "system_admin")
    with transaction(engine) as session:
        units.record(session, CHANGE, by=admin, now=MERGED - timedelta(days=20))
    with transaction(engine) as session:
        units.carry_out_due(session, MERGED)
    sweeping.sweep(engine, MERGED)
    engine.dispose()
    made = make_app(f"sqlite:///{folder / 'merger.sqlite'}", folder)
    made.test_client_class = CheckingClient
    yield made, codes
    with made.app_context():
        web.db.engine.dispose()


def signed_in(app, login):
    client = app.test_client()
    page = client.get("/login")
    assert page.status_code == 200
    app.config["WTF_CSRF_ENABLED"] = False
    fields = {"login": login, "password": f"vinh-danh-{login}"}
    assert client.post("/login", data=fields).status_code == 303
    return client


def test_nomination_page_and_decision_keep_the_name_of_their_time(year_after):
    app, codes = year_after
    council = signed_in(app, "hoidong")

    page = council.get(f"/nominations/{codes['awarded']}")
    said = text(page)
    (address,) = set(re.findall(r"/decisions/\d+\.pdf", page.get_data(as_text=True)))
    printed = pdf_text(council.get(address).data)

    assert "Bằng khen của Chủ tịch UBND tỉnh · Sở Tư pháp " in said
    assert " Được khen " in said
    assert "Đỗ Minh Quang, Giám đốc Sở Tư pháp duyệt" in said
    assert "Sở Tư pháp, nay do Sở Tư pháp và Y tế tiếp nhận" in said
    assert "Sở Tư pháp" in printed
    assert "Y tế" not in printed


@pytest.mark.parametrize("path", ["/board?q=so+tu+phap", "/board?unit=SO-TP"])
def test_board_finds_them_by_the_former_name(year_after, path):
    app, codes = year_after

    shown = text(signed_in(app, "hoidong").get(path))

    assert codes["awarded"] in shown
    assert codes["waiting"] in shown
    assert "Sở Tư phápKhối thi đua các sở, ngành" in shown


def test_successor_goes_on_with_what_is_open(year_after):
    app, codes = year_after
    head = signed_in(app, "quang.tuphap")

    listed, inbox = text(head.get("/nominations")), text(head.get("/inbox?tab=groups"))

    assert codes["awarded"] in listed
    assert codes["waiting"] in inbox
    assert "Giám đốc Sở Tư pháp và Y tế" in inbox
    assert codes["waiting"] in text(signed_in(app, "khanh.yte").get("/inbox?tab=groups"))


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/units?on=28/02/2025", "Sở Tư pháp SO-TP"),
        ("/units?on=01/03/2025", "Sở Tư pháp và Y tế SO-TPYT"),
        ("/units?q=so+y+te", "Không còn vào ngày này 1"),
        ("/units/SO-TP", "Hoạt động đến hết 28/02/2025."),
        ("/units/SO-TPYT", "01/03/2025: Sở Tư pháp, Sở Y tế nhập thành"),
    ],
)
def test_organisation_pages_tell_what_was_when(year_after, path, sentence):
    app, _codes = year_after
    assert sentence in text(signed_in(app, "quantri.hethong").get(path))


def pdf_text(content):
    with pypdfium2.PdfDocument(content) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(pages).split())
