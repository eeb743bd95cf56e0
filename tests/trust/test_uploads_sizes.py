"""F2 of trust.md: what is too large is refused before it is read, what is slow is cut off.

Against the real server, over loopback, with its memory measured from outside.
"""

import http.client
import io
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from app import MAX_FIELD, MAX_PARTS, MAX_REQUEST, MAX_TEXT
from awards import files
from models.papers import Attachment
from models.session import transaction
from tests import factories
from tests.client import CheckingClient, large_upload, text
from tests.trust import uploads
from views.web import db

pytestmark = pytest.mark.trust
STREAM = (
    1_000_000_000  # bytes sent in chunks without an end; trust.md names five times as much
)
MAX_GROWTH = 30 * 1024 * 1024
PATIENCE = 1.0
LITTLE = 20 * 1024 * 1024
LOGIN = "lan.tuphap"
PIECE = bytes(1024 * 1024)
FORM = {"Content-Type": "multipart/form-data; boundary=x"}
HEAD = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.pdf"\r\n\r\n'


class Served:
    """A server, and the process that answers."""

    def __init__(self, port: int, master: int) -> None:
        self.port = port
        children = Path(f"/proc/{master}/task/{master}/children")
        self._worker = int(children.read_text().split()[0])

    def memory(self) -> int:
        """The most it has ever held."""
        status = Path(f"/proc/{self._worker}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)


@contextmanager
def served(url: str, folder: Path, *broken: str) -> Iterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.trust.served", url, str(folder), str(port)]
    process = subprocess.Popen([*command, str(PATIENCE), *broken])
    try:
        wait_for(port)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError):
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            asked.request("GET", "/healthz")
            assert status(asked) == 200
            return
        time.sleep(0.05)
    message = "the server did not start"
    raise RuntimeError(message)


def declare(server: Served, size: int) -> tuple[int, int]:
    """Announce a large body and send what goes; gives the answer, and how much went."""
    asked, sent = server.connect(), 0
    asked.putrequest("POST", "/login")
    for name, value in (FORM | {"Content-Length": str(size)}).items():
        asked.putheader(name, value)
    asked.endheaders()
    try:
        asked.send(HEAD)
        asked.sock.settimeout(2)
        while sent < size:
            asked.send(PIECE)
            sent += len(PIECE)
    except OSError:
        pass  # nobody reads it
    return status(asked), sent


def stream(server: Served, size: int, cookie: str) -> int:
    """Send a body without an announced end, as somebody signed in; gives the answer."""

    def body() -> Iterator[bytes]:
        yield HEAD
        for _ in range(size // len(PIECE)):
            yield PIECE

    asked = server.connect()
    with suppress(OSError):  # cut off
        headers = FORM | {"Cookie": cookie}
        asked.request("POST", "/account/password", body(), headers, encode_chunked=True)
    return status(asked)


def sign_in(server: Served) -> str:
    """The cookie of somebody who may send files."""
    fields = urlencode({"login": LOGIN, "password": f"vinh-danh-{LOGIN}"})
    asked = server.connect()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    asked.request("POST", "/login", fields, kind)
    answer = asked.getresponse()
    assert answer.status == 303
    cookies = [
        value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie", [])
    ]
    asked.close()
    return "; ".join(cookies)


def status(asked: http.client.HTTPConnection) -> int:
    """The answer's status, or 0 where the line was cut before it could be read."""
    try:
        return asked.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        asked.close()


def growth(server: Served, act: Callable[[], Any]) -> int:
    before = server.memory()
    act()
    return server.memory() - before


def server_lives(server: Served) -> None:
    asked = server.connect()
    asked.request("GET", "/healthz")
    assert status(asked) == 200


def drip(server: Served, seconds: float) -> float:
    """Send a body byte by byte; gives after how many seconds the server had enough."""
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), 10) as line:
        line.sendall(b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n")
        line.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")
        line.settimeout(0.1)
        while time.monotonic() - begun < seconds:
            try:
                line.sendall(b"a")
                if line.recv(1) != b"?":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    return time.monotonic() - begun


def test_large_and_slow_bodies_are_cut_off(sqlite, tmp_path, size):
    with served(sqlite.copy("province"), tmp_path) as server:
        answered, sent = declare(server, 300_000_000)
        assert answered in (413, 0)
        assert sent < LITTLE  # what lies in buffers, and what is drained to be polite

        cookie, told = sign_in(server), []
        assert (
            growth(server, lambda: told.append(stream(server, size(STREAM), cookie)))
            < MAX_GROWTH
        )
        assert told[0] in ((413, 0) if size(STREAM) > MAX_REQUEST else (400, 422))

        assert PATIENCE <= drip(server, 10) < PATIENCE + 3
        server_lives(server)


def test_server_without_limits_is_seen(sqlite, tmp_path):
    with served(sqlite.copy("province"), tmp_path, "bare") as bare:
        assert drip(bare, PATIENCE + 3) >= PATIENCE + 3
        assert declare(bare, LITTLE)[1] == LITTLE


# through the pages


@pytest.fixture
def desk(app: Flask, browse: Any) -> tuple[Flask, Any, int]:
    """The application, its officer, and the first step of a nomination."""
    app.test_client_class = CheckingClient
    with app.app_context(), transaction(db.engine) as session:
        task = factories.open_task(session, factories.begin(session)).id
    return app, browse(LOGIN), task


def send(client: Any, task: int, **fields: Any) -> Any:
    with large_upload():
        return client.post(f"/tasks/{task}/draft", data=fields)


def large(content: bytes, size: int) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content + bytes(size - len(content))), f"{size}.jpg"


def test_file_may_have_25_megabytes(tmp_path):
    content, name = large(uploads.picture("JPEG"), files.MAX_BYTES)

    assert files.store(content, name, tmp_path).size == files.MAX_BYTES


def test_dossier_may_have_100_megabytes_and_no_more(desk):
    app, client, task = desk
    with app.app_context(), transaction(db.engine) as session:
        row = session.query(Attachment).first()
        row.size = files.MAX_TOGETHER - 3_000
    kept = sorted(app.config["UPLOADS"].iterdir())
    answer = send(client, task, file__sang_kien=large(uploads.picture("JPEG"), 4_000))

    assert answer.status_code == 422
    assert "cộng lại không quá 100 MB" in text(answer)
    assert sorted(app.config["UPLOADS"].iterdir()) == kept


@pytest.mark.parametrize("fields", [MAX_PARTS + 1, MAX_PARTS + 900])
def test_form_of_too_many_parts_is_refused(desk, fields):
    _app, client, task = desk
    many = {f"f{n}": "x" for n in range(fields)}

    assert send(client, task, f=(io.BytesIO(b"x"), "a.pdf"), **many).status_code == 413


@pytest.mark.parametrize(("has_file", "most"), [(False, MAX_TEXT), (True, MAX_FIELD)])
def test_text_that_is_too_long_to_read_is_refused(desk, has_file, most):
    _app, client, task = desk
    more = {"f": (io.BytesIO(b"x"), "a.pdf")} if has_file else {}

    assert send(client, task, achievements="x" * (most + 1), **more).status_code == 413


def test_stranger_brings_no_files(app):
    with large_upload():
        answer = app.test_client().post("/login", data={"f": large(b"", MAX_TEXT)})

    assert answer.status_code == 413


def test_longest_form_is_let_in(desk):
    """Every text of the first step as long as it may be, each letter of the longest."""
    _app, client, task = desk
    page = client.get(f"/tasks/{task}").get_data(as_text=True)
    names = {part.partition('"')[0] for part in page.split('name="evidence__')[1:]}
    texts = {f"evidence__{name}": "ế" * 4_000 for name in names}

    assert len(names) == 6
    answer = client.post(
        f"/tasks/{task}/draft",
        data=texts | {"achievements": "ế" * 20_000, "opinion": "ế" * 4_000},
    )
    assert answer.status_code == 303
