"""The auditor's workspace: events narrowed, patterns, who read what, samples."""

import pytest

PAGES = ("/history/events", "/history/patterns", "/history/readers", "/history/samples")


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_for_those_who_audit_alone(house, path):
    assert house.browser("thanhtra").get(path).status_code == 200
    assert house.browser("quantri.quytrinh").get(path).status_code == 200
    assert house.browser("hoidong").get(path).status_code == 404
