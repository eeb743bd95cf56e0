"""Signing in at a provider as a person does it: link the account, come back by the button."""

import threading
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from sqlalchemy import make_url
from werkzeug.serving import WSGIRequestHandler, make_server

import app as application
from settings import Settings
from tests import provider as local
from tests.browser.looking import problems
from tests.browser.windows import House, Visitors
from tests.conftest import SECRET
from views import web

LOGIN = "lan.tuphap"


class Quiet(WSGIRequestHandler):
    def log_request(self, *_):
        """Nobody reads it."""


@pytest.fixture
def provider():
    with local.served() as found:
        found.add("lan")
        yield found


@pytest.fixture
def address(sqlite, tmp_path, provider):
    """A province of its own that is registered at the provider."""
    plain = Settings(
        make_url(sqlite.copy("province")), SECRET, 8000, tmp_path, is_demo=True
    )
    made = application.create_app(replace(plain, provider=provider.settings()))
    server = make_server("127.0.0.1", 0, made, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    with made.app_context():
        web.db.engine.dispose()


@pytest.fixture
def visitor(chromium, address):
    with chromium.at_work():
        visitors = Visitors(House(chromium.browser, address))
        yield visitors
        visitors.close()
        for page in visitors._house.spare:
            page.context.close()
    assert visitors.left == []
    assert visitors.complaints == []


def press(page, name):
    page.locator("main").get_by_role("button", name=name).click()


def agree(page, provider):
    """What the provider asks."""
    page.wait_for_url(f"{provider.issuer}/authorize**")
    page.get_by_label("Tài khoản").fill("lan")
    page.get_by_role("button", name="Đồng ý").click()


def test_account_is_linked_and_signed_in_to(visitor, provider, address):
    page = visitor.window()
    visitor.use_form(page, LOGIN)
    page.goto("/account")
    press(page, "Gắn tài khoản")
    agree(page, provider)
    expect(page.locator("main")).to_contain_text("Đã gắn với lan@tinh.example.vn")
    assert problems(page) == []
    page.context.clear_cookies()

    page.goto("/nominations")
    page.wait_for_url(f"{address}/login?next=/nominations**")
    assert problems(page) == []
    press(page, "Đăng nhập bằng Cổng đăng nhập tỉnh")
    agree(page, provider)

    page.wait_for_url(f"{address}/nominations")
    expect(page.locator("details.menu summary")).to_contain_text("Trần Thị Lan")
