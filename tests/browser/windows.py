"""Windows onto the site, each with cookies of its own, and a watch on what they do."""

from pathlib import Path
from typing import Any

from lxml.html import HtmlElement, document_fromstring
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
)

# The shell does the same with two thirds of the work; where it is missing, the whole browser.
_SHELL, _WHOLE = "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"
PROGRAM = _SHELL if Path(_SHELL).exists() else _WHOLE
FLAGS = [
    "--no-sandbox",  # root has no sandbox to enter
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing gets out
]
INSIDE = ("http://127.0.0.1:", "data:", "blob:", "about:")
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 20_000  # milliseconds, for slow machines; what succeeds earlier costs none


class Visitors:
    """The windows of one test: what they asked of other machines, what they complained of.

    `remembered` holds the cookies of those who have signed in before, by login.
    """

    def __init__(self, browser: Browser, site: str, remembered: dict[str, Any]) -> None:
        self.left: list[str] = []
        self.complaints: list[str] = []
        self._browser = browser
        self._site = site
        self._remembered = remembered
        self._contexts: list[BrowserContext] = []
        self._refused: set[str] = set()

    def window(self, **options: Any) -> Page:
        """A page in a window of its own; `java_script_enabled=False` and the like."""
        context = self._browser.new_context(
            base_url=self._site, locale="vi-VN", **({"viewport": WIDE} | options)
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("request", self._note_request)
        context.on("response", self._note_refusal)
        context.on("console", self._note_console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return context.new_page()

    def sign_in(self, login: str, path: str = "/inbox", **options: Any) -> Page:
        """A page of this person, in a new window. Nobody sees the sign-in form on the way."""
        if login not in self._remembered:
            self._remembered[login] = self._cookies(login)
        page = self.window(storage_state=self._remembered[login], **options)
        page.goto(path)
        return page

    def _cookies(self, login: str) -> Any:
        """What signing in leaves behind, in the form that a new window takes."""
        context = self._browser.new_context(base_url=self._site)
        page: HtmlElement = document_fromstring(context.request.get("/login").text())
        form = page.forms[-1]
        entered = {"login": login, "password": f"vinh-danh-{login}"}
        answer = context.request.post(
            "/login", form=dict(form.fields) | entered, max_redirects=0
        )
        assert answer.status == 303
        cookies = context.storage_state()
        context.close()
        return cookies

    def use_form(self, page: Page, login: str) -> None:
        """Sign in on this page."""
        page.goto("/login")
        page.get_by_label("Tên đăng nhập").fill(login)
        page.get_by_label("Mật khẩu").fill(f"vinh-danh-{login}")
        page.locator("main").get_by_role("button", name="Đăng nhập").click()
        page.locator("details.menu").wait_for()

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(INSIDE):
            self.left.append(request.url)

    def _note_refusal(self, response: Response) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            self._refused.add(response.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        """Errors and warnings. That a page came with 404 or 422 is no complaint of it."""
        url = message.location["url"]
        if message.text.startswith("Failed to load resource") and url in self._refused:
            return
        if message.type in ("error", "warning"):
            self.complaints.append(f"{url}: {message.text}")
