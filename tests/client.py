"""A client that checks every page it gets and fills forms in, a browser without scripts."""

import gc
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import lxml.html
from flask.testing import FlaskClient
from lxml.html import HtmlElement
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

LABELLED = {"input", "select", "textarea", "progress", "button", "meter", "output"}
NEED_NO_LABEL = {"hidden", "submit", "button", "reset", "image"}


def parse(response: TestResponse) -> HtmlElement:
    """The page as a tree."""
    return lxml.html.document_fromstring(
        response.get_data(as_text=True).replace("\0", "\ufffd")
    )


def text(response: TestResponse) -> str:
    """What a reader sees, blanks made one."""
    return " ".join(parse(response).text_content().split())


def heading(response: TestResponse) -> str:
    """What the page is called."""
    return " ".join(parse(response).xpath("string(//h1)").split())


def faults(page: HtmlElement, *, is_whole: bool) -> list[str]:
    """What is wrong with a page, in words; nothing if it is sound."""
    ids = page.xpath("//@id")
    found = [
        f"id {name!r} stands twice" for name in sorted({i for i in ids if ids.count(i) > 1})
    ]
    found += [f"label for {name!r} has no control" for name in _lost_labels(page)]
    found += [f"control {name!r} has no label" for name in _bare_controls(page)]
    found += [
        f"{name!r} is named and not there" for name in _lost_references(page, set(ids))
    ]
    found += [f"script or style within the page: {name}" for name in _inline(page)]
    if page.xpath("//img[not(@alt)]"):
        found.append("a picture without alt")
    if is_whole:
        headings, titles = page.xpath("//h1"), page.xpath("//head/title")
        if len(headings) != 1 or not headings[0].text_content().strip():
            found.append(f"{len(headings)} main headings, or an empty one")
        if len(titles) != 1 or not titles[0].text_content().strip(" ·\n"):
            found.append("no title")
        if page.get("lang") not in ("vi", "en"):
            found.append("no language")
    return found


def _lost_labels(page: HtmlElement) -> list[str]:
    controls = {e.get("id") for e in page.iter(*LABELLED) if e.get("type") != "hidden"}
    return [
        label.get("for", "")
        for label in page.iter("label")
        if label.get("for") not in controls and not list(label.iter(*LABELLED - {"label"}))
    ]


def _bare_controls(page: HtmlElement) -> list[str]:
    named = {label.get("for") for label in page.iter("label")}
    return [
        control.get("name") or control.get("id") or control.tag
        for control in page.iter("input", "select", "textarea")
        if control.get("type") not in NEED_NO_LABEL
        and control.get("id") not in named
        and not control.get("aria-label")
        and not list(control.iterancestors("label"))
    ]


def _lost_references(page: HtmlElement, ids: set[str]) -> list[str]:
    named = page.xpath("//@aria-describedby | //@aria-labelledby | //button/@form")
    inside = [
        href[1:] for href in page.xpath("//a/@href") if href.startswith("#") and href[1:]
    ]
    return sorted({name for names in named for name in names.split()} - ids) + [
        name for name in inside if name not in ids
    ]


def _inline(page: HtmlElement) -> list[str]:
    handlers = [
        f"{element.tag} {name}"
        for element in page.iter()
        if isinstance(element.tag, str)
        for name in element.attrib
        if name.startswith("on") or name == "style"
    ]
    scripts = ["script" for script in page.iter("script") if not script.get("src")]
    return handlers + scripts + ["style" for _ in page.iter("style")]


class CheckingClient(FlaskClient):
    """Fails at the first page that is no sound HTML."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **{"buffered": True} | kwargs)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            body = response.get_data(as_text=True)
            if not body.strip():  # HEAD, or a fragment with nothing to say
                return response
            is_whole = body.lstrip().startswith("<!doctype html>")
            wrong = faults(parse(response), is_whole=is_whole)
            assert wrong == [], (
                f"{response.request.method} {response.request.path}: {wrong}"
            )
        return response


@contextmanager
def large_upload() -> Iterator[None]:
    """Around a request whose files go through the disk: Flask leaves closing to the collector."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


@dataclass
class Form:
    """A form of a page with what stands in it, ready to be changed and sent."""

    action: str
    fields: MultiDict[str, Any]
    choices: dict[str, list[str]]

    def send(self, client: FlaskClient, *, to: str = "", **changes: Any) -> TestResponse:
        """Send it with these changes; None leaves a field out, a list repeats it."""
        fields = self.fields.copy()
        for name, value in changes.items():
            if value is None:
                fields.poplist(name)
            elif isinstance(value, list):
                fields.setlist(name, value)
            else:
                fields[name] = value
        return client.post(self.action + to, data=fields)


def form(response: TestResponse, action: str = "") -> Form:
    """The form of the page that goes to this address (or the page's step form)."""
    page = parse(response)
    where = (
        f"//form[@action='{action}' and @method='post']"
        if action
        else "//form[@id='step-form']"
    )
    found = page.xpath(where)[0]
    fields: MultiDict[str, Any] = MultiDict()
    choices: dict[str, list[str]] = {}
    for control in found.xpath(".//input | .//select | .//textarea"):
        kind, name = control.get("type", control.tag), control.get("name")
        if kind in ("radio", "checkbox"):
            choices.setdefault(name, []).append(control.get("value"))
            if control.get("checked") is None:
                continue
        if kind == "file" or name is None:
            continue
        if control.tag == "select":
            options = control.xpath(".//option")
            choices[name] = [option.get("value") for option in options]
            chosen = [option for option in options if option.get("selected") is not None]
            fields.add(name, (chosen or options)[0].get("value"))
        elif control.tag == "textarea":
            fields.add(name, (control.text or "").removeprefix("\n"))
        else:
            fields.add(name, control.get("value", ""))
    return Form(found.get("action"), fields, choices)


def declare(client: FlaskClient, **relations: str) -> TestResponse:
    """Declare no interest in what waits, other than in the `relation-…` given."""
    page = client.get("/interests")
    return (
        page
        if page.status_code == 303
        else form(page, "/interests").send(client, **relations)
    )
