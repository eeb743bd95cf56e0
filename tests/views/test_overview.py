"""The overview: every figure is the list behind it, and the last act is in it at once."""

import io
from datetime import timedelta

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

import rounds
from awards import survey
from awards.demo import driving
from models.awards import Award
from models.session import transaction
from tests import factories
from tests.client import form, heading, parse, text
from tests.conftest import NOW
from tests.stages import STEPS
from views import web
from workflows import deployments

COUNCIL = "hoidong"


def rows(page, table):
    """The cells of a table's rows: what is written, and where its link leads."""
    found = parse(page).xpath(f"//table[@id='{table}']/tbody/tr")
    return {
        row.xpath("string(th)").strip().split("\n")[0].strip(): [
            (cell.xpath("normalize-space(.)"), *cell.xpath(".//a/@href"))
            for cell in row.xpath("td")
        ]
        for row in found
    }


def listed(client, url):
    """How many nominations the board shows at this address."""
    return len(parse(client.get(url)).xpath("//span[@class='row-code']"))


def exporting(page):
    return parse(page).xpath("//form[starts-with(@action, '/exports/')]/@action")[0]


def tiles(page):
    found = parse(page).xpath("//nav[contains(@class, 'tiles-ends')]/a")
    return {
        tile.xpath("string(*[@class='tile-name'])"): (
            int(tile.xpath("string(*[@class='tile-count'])")),
            tile.get("href"),
        )
        for tile in found
    }


def test_every_figure_of_the_overview_is_the_list_behind_it(open_house):
    client = open_house(COUNCIL)
    page = client.get("/board/overview")
    linked = [
        (cell[0], cell[1])
        for table in ("stages", "holders", "weeks")
        for cells in rows(page, table).values()
        for cell in (cells[:2] if table == "stages" else cells)
        if len(cell) > 1
    ]
    linked += [(str(count), url) for count, url in tiles(page).values()]

    assert heading(page) == "Theo dõi"
    assert len(linked) > 2 * len(STEPS)
    assert [(n, listed(client, url)) for n, url in linked] == [
        (n, int(n)) for n, _url in linked
    ]


def test_overview_counts_as_the_board_does(open_house, found):
    client = open_house(COUNCIL)
    counted = tiles(client.get("/board/overview"))

    assert counted["Đang chờ"][0] + sum(
        count for name, (count, _) in counted.items() if name not in ("Đang chờ", "Quá hạn")
    ) == sum(len(units) for units in found.cases.values())


@pytest.mark.parametrize(
    ("login", "query", "number"),
    [
        ("lan.tuphap", "", 16),
        ("khoitruong.k02", "", 11),
        ("chutich.ubnd", "", 38),
        (COUNCIL, "?unit=SO-YT", 11),
        (COUNCIL, "?block=K02&movement=all", 11),
        (COUNCIL, "?year=1999", 0),
        ("lan.tuphap", "?unit=SO-YT", 0),
    ],
)
def test_overview_counts_what_each_may_see(open_house, login, query, number):
    counted = tiles(open_house(login).get(f"/board/overview{query}"))

    assert sum(n for name, (n, _) in counted.items() if name != "Quá hạn") == number


def test_an_act_is_on_the_overview_at_once(app, browse, cases):
    case = cases["approve_by_unit"]["own"]
    council, head = browse(COUNCIL), browse(STEPS["approve_by_unit"])

    def figures():
        stages = rows(council.get("/board/overview"), "stages")
        return {name: (int(c[0][0]), int(c[3][0])) for name, c in stages.items()}

    before = figures()
    page = form(head.get(f"/tasks/{case.task}"))
    assert page.send(head, outcome="approve").status_code == 303
    after = figures()

    with app.app_context():
        rounds.count_history(web.db.engine)
    assert figures() == after  # counted for good, it is the same
    changed = {name: after[name] for name in after if after[name] != before[name]}
    assert changed == {
        "Đơn vị duyệt": (before["Đơn vị duyệt"][0] - 1, before["Đơn vị duyệt"][1] + 1),
        "Khối suy tôn": (before["Khối suy tôn"][0] + 1, before["Khối suy tôn"][1]),
    }


def test_numbers_behind_days_are_those_that_passed(open_house):
    client = open_house(COUNCIL)
    passed = rows(client.get("/board/overview"), "stages")["Sở phê duyệt"][3]

    assert listed(client, passed[1]) == int(passed[0]) > 0


def test_who_holds_what_is_told_to_offices_alone(open_house):
    late = "/board?status=overdue&movement=all"
    holder = "&holder=chairman"

    assert listed(open_house(COUNCIL), f"/board?movement=all{holder}") == 3
    assert listed(open_house("lan.tuphap"), f"/board?movement=all{holder}") == 16
    assert "Người giữ" not in text(open_house("lan.tuphap").get(f"{late}{holder}"))


@pytest.mark.parametrize(
    "query",
    [
        "waited=999999&year=0000&arrived=0001-01-01&ended=9999-12-31&stood=x",
        "holder=99999999999999999999&waited=-1&passed=none&year=²",
        "movement=none&block=none&unit=none&stage=none",
    ],
)
def test_addresses_that_make_no_sense_are_pages_too(open_house, query):
    for path in ("/board", "/board/overview", "/board/overview.pdf"):
        assert open_house(COUNCIL).get(f"{path}?{query}").status_code == 200


def test_report_is_one_page_and_names_no_nominee(open_house):
    client = open_house(COUNCIL)
    page = client.get("/board/overview")
    with pypdfium2.PdfDocument(client.get("/board/overview.pdf").data) as pdf:
        words = pdf[0].get_textpage().get_text_bounded()
        count, size = len(pdf), pdf[0].get_size()
    nominees = parse(page).xpath("//a[@class='row-link']/text()")

    assert (count, [round(side) for side in size]) == (1, [595, 842])
    assert "TOÀN CẢNH HỒ SƠ KHEN THƯỞNG" in words
    assert nominees
    assert not [name for name in nominees if name in words]


def test_spreadsheet_holds_the_figures_of_the_page(open_house):
    client = open_house(COUNCIL)
    page = client.get("/board/overview")
    answer = client.get(form(page, exporting(page)).send(client).headers["Location"])
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    head, *found = book.get_sheet_by_name("Bước").to_python(skip_empty_area=False)
    stages = rows(page, "stages")

    assert {row[0]: row[1] for row in found} == {
        name: float(cells[0][0]) for name, cells in stages.items()
    }
    assert head[5:7] == ["Trung vị (ngày làm việc)", "90% xong trong (ngày làm việc)"]


@pytest.mark.parametrize(
    ("took", "median", "most"),
    [
        ({}, None, None),
        ({3: 1}, 3, 3),
        ({0: 1, 9: 1}, 0, 9),
        ({1: 5, 2: 4, 30: 1}, 1, 2),
        ({1: 4, 2: 4, 30: 2}, 2, 30),
    ],
)
def test_percentiles_are_days_that_somebody_took(took, median, most):
    assert (survey.percentile(took, 0.5), survey.percentile(took, 0.9)) == (median, most)


def second_route(app):
    """Another process, which another award has, with the same steps but one."""
    xml = driving.BPMN.read_text("utf-8").replace("movement_award", "labour_order")
    xml = xml.replace('"check_by_office"', '"weigh_by_office"')
    with app.app_context(), transaction(web.db.engine) as session:
        first, second = (
            factories.actor(session, role) for role in ("process_admin", "system_admin")
        )
        row = deployments.deploy(
            session, xml.encode(), deployed_by=first.id, now=NOW - timedelta(days=1)
        )
        deployments.confirm(session, row, confirmed_by=second.id, now=NOW)
        session.add(Award(code="HC", name="Huân chương", process_key="labour_order"))


def test_heat_map_draws_the_route_on_which_most_wait_or_the_one_asked_for(app, browse):
    client = browse(COUNCIL)
    alone = parse(client.get("/board/overview"))
    second_route(app)
    page = parse(client.get("/board/overview"))
    other = parse(client.get("/board/overview?process=labour_order"))
    drawn = [one.xpath("//figure[@id='diagram']/@data-src")[0] for one in (page, other)]
    tabs = page.xpath("//nav[@aria-label='Quy trình']/a/@href")

    assert alone.xpath("//nav[@aria-label='Quy trình']") == []
    assert drawn == [
        f"/board/diagram.bpmn?process={k}" for k in ("movement_award", "labour_order")
    ]
    assert len(tabs) == len(other.xpath("//nav[@aria-label='Quy trình']/a")) == 2
    assert "weigh_by_office" in client.get(drawn[1]).text
    assert "check_by_office" in client.get(drawn[0]).text
    assert client.get("/board/diagram.bpmn?process=nothing").status_code == 404
