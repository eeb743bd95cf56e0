"""The page about the letter's questions: every figure leads to its list, and goes out as xlsx."""

import io

import pytest
from python_calamine import CalamineWorkbook

from awards.quality import QUESTIONS
from tests.client import form, parse, text

COUNCIL = "hoidong"


def links(page):
    return {
        href
        for href in parse(page).xpath("//main//table//a/@href")
        if not href.startswith("#")
    }


@pytest.mark.parametrize("key", QUESTIONS)
def test_every_figure_leads_to_its_list(open_house, key):
    council = open_house(COUNCIL)

    page = council.get(f"/quality/{key}")

    assert page.status_code == 200
    for link in sorted(links(page))[:6]:
        assert council.get(link).status_code == 200, link


def test_all_questions_stand_on_one_page(open_house):
    page = open_house(COUNCIL).get("/quality?year=2026&on=01/02/2026")

    assert {f"{key}-title" for key in QUESTIONS} <= set(parse(page).xpath("//h2/@id"))
    assert "tính đến 01/02/2026" in text(page)


@pytest.mark.parametrize(
    "query", ["year=abc", "year=9999", "on=31/02/2026", "movement=no", "group=%00"]
)
def test_address_that_makes_no_sense_is_answered(open_house, query):
    for path in ("/quality", "/quality/activity"):
        assert open_house(COUNCIL).get(f"{path}?{query}").status_code == 200


def test_answers_go_out_as_a_workbook(browse):
    council = browse(COUNCIL)
    page = council.get("/quality?year=2026")

    answer = form(page, "/exports/quality?year=2026").send(council)
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(council.get(answer.headers["Location"]).data)
    )

    assert len(book.sheet_names) == 2 + 2 * len(QUESTIONS)
    first, *rows = book.get_sheet_by_name("Trả lời").to_python()
    assert first == ["Câu hỏi", "Công văn 3304/UBND-NC", "Trả lời"]
    assert [row[0] for row in rows] == [one.title for one in QUESTIONS.values()]
    assert all("%" not in row[2].replace(" %", "") for row in rows)
