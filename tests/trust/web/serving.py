"""The real server in production, as it stands behind a proxy, and somebody who calls it."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import lxml.html

from settings import HERE
from tests.conftest import Databases
from views import web

HOST = "khenthuong.example.vn"
_KEY = "0123456789abcdef" * 2
_START = 60  # seconds, on a machine that is busy


@dataclass(frozen=True)
class Site:
    """A server on a copy of the province, its folder and what it has said."""

    port: int
    folder: Path

    def change(self, statement: str) -> None:
        """Change its database behind its back."""
        with closing(web.SQLITE_DRIVER.connect(self.folder / "site.sqlite")) as connection:
            connection.execute(statement)
            connection.commit()

    def said(self) -> str:
        """All that was written to its outputs and into logs beside its database."""
        files = [self.folder / "said", *(self.folder / "instance").rglob("*.log")]
        return "".join(path.read_text(errors="surrogateescape") for path in files)


@contextmanager
def serve(databases: Databases, folder: Path) -> Iterator[Site]:
    """Serve a copy of the province; the server ends with the block."""
    shutil.copyfile(databases.folder / "province.sqlite", folder / "site.sqlite")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        site = Site(free.getsockname()[1], folder)
    environ = os.environ | {
        "VINH_DANH_MODE": "production",
        "SECRET_KEY": _KEY,
        "VINH_DANH_HOSTS": HOST,
        "INSTANCE_FOLDER": str(folder / "instance"),
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite'}",
        "PORT": str(site.port),
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
    with (folder / "said").open("wb") as said:
        server = subprocess.Popen(
            command, cwd=HERE, env=environ, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(site, server)
            yield site
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(site: Site, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", site.port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(site.said())


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str


@dataclass
class Caller:
    """A browser behind the proxy that ends https. `held` are the cookies and tokens it ever had."""

    site: Site
    held: set[str] = field(default_factory=set)
    _cookies: dict[str, str] = field(default_factory=dict)
    _token: str = ""

    def get(self, path: str, agent: str = "") -> Answer:
        return self._ask("GET", path, agent=agent)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form, with the token of the last page."""
        return self._ask("POST", path, urlencode(fields | {"csrf_token": self._token}))

    def sign_in(self, login: str, password: str) -> Answer:
        self.get("/login")
        answer = self.post("/login", login=login, password=password)
        self.get("/account")
        return answer

    def raw(self, sent: bytes) -> bytes:
        """Send these bytes and give back all that comes until the server hangs up."""
        with socket.create_connection(("127.0.0.1", self.site.port), 10) as line:
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: line.recv(65_536), b""))

    def _ask(self, method: str, path: str, body: str = "", agent: str = "") -> Answer:
        headers = {
            "Host": HOST,
            "X-Forwarded-For": "10.9.8.7",
            "X-Forwarded-Proto": "https",
            "Referer": f"https://{HOST}{path if path.isascii() else '/'}",
            "Cookie": "; ".join(f"{n}={v}" for n, v in self._cookies.items()),
            "User-Agent": agent.encode("ascii", "replace").decode(),
        }
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(
            http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)
        ) as line:
            line.request(method, path, body or None, headers)
            got = line.getresponse()
            answer = Answer(got.status, got.headers, got.read().decode(errors="replace"))
        self._keep(answer)
        return answer

    def _keep(self, answer: Answer) -> None:
        for text in answer.headers.get_all("Set-Cookie", []):
            for name, cookie in SimpleCookie(text).items():
                self._cookies[name] = cookie.value
                self.held.add(cookie.value)
        if "csrf_token" in answer.body:
            page = lxml.html.document_fromstring(answer.body)
            self._token = str(page.xpath("string(//input[@name='csrf_token']/@value)"))
            self.held.add(self._token)
