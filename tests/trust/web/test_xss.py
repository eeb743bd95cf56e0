"""S9 of trust.md: what people type is shown as text, letter for letter, on its way through."""

import io

import pytest
import xlsxwriter

from tests.client import form, parse
from tests.trust.web.payloads import PLAIN
from tests.views.answers import GOOD, TEXTS, open_step
from tests.views.test_imports import TITLES, row, upload

pytestmark = pytest.mark.trust
FIRST, *OTHERS = [PLAIN[n : n + 5] for n in range(0, 20, 5)]
TOGETHER = [FIRST, *(pytest.param(some, marks=pytest.mark.full) for some in OTHERS)]


def shape(page):
    """Elements with the names of their attributes; the lengths of lists left out."""
    tree = parse(page)
    bad = tree.xpath(
        "//zzz | //script[not(@src)] | //*[@onerror or @onload or @onmouseover]"
    )
    sent = tree.xpath("//*[starts-with(@hx-get, '/zzz') or starts-with(@href, '/zzz')]")
    links = tree.xpath("//a[starts-with(@href, 'javascript')]")
    return [element.tag for element in [*bad, *sent, *links]]


def shown(page, payloads):
    """Whether the payloads stand on the page letter for letter, as text or in a field."""
    tree = parse(page)
    texts = [tree.text_content(), *tree.xpath("//@value"), *tree.xpath("//textarea/text()")]
    return all(any(payload in found for found in texts) for payload in payloads)


@pytest.mark.parametrize("payloads", TOGETHER)
def test_what_a_unit_types_is_text_on_every_page(browse, cases, payloads):
    payload = " ".join(payloads)
    client, page = open_step(browse, cases, "prepare_nomination")
    names = {*TEXTS["prepare_nomination"]} - {"honorific", "reason"}
    words = dict.fromkeys(names, payload)
    client.post(f"{page.action}/draft", data=words | {"reason": payload})
    draft = client.get(page.action)
    wrong = page.send(client, **words | {"outcome": "bogus", "reason": payload})
    assert page.send(client, **GOOD["prepare_nomination"] | words).status_code == 303
    code = cases["prepare_nomination"]["own"].code
    head = browse("quang.tuphap")
    task = parse(head.get(f"/nominations/{code}")).xpath(
        "string(//a[text()='Xử lý']/@href)"
    )
    comment = {"text": payload}
    head.post(f"/nominations/{code}/comments", data=comment)
    ask = form(head.get(task)).send(head, outcome="withdraw", reason=payload)
    form(ask, task).send(head, confirmed="1")
    auditor = browse("thanhtra")
    pages = [
        draft,
        wrong,
        ask,
        head.get(task),
        head.get("/inbox?tab=done"),
        head.get("/board", query_string={"q": payload, "unit": payload, "stage": payload}),
        head.get("/nominations"),
        head.get(f"/nominations/{code}"),
        auditor.get(f"/nominations/{code}"),
        auditor.get(f"/nominations/{code}/history"),
        auditor.get("/history", query_string={"q": payload}),
        head.get("/" + payload.replace("/", "")),
    ]

    assert [shape(found) for found in pages] == [[]] * len(pages)
    assert [shown(found, payloads) for found in pages[:5]] == [True] * 5
    assert shown(pages[7], payloads)


@pytest.mark.parametrize("payloads", TOGETHER)
def test_what_reviewers_type_is_text_for_the_next(browse, cases, payloads):
    payload = " ".join(payloads)
    client, page = open_step(browse, cases, "appraise")
    words = dict.fromkeys(TEXTS["appraise"], payload)
    wrong = page.send(client, **GOOD["appraise"] | words | {"outcome": "bogus"})
    sent = page.send(
        client,
        **GOOD["appraise"] | words | {"outcome": "return", "supplement_by": "31/12/2199"},
    )
    code = cases["appraise"]["own"].code
    officer = browse("lan.tuphap")
    told = officer.get(f"/nominations/{code}")
    step = officer.get(parse(told).xpath("string(//a[text()='Xử lý']/@href)"))

    assert sent.status_code == 303
    assert [shape(found) for found in (wrong, told, step)] == [[]] * 3
    assert [shown(found, payloads) for found in (wrong, told, step)] == [True] * 3


@pytest.mark.parametrize("payloads", TOGETHER)
def test_what_a_spreadsheet_holds_is_text_in_the_preview(browse, payloads):
    payload = " ".join(payloads)
    client = browse("lan.tuphap")
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, cells in enumerate(
            [TITLES, row(payload, done=payload), row(unit=payload, award=payload)]
        ):
            for column, cell in enumerate(cells):
                page.write_string(number, column, str(cell))
    name = payload.replace("/", "").replace('"', "").replace("\\", "") + ".xlsx"
    preview = client.get(upload(client, content.getvalue(), name).headers["Location"])

    assert shape(preview) == []
    assert shape(client.get("/imports")) == []
    assert shown(preview, payloads)


@pytest.mark.parametrize("payloads", TOGETHER)
def test_what_a_stranger_types_is_text_on_the_sign_in_page(browse, payloads):
    payload = " ".join(payloads)
    client = browse()
    answer = client.post(
        "/login", data={"login": payload, "password": payload, "next": payload}
    )
    asked = client.get("/login", query_string={"next": payload})

    assert shape(answer) == shape(asked) == []
