"""What another site has made a browser send is refused; hosts that are not ours as well."""

import pytest

from tests.trust.web.test_csrf import UNSAFE, address, signed_in
from tests.views.conftest import nothing_written

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
]
OURS = [
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost"},
    {},
]


@pytest.mark.parametrize("path", UNSAFE)
def test_request_of_another_site_is_refused_with_our_token_too(app, found, path):
    client = signed_in(app)
    app.config["WTF_CSRF_ENABLED"] = False  # not the token is looked at here

    with nothing_written(app):
        answers = [
            client.post(address(found, path), headers=headers).status_code
            for headers in FOREIGN
        ]

    assert answers == [400] * len(FOREIGN)


@pytest.mark.parametrize("headers", OURS)
def test_our_own_requests_go_through(browse, headers):
    assert browse("lan.tuphap").post("/logout", headers=headers).status_code == 303


@pytest.mark.parametrize("headers", FOREIGN)
def test_looking_is_free_from_everywhere(browse, headers):
    assert browse().get("/login", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.2", ""]
)
def test_host_that_is_not_ours_is_refused(browse, host):
    assert browse().get("/login", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000"])
def test_host_that_is_ours_is_answered(browse, host):
    assert browse().get("/login", headers={"Host": host}).status_code == 200
