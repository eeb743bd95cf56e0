"""An itemised return, answered item by item; what differs between two versions of a dossier."""

from tests.client import form, parse, text

OFFICER, CLERK, LEAD = "lan.tuphap", "nga.noivu", "khoitruong.k01"


def back_with_answers(browse, cases, **answers):
    """The unit sends the itemised nomination again, with a longer account of what was done."""
    officer = browse(OFFICER)
    page = officer.get(f"/tasks/{cases['itemised']['own'].task}")
    entered = {"outcome": "approve", "achievements": "Đúng hạn 98,4%.", **answers}
    return form(page).send(officer, **entered), page


def items(page):
    return parse(page).xpath("//section[@id='answers']//label/text()")


def test_every_item_of_a_return_needs_an_answer(browse, cases):
    answer, page = back_with_answers(browse, cases)
    asked = items(page)

    assert asked
    assert answer.status_code == 422
    assert text(answer).count("Trả lời mục này: đã bổ sung gì, ở đâu.") >= len(asked)


def test_next_reviewer_sees_items_answers_and_what_changed_side_by_side(browse, cases):
    _refused, page = back_with_answers(browse, cases)
    said = {f"answer__{n}": f"Đã bổ sung ở trang {n + 2}." for n in range(len(items(page)))}
    answer, _page = back_with_answers(browse, cases, **said)
    assert answer.status_code == 303
    code = cases["itemised"]["own"].code
    head = browse("quang.tuphap")
    step = head.get(f"/nominations/{code}")
    task = parse(step).xpath("string(//a[text()='Xử lý']/@href)")

    seen = head.get(task)

    shown = parse(seen).xpath("//section[@id='answered']//li")
    assert [" ".join(li.text_content().split()) for li in shown] == [
        f"{item}{said[f'answer__{n}']}" for n, item in enumerate(items(page))
    ]
    row = parse(seen).xpath("//section[@id='changes']//tr[th='Tóm tắt thành tích']/td")
    assert row[1].text_content().strip() == "Đúng hạn 98,4%."
    assert row[0].text_content().strip() not in ("", "–", "Đúng hạn 98,4%.")


def test_versions_are_kept_and_any_two_are_compared(browse, cases):
    code = cases["answered"]["own"].code
    client = browse(OFFICER)
    assert f"/nominations/{code}/versions" in client.get(f"/nominations/{code}").text

    page = client.get(f"/nominations/{code}/versions?before=1&after=2")
    same = client.get(f"/nominations/{code}/versions?before=2&after=2")

    assert len(parse(page).xpath("//table[@class='rows']/tbody/tr")) == 2
    assert "Tóm tắt thành tích" in parse(page).xpath("//table[@class='changes']//th/text()")
    assert "Hai bản này không khác nhau." in text(same)
    assert client.get(f"/nominations/{code}/versions?before=9&after=x").status_code == 200
    assert browse("duc.vangiang").get(f"/nominations/{code}/versions").status_code == 404


def test_answers_are_given_anew_for_every_return(browse, cases):
    _refused, page = back_with_answers(browse, cases)
    said = {f"answer__{n}": "Đã bổ sung." for n in range(len(items(page)))}
    back_with_answers(browse, cases, **said)
    head = browse("quang.tuphap")
    code = cases["itemised"]["own"].code
    task = parse(head.get(f"/nominations/{code}")).xpath(
        "string(//a[text()='Xử lý']/@href)"
    )
    form(head.get(task)).send(head, outcome="return", reason="Xem lại số liệu.")

    officer = browse(OFFICER)
    again = parse(officer.get(f"/nominations/{code}")).xpath(
        "string(//a[text()='Xử lý']/@href)"
    )

    assert items(officer.get(again)) == []
