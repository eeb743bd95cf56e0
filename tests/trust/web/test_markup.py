"""S9 of trust.md: no text that anybody has typed is an element or an attribute, on any page."""

import re
from collections import Counter

import lxml.html
import pytest

from tests.stages import PEOPLE
from tests.trust.web.addresses import pages
from tests.trust.web.payloads import PAYLOADS
from tests.trust.web.rewriting import rewrite_everything

pytestmark = [pytest.mark.trust, pytest.mark.timeout(1200)]
TOGETHER = 10  # payloads in one text
SIGNING_OUT = ("/logout", "/account/sessions", "/language")
HTMX = ("get", "post", "trigger", "target", "swap", "sync", "push-url", "select", "include")
FORBIDDEN = ("zzz", "iframe", "base", "object", "embed", "math", "style", "leads away")
TEXT_TYPES = ("text", "search", "email", "tel", "url", "password", "")


def shape(answer):
    """The elements of a page with the names of their attributes, counted, and where it leads."""
    if answer.mimetype != "text/html" or not answer.data.strip():
        return Counter()
    tree = lxml.html.document_fromstring(answer.get_data(as_text=True).replace("\0", ""))
    elements = [e for e in tree.iter() if isinstance(e.tag, str)]
    bad = tree.xpath(
        "//@href | //@src | //@action | //@formaction | //@hx-get | //@hx-post"
    )
    leads = ["leads away" for to in bad if not re.match(r"[/#?]|$|data:image/png", to)]
    return Counter([(e.tag, *sorted(e.attrib)) for e in elements] + leads)


@pytest.fixture
def sites(staged, site_of_worker):
    """`sites(text)`: people who have signed in, by login, where everybody has written this."""

    def make(text):
        app = site_of_worker.furnish(staged / "staged.sqlite", staged / "uploads")
        app.config["WTF_CSRF_ENABLED"] = False
        assert rewrite_everything(site_of_worker.folder / "site.sqlite", text) > 300
        clients = {"": app.test_client()}
        for login in PEOPLE.values():
            clients[login] = app.test_client()
            fields = {"login": login, "password": f"vinh-danh-{login}"}
            assert clients[login].post("/login", data=fields).status_code == 303
        return clients

    return make


def walk(clients, asked):
    """The shape of every page, and how many show what was written."""
    answers = {one: clients[one[0]].get(one[1], buffered=True) for one in asked}
    shown = sum(b"zzz" in answer.data for answer in answers.values())
    return {one: shape(answer) for one, answer in answers.items()}, shown


def rounds(size):
    count = size(len(PAYLOADS) // TOGETHER)
    assert len(PAYLOADS) == 120
    return [" ".join(PAYLOADS[n :: len(PAYLOADS) // TOGETHER]) for n in range(count)]


def test_what_is_kept_is_text_on_every_page(sites, found, size):
    asked = pages(found, by_everybody=False)
    expected, _shown = walk(sites("chữ thường"), asked)
    for text in rounds(size):
        shapes, shown = walk(sites(text), asked)
        assert {
            one: s - expected[one] for one, s in shapes.items() if s != expected[one]
        } == {}
        assert shown > 30


def test_text_that_is_trusted_is_caught(sites, found, monkeypatch):
    asked = [("lan.tuphap", "/board"), ("lan.tuphap", "/nominations")]
    expected, _shown = walk(sites("chữ thường"), asked)
    clients = sites(PAYLOADS[0])
    environment = clients[""].application.jinja_env
    for name, value in {"autoescape": False, "cache": {}, "bytecode_cache": None}.items():
        monkeypatch.setattr(environment, name, value)
    shapes, _shown = walk(clients, asked)

    assert all(shapes[one] != expected[one] for one in asked)


def filled_in(form, text):
    """The fields of a form, with this text wherever one may type, and in what is chosen too."""
    fields = dict(form.form_values())
    for field in form.xpath(".//input[@name] | .//textarea[@name]"):
        if field.tag == "textarea" or (field.get("type") or "") in TEXT_TYPES:
            fields[field.get("name")] = text
    return fields


def send_everything(client, path, text):
    """Send every form of a page with this text in it; the answers."""
    page = client.get(path, buffered=True)
    if page.mimetype != "text/html" or not page.data.strip():
        return
    for form in lxml.html.document_fromstring(page.get_data(as_text=True)).forms:
        action, fields = form.get("action") or path, filled_in(form, text)
        if action.startswith(SIGNING_OUT):
            continue
        if (form.get("method") or "get") == "get":
            yield client.get(action, query_string=fields, follow_redirects=True)
        else:
            yield client.post(action, data=fields, follow_redirects=True)


def test_what_is_sent_comes_back_as_text(browse, found, size):
    asked = pages(found, by_everybody=False)
    clients = {login: browse(login) for login in {login for login, _path in asked}}
    wrong, count = [], 0
    for text in rounds(size):
        for login, path in asked:
            for answer in send_everything(clients[login], path, text):
                count += 1
                odd = [one for one in shape(answer) if is_odd(one)]
                wrong += [(login, path, odd)] if odd else []
    assert wrong == []
    assert count > 40


def is_odd(element):
    """Whether our templates have nothing of the kind."""
    tag, *names = element if isinstance(element, tuple) else (element,)
    ours = {"hx-headers", "hx-disable", *(f"hx-{name}" for name in HTMX)}
    loose = [name for name in names if name.startswith(("on", "srcdoc", "x", "hx-"))]
    return tag in FORBIDDEN or set(loose) - ours != set()
