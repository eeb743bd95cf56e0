"""Windows onto the site, each with cookies of its own, and a watch on what they do."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml.html import HtmlElement, document_fromstring
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Response,
    WebError,
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


@dataclass(frozen=True)
class House:
    """What the tests of a worker share: one site, one browser, and what saves them time.

    `cookies` are those of people who have signed in before, by login. `spare` windows are empty
    and nobody's: to open another takes as long as to load four pages.
    """

    browser: Browser
    site: str
    cookies: dict[str, Any] = field(default_factory=dict)
    spare: list[Page] = field(default_factory=list)


class Visitors:
    """The windows of one test: what they asked of other machines, what they complained of."""

    def __init__(self, house: House) -> None:
        self.left: list[str] = []
        self.complaints: list[str] = []
        self._house = house
        self._pages: list[Page] = []
        self._odd: list[Page] = []
        self._refused: set[str] = set()
        self._watch = {
            "request": self._note_request,
            "response": self._note_refusal,
            "console": self._note_console,
            "weberror": self._note_error,
        }

    def window(self, **options: Any) -> Page:
        """A page in a window of its own; `java_script_enabled=False` and the like."""
        spare = self._house.spare
        page = spare.pop() if spare and not options else self._open(options)
        (self._odd if options else self._pages).append(page)
        for event, note in self._watch.items():
            page.context.on(event, note)  # type: ignore[call-overload] # one overload each
        return page

    def _open(self, options: dict[str, Any]) -> Page:
        context = self._house.browser.new_context(
            base_url=self._house.site, locale="vi-VN", **({"viewport": WIDE} | options)
        )
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    def sign_in(self, login: str, path: str = "/inbox", **options: Any) -> Page:
        """A page of this person, in a new window. Nobody sees the sign-in form on the way."""
        if login not in self._house.cookies:
            self._house.cookies[login] = self._cookies(login)
        page = self.window(**options)
        page.context.add_cookies(self._house.cookies[login])
        page.goto(path)
        return page

    def _cookies(self, login: str) -> Any:
        """What signing in leaves behind, in the form that a new window takes."""
        context = self._house.browser.new_context(base_url=self._house.site)
        page: HtmlElement = document_fromstring(context.request.get("/login").text())
        form = page.forms[-1]
        entered = {"login": login, "password": f"vinh-danh-{login}"}
        answer = context.request.post(
            "/login", form=dict(form.fields) | entered, max_redirects=0
        )
        assert answer.status == 303
        cookies = context.cookies()
        context.close()
        return cookies

    def use_form(self, page: Page, login: str) -> None:
        """Sign in on this page."""
        page.goto("/login")
        page.get_by_label("Tên đăng nhập").fill(login)
        page.get_by_label("Mật khẩu").fill(f"vinh-danh-{login}")
        page.locator("main").get_by_role("button", name="Đăng nhập", exact=True).click()
        page.locator("details.menu").wait_for()

    def close(self) -> None:
        """Leave every window: as if it had never been used, or closed."""
        for page in self._pages + self._odd:
            for event, note in self._watch.items():
                page.context.remove_listener(event, note)
            if page in self._odd or page.context.pages != [page]:
                page.context.close()
            else:
                self._empty(page)
                self._house.spare.append(page)

    def _empty(self, page: Page) -> None:
        """Forget who was here and what they typed, and keep the style sheets."""
        page.context.set_offline(True)  # words not sent yet stay unsent
        page.goto("about:blank")
        page.context.set_offline(False)
        page.set_viewport_size(WIDE)  # type: ignore[arg-type] # a dict is a size
        tools = page.context.new_cdp_session(page)
        kept = {"origin": self._house.site, "storageTypes": "cookies,local_storage"}
        tools.send("Storage.clearDataForOrigin", kept)
        tools.detach()

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(INSIDE):
            self.left.append(request.url)

    def _note_refusal(self, response: Response) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            self._refused.add(response.url)

    def _note_error(self, error: WebError) -> None:
        self.complaints.append(str(error.error))

    def _note_console(self, message: ConsoleMessage) -> None:
        """Errors and warnings. That a page came with 404 or 422 is no complaint of it."""
        url = message.location["url"]
        if message.text.startswith("Failed to load resource") and url in self._refused:
            return
        if message.type in ("error", "warning"):
            self.complaints.append(f"{url}: {message.text}")
