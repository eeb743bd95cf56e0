"""F5 of trust.md: what is handed out is a file and nothing else to a browser."""

import re
from typing import Any
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from models.papers import Attachment
from models.session import reading, transaction
from tests import factories
from tests.client import CheckingClient
from tests.trust import uploads
from views import attachments
from views.web import db

pytestmark = pytest.mark.trust
OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, tuple[Any, str]] = {
    "Tờ trình.pdf": (uploads.pdf, "application/pdf"),
    "Báo cáo.docx": (uploads.document, f"{OFFICE}wordprocessingml.document"),
    "Danh sách.xlsx": (uploads.sheet, f"{OFFICE}spreadsheetml.sheet"),
    "Ảnh.jpg": (uploads.photo, "image/jpeg"),
    "Bản chụp.png": (lambda: uploads.picture("PNG"), "image/png"),
}  # fmt: skip
NAMES = (
    "a\r\nSet-Cookie: x=1.pdf",
    'a"; filename=b.html;.pdf',
    "\u202efdp.pdf",
    "a\x00.pdf",
    "%0d%0aX.pdf",
)
INERT = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture
def officer(app: Any, browse: Any) -> Any:
    app.test_client_class = CheckingClient
    return browse("lan.tuphap")


@pytest.fixture
def attached(app: Any) -> dict[int, tuple[str, str, bytes]]:
    """Files of every kind and of awkward names in a dossier: name, type and content by id."""
    with app.app_context(), transaction(db.engine) as session:
        nomination = factories.begin(session, has_papers=False)
        who = factories.actor(session, f"unit_officer:{factories.UNIT}")
        sent = {name: (make(), kind) for name, (make, kind) in KINDS.items()}
        sent |= {
            name: (uploads.old_pdf(b"/Title(%d)" % n), "application/pdf")
            for n, name in enumerate(NAMES)
        }
        return {
            factories.bring(
                session, nomination, name, content, folder=app.config["UPLOADS"], actor=who
            ).id: (name, kind, content)
            for name, (content, kind) in sent.items()
        }


def faults(answer: Any, media_type: str) -> list[str]:
    """What of an answer a browser might take for more than a file."""
    found = [
        f"{name}: {answer.headers.get(name)}"
        for name, value in INERT.items()
        if answer.headers.get(name) != value
    ]
    if answer.headers["Content-Type"] != media_type:
        found.append(answer.headers["Content-Type"])
    if "Set-Cookie" in answer.headers or "X" in answer.headers:
        found.append("a header of the file's name")
    return found


def not_saved(answer: Any) -> list[str]:
    """What keeps it from being saved under its name, and forgotten by the browser."""
    told = answer.headers.get("Content-Disposition", "")
    found = [] if told.startswith("attachment; filename") else [told]
    if re.search(r"[\r\n\0\u202e]", told + unquote(told.partition("filename*=")[2])):
        found.append(f"a name with controls: {told!r}")
    if answer.headers["Cache-Control"] != "no-store":
        found.append("kept by the browser")
    return found


def wrong(client: Any, attached: dict[int, tuple[str, str, bytes]]) -> list[str]:
    found = []
    for number, (name, media_type, content) in attached.items():
        answer = client.get(f"/attachments/{number}")
        assert (answer.status_code, answer.data) == (200, content)
        found += [
            f"{name}: {fault}" for fault in faults(answer, media_type) + not_saved(answer)
        ]
        part = client.get(f"/attachments/{number}", headers={"Range": "bytes=0-9"})
        found += [f"a part of {name}: {fault}" for fault in faults(part, media_type)]
    return found


def test_every_file_is_handed_out_inert(officer, attached):
    assert len(attached) == len(KINDS) + len(NAMES)
    assert wrong(officer, attached) == []


def test_previews_are_pictures_and_inert(officer, attached):
    answers = {
        kind: officer.get(f"/attachments/{number}/preview.png")
        for number, (_name, kind, _content) in attached.items()
    }
    shown = {kind: answer for kind, answer in answers.items() if answer.status_code == 200}

    assert shown.keys() == {"application/pdf", "image/jpeg", "image/png"}
    assert [
        fault for answer in shown.values() for fault in faults(answer, "image/png")
    ] == []


def test_what_administrators_bring_is_inert_too(app, browse, officer):
    with app.app_context(), transaction(db.engine) as session:
        code = factories.begin(session).code
    admin = browse("quantri.quytrinh")
    answers = [
        admin.get("/processes/1.bpmn"),
        admin.get("/processes/1/diagram.bpmn"),
        officer.get(f"/nominations/{code}/diagram.bpmn"),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    kind = "application/xml; charset=utf-8"
    assert [fault for answer in answers for fault in faults(answer, kind)] == []
    assert answers[0].headers["Content-Disposition"].startswith("attachment; ")


def test_no_file_has_a_type_that_is_not_ours(app, attached):
    with app.app_context(), reading(db.engine) as session:
        kinds = set(session.scalars(select(Attachment.media_type)))

    assert kinds == {kind for _make, kind in KINDS.values()}


def test_headers_that_are_missing_are_seen(officer, attached, monkeypatch):
    monkeypatch.setattr(attachments, "inert", lambda response: response)

    assert len(wrong(officer, attached)) >= len(attached)
