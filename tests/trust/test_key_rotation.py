"""O2 of trust.md: a new key puts nobody out, spoils no open form, and forgets no device."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import make_url

import app as application
from awards import second_factors
from models.session import transaction
from settings import Settings
from tests import factories
from tests.conftest import NOW, SECRET
from views import devices, web

pytestmark = pytest.mark.trust
SESSIONS = 500
NEW = "another secret for tests, as long as the first"
LOGIN = "lan.tuphap"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def serve(url, folder, key, *old):
    chosen = Settings(
        make_url(url), key, 8000, folder, is_demo=True, old_secret_keys=tuple(old)
    )
    made = application.create_app(chosen)
    made.testing = True
    return made


@pytest.fixture
def url(sqlite):
    return sqlite.copy("province")


def signed_in(app):
    """A browser with a session, and the token of the form that is open in it."""
    client = app.test_client()
    token = TOKEN.search(client.get("/login").text)[1]
    fields = {"login": LOGIN, "password": f"vinh-danh-{LOGIN}", "csrf_token": token}
    assert client.post("/login", data=fields).status_code == 303
    return client, TOKEN.search(client.get("/inbox").text)[1]


def carried_over(client, app):
    """The same browser, in front of the server that was started anew."""
    other = app.test_client()
    for name in ("session", "device"):
        cookie = client.get_cookie(name)
        other.set_cookie(name, cookie.value)
    return other


def put_out(browsers, app):
    """How many of them were signed out, could not send their form, or are strangers now."""
    found = {"signed out": 0, "form refused": 0, "stranger": 0}
    for client, token in browsers:
        other = carried_over(client, app)
        found["signed out"] += other.get("/inbox").status_code != 200
        sent = {"language": "vi", "csrf_token": token}
        found["form refused"] += other.post("/language", data=sent).status_code != 303
        cookie = other.get_cookie("device").value
        with app.test_request_context(headers={"Cookie": f"device={cookie}"}):
            found["stranger"] += devices.known_as(LOGIN) == ""
        found["signed out"] += other.get("/inbox").status_code != 200
    return found


def close(*apps):
    for app in apps:
        with app.app_context():
            web.db.session.close()
            web.db.engine.dispose()


def test_new_key_puts_nobody_out(url, tmp_path, size):
    before = serve(url, tmp_path, SECRET)
    browsers = [signed_in(before) for _ in range(size(SESSIONS))]

    after = serve(url, tmp_path, NEW, SECRET)

    assert put_out(browsers, after) == {"signed out": 0, "form refused": 0, "stranger": 0}
    close(before, after)


def test_new_key_without_the_old_one_is_caught(url, tmp_path):
    before = serve(url, tmp_path, SECRET)
    browsers = [signed_in(before)]
    after = serve(url, tmp_path, NEW)

    assert put_out(browsers, after) == {"signed out": 2, "form refused": 1, "stranger": 1}
    close(before, after)


def test_forms_that_do_not_know_the_old_key_are_caught(url, tmp_path):
    before = serve(url, tmp_path, SECRET)
    browsers = [signed_in(before)]
    after = serve(url, tmp_path, NEW, SECRET)
    after.config["WTF_CSRF_SECRET_KEY"] = NEW

    assert put_out(browsers, after)["form refused"] == 1
    close(before, after)


@pytest.mark.parametrize("old_keys", [(SECRET,), ()], ids=["kept", "dropped"])
def test_device_enrolled_under_the_old_key_opens_while_that_is_kept(province, old_keys):
    salt = second_factors.fresh_salt()
    with transaction(province) as session:
        person = factories.actor(session, "chairman").id
        totp = pyotp.TOTP(second_factors.secret(SECRET, person, salt))
        second_factors.enrol(session, person, salt, totp.at(NOW), key=SECRET, now=NOW)
        later = NOW + timedelta(minutes=5)

        is_right = second_factors.check(
            session, person, totp.at(later), key=NEW, now=later, old_keys=old_keys
        )

    assert is_right == bool(old_keys)
