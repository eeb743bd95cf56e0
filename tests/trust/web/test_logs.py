"""S14 of trust.md: nobody writes a line of our log, and nothing secret stands in it."""

import io
import logging
import re
from contextlib import contextmanager
from urllib.parse import quote

import pytest

import logs
from models.session import transaction
from tests.trust.web.serving import Caller, serve
from views import web

pytestmark = pytest.mark.trust
FORGED = "2026-11-23 10:00:00,000 ERROR views.errors: incident 0000AAAA on GET /forged"
BREAKS = [
    *("\n", "\r", "\r\n", "\n\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85"),
    *("\u2028", "\u2029", "\n\n", "\r\r", "\t\n", " \n", "\n\0", "x\n", "\\n\n", "%0a\n"),
    *("\n\x1b[2K", "\x1b[1A\r", "\x1b[2J\x1b[H", "\x1bc", "\b" * 80 + "\r"),
]
ODD = [
    *(
        "\x1b[31m",
        "\x1b]0;title\x07",
        "\x1b[8m",
        "\x9b31m",
        "\x9d0;x\x9c",
        "\x1bP",
        "\x1b_",
    ),
    *("\0", "\a", "\b", "\x7f", "\x0e", "\x0f", "\u202e", "\u2066", "\u2067", "\u2068"),
    *("\u202a", "\u202b", "\u202d", "\u200e", "\u200f", "\ufeff", "\x80", "\x9f"),
]
VALUES = [mark + FORGED for mark in BREAKS + ODD]
HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
NUMBER = "079203012345"  # of an identity card, as people type it where it does not belong


@contextmanager
def written(formatter):
    """All that is logged meanwhile, as the program writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def forged(text):
    """Lines that say what nobody logged, and what a terminal would obey."""
    lines = re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text)
    return [line for line in lines if line.startswith(FORGED)] + HIDDEN.findall(text)


def fail_with(value):
    """What a module does whose work has failed on somebody's words."""
    log = logging.getLogger("tests.trust")
    try:
        int(value)
    except ValueError:
        log.exception("could not read %s", value)


def test_words_of_people_begin_no_line(size):
    assert len(VALUES) == 50
    with written(logs.Formatter()) as stream:
        for value in VALUES:
            fail_with(value)

    ours = [line for line in stream.getvalue().splitlines() if not line.startswith(" ")]
    assert forged(stream.getvalue()) == []
    assert len(ours) == len(VALUES)


def test_log_without_our_form_is_caught():
    with written(logging.Formatter("%(message)s")) as stream:
        for value in VALUES:
            fail_with(value)

    assert len(forged(stream.getvalue())) >= len(VALUES)


def lose_comments(app):
    with app.app_context(), transaction(web.db.engine) as session:
        session.connection().exec_driver_sql("ALTER TABLE comment RENAME TO lost")


def commented(app, browse, cases, value):
    """A comment that fails for want of its table."""
    lose_comments(app)
    path = f"/nominations/{cases['appraise']['own'].code}/comments"
    assert browse("tuan.noivu").post(path, data={"text": value}).status_code == 500


def test_addresses_begin_no_line_and_tell_no_token(app, browse, size):
    client = browse()
    with app.app_context(), transaction(web.db.engine) as session:
        session.connection().exec_driver_sql("ALTER TABLE password_link RENAME TO lost")
    some = [value.replace("/", "") for value in VALUES[: size(len(VALUES))]]
    with written(logs.Formatter()) as stream:
        codes = {client.get(f"/password/{quote(value)}").status_code for value in some}

    assert codes == {500}
    assert forged(stream.getvalue()) == []
    assert "incident 0000AAAA" not in stream.getvalue()
    assert stream.getvalue().count(" on GET /password/<token>\n") == len(some)


def test_what_was_to_be_kept_is_not_logged(app, browse, cases):
    with written(logs.Formatter()) as stream:
        commented(app, browse, cases, NUMBER)

    assert "INSERT INTO comment" in stream.getvalue()
    assert NUMBER not in stream.getvalue()


def test_engine_that_tells_its_parameters_is_caught(app, browse, cases):
    with app.app_context():
        web.db.engine.hide_parameters = False
    with written(logs.Formatter()) as stream:
        commented(app, browse, cases, NUMBER)
    with app.app_context():
        web.db.engine.hide_parameters = True

    assert NUMBER in stream.getvalue()


def test_server_tells_nothing_secret_of_a_whole_journey(sqlite, tmp_path):
    """A server in production, from signing in to an error, and all that it wrote meanwhile."""
    with serve(sqlite, tmp_path) as site:
        caller, secrets = Caller(site), {NUMBER}
        secrets |= journey(caller)
        site.change("ALTER TABLE comment RENAME TO lost")
        code = caller.get("/board").body.partition("/nominations/HS-")[2][:10]
        lost = caller.post(f"/nominations/HS-{code}/comments", text=NUMBER)
        for value in VALUES[::10]:
            caller.get("/" + quote(value), agent=value.replace("\n", "").replace("\r", ""))
        raw = caller.raw(b"GET /\x1b[31m HTTP/1.1\r\nHost: a\r\nX: \x1b]0;\x07\r\n\r\n")
    said = site.said()

    assert lost.status == 500
    assert b" 400 " in raw.partition(b"\n")[0]
    assert "incident" in said
    assert forged(said) == []
    assert len(secrets) >= 9
    assert {secret for secret in secrets if secret in said} == set()


def journey(caller):
    """Sign in wrongly and rightly, look, type, change the password; all that is secret in it."""
    wrong, old, new = typed = (
        "Sai-mat-khau-hoan-toan-1",
        "vinh-danh-lan.tuphap",
        "cơm nguội chan canh cua",
    )
    assert caller.sign_in("lan.tuphap", wrong).status == 422
    assert caller.sign_in("lan.tuphap", old).status == 303
    begun = caller.post(
        "/nominations/new",
        movement="VHCS-2025",
        unit="SO-TP",
        nominee_kind="individual",
        nominee_name=f"Nguyễn Văn An {NUMBER}",
        award="BKT",
    )
    assert begun.status == 303
    step = begun.headers["Location"]
    assert caller.get(step).status == 200
    assert caller.post(f"{step}/draft", achievements=NUMBER).status in (200, 303)
    fields = {"old": old, "password": new, "again": new}
    assert caller.post("/account/password", **fields).status == 303
    assert caller.get("/password/a-token-that-was-handed-out").status == 410
    assert caller.get("/none").status == 404
    return {*typed, *caller.held, "a-token-that-was-handed-out"}
