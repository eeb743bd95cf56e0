"""The pages of certificates: places on the blank, and the book of a decision."""

import pypdfium2
import pytest

from awards.certificates import layouts
from models.session import reading
from tests.client import form, parse, text
from views.web import db

ADMIN, CLERK, CHAIRMAN = "quantri.hethong", "oanh.vanthu", "chutich.ubnd"
PLACES = "/awards/1/certificate"


def pages(answer):
    return [
        " ".join(page.get_textpage().get_text_range().split())
        for page in pypdfium2.PdfDocument(answer.get_data())
    ]


@pytest.fixture
def decision(cases):
    return cases["awarded"]["own"].decision


def test_places_are_set_and_the_test_page_shows_them(app, browse):
    admin = browse(ADMIN)
    assert parse(admin.get("/awards/1")).xpath(f"//a[@href='{PLACES}']")

    answer = form(admin.get(PLACES), PLACES).send(
        admin, page="a4", shift_x="-2", name_x="20", name_y="100", name_width="250"
    )
    assert answer.status_code == 422  # other texts stand where an A3 sheet has room
    changes = {
        f"{name}_{part}": str(getattr(block, part))
        for name, block in layouts.STANDARD["a4"].blocks.items()
        for part in ("x", "y", "width", "size")
    }
    answer = form(admin.get(PLACES), PLACES).send(
        admin, **changes | {"page": "a4", "shift_x": "-2", "name_y": "101"}
    )

    assert answer.status_code == 303
    with app.app_context(), reading(db.engine) as session:
        kept = layouts.of_award(session, 1)
    assert (kept.page, kept.shift_x, kept.blocks["name"].y) == ("a4", -2, 101)
    (sheet,) = pages(admin.get(f"{PLACES}.pdf"))
    assert "Tên được khen: trái 33, trên 101, rộng 227 mm, cỡ 26" in sheet


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name_x": ""}, "Ghi số."),
        ({"name_x": "1,5"}, "Ghi một số nguyên."),
        ({"name_x": "421"}, "Ghi số từ 0 đến 420."),
        ({"name_x": "300"}, "“Tên được khen” ra ngoài trang giấy."),
        ({"book_size": "3"}, "Cỡ chữ từ 6, hoặc 0 nếu không in."),
        ({"shift_y": "31"}, "Ghi số từ -30 đến 30."),
        ({"page": "a5"}, "Lựa chọn này không có."),
    ],
)
def test_place_that_cannot_be_says_why(browse, changes, sentence):
    admin = browse(ADMIN)

    answer = form(admin.get(PLACES), PLACES).send(admin, **changes)

    assert answer.status_code == 422
    assert sentence in text(answer)


def test_certificates_are_numbered_once_and_printed(browse, decision):
    clerk, path = browse(CLERK), f"/decisions/{decision}/certificates"
    first = clerk.get(path)
    early = clerk.get(f"{path}.pdf")
    assert early.status_code == 303
    assert "Chưa có bằng nào để in" in text(clerk.get(early.location))

    for _ in range(2):
        assert form(first, path).send(clerk).status_code == 303
    page = clerk.get(path)
    one = parse(page).xpath("//a[contains(@href, 'certificates.pdf?of=')]/@href")

    assert "0001/2026" in text(page)
    assert "Vào sổ 1 bằng" not in text(page)
    assert [
        "Số vào sổ: 0001/2026" in words for words in pages(clerk.get(f"{path}.pdf"))
    ] == [True]
    assert pages(clerk.get(one[0])) == pages(clerk.get(f"{path}.pdf"))
    assert clerk.get(f"{path}.pdf?of=999").status_code == 303


def test_who_only_looks_is_offered_no_numbering(browse, decision):
    page = browse(CHAIRMAN).get(f"/decisions/{decision}/certificates")

    assert page.status_code == 200
    assert parse(page).xpath("//form[contains(@action, '/certificates')]") == []
