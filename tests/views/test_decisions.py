"""Issued decisions."""

import pytest


def test_decision_is_a_pdf_shown_in_the_browser(open_house, found):
    answer = open_house("lan.tuphap").get(
        f"/decisions/{found.cases['awarded']['own'].decision}.pdf"
    )

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("inline; filename")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "number", ["0", "-1", "99999", "9" * 19, "9" * 30, "9" * 4_000, "x", "%00"]
)
def test_decision_number_that_is_none_answers_404(open_house, number):
    assert open_house("hoidong").get(f"/decisions/{number}.pdf").status_code == 404
