"""Attached files: downloads that stay inert, pictures of page 1, taking one out."""

import io

import pytest
from PIL import Image
from sqlalchemy import func, select, update

from models.papers import Attachment
from models.session import reading, transaction
from models.tasks import UserTask
from tests.client import text
from tests.views.answers import GOOD, open_step
from views.web import db


def picture(kind, size=(300, 200)):
    content = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(content, kind)
    return content.getvalue()


def pdf(box="0 0 200 300"):
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[" + box.encode() + b"]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n"
    )


def attach(app, client, page, content, name):
    """Attach a file through the form; gives its id, or the sentence that refuses it."""
    fields = page.fields.to_dict() | {"file__sang_kien": (io.BytesIO(content), name)}
    answer = client.post(f"{page.action}/draft", data=fields)
    if answer.status_code != 303:
        return answer
    with app.app_context(), reading(db.engine) as session:
        return session.scalars(select(Attachment.id).order_by(Attachment.id.desc())).first()


def test_download_is_inert_under_its_own_name(open_house, found):
    answer = open_house("tuan.noivu").get(
        f"/attachments/{found.cases['appraise']['own'].attachment}"
    )

    headers = answer.headers
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''T%E1%BB%9D%20tr%C3%ACnh" in headers["Content-Disposition"]
    assert (
        headers["Content-Security-Policy"]
        == "sandbox; default-src 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_download_is_not_kept_by_browsers(open_house, found):
    answer = open_house("tuan.noivu").get(
        f"/attachments/{found.cases['appraise']['own'].attachment}"
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_preview_is_a_picture_of_page_one(open_house, found):
    path = f"/attachments/{found.cases['appraise']['own'].attachment}/preview.png"
    answer = open_house("tuan.noivu").get(path)

    assert answer.mimetype == "image/png"
    assert Image.open(io.BytesIO(answer.data)).width == 480
    assert answer.headers["Cache-Control"] == "no-store"
    assert (
        answer.headers["Content-Security-Policy"]
        == "sandbox; default-src 'none'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize(
    "sent",
    [
        ("a.png", "PNG", "image/png"),
        ("a.jpg", "JPEG", "image/jpeg"),
        ("A.JPEG", "JPEG", "image/jpeg"),
    ],
)
def test_picture_is_attached_shown_and_downloaded(app, browse, cases, sent):
    name, kind, media_type = sent
    client, page = open_step(browse, cases, "prepare_nomination")
    number = attach(app, client, page, picture(kind), name)

    assert client.get(f"/attachments/{number}").mimetype == media_type
    assert client.get(f"/attachments/{number}/preview.png").status_code == 200


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_picture_that_is_cut_off_is_no_incident(app, browse, cases, kind):
    client, page = open_step(browse, cases, "prepare_nomination")
    content = picture(kind)
    found = attach(app, client, page, content[: len(content) // 2], f"a.{kind.lower()}")

    if isinstance(found, int):  # kept: then its page must still be there
        assert client.get(f"/attachments/{found}/preview.png").status_code in (200, 404)
    else:
        assert found.status_code == 422


def test_preview_of_a_very_long_page_stays_small(app, browse, cases):
    client, page = open_step(browse, cases, "prepare_nomination")
    number = attach(app, client, page, pdf("0 0 20 1000"), "long.pdf")

    answer = client.get(f"/attachments/{number}/preview.png")

    assert Image.open(io.BytesIO(answer.data)).height <= 960


@pytest.mark.parametrize(
    "box",
    ["0 0 0 0", "0 0 0.001 0.001", "0 0 -5 -5", "a b c d", "0 0 1e9 1", "0 0 1e9 1e9"],
)
def test_preview_of_a_page_without_size_is_no_incident(app, browse, cases, box):
    client, page = open_step(browse, cases, "prepare_nomination")
    number = attach(app, client, page, pdf(box), "odd.pdf")

    assert client.get(f"/attachments/{number}/preview.png").status_code in (200, 404)


NAMES = [
    "../../etc/passwd.pdf",
    "..\\..\\win.pdf",
    "/etc/passwd.pdf",
    "C:\\a.pdf",
    "\\\\host\\a.pdf",
    'a".pdf',
    "a;b.pdf",
    "a%0d%0a.pdf",
    "Tờ trình số 5.pdf",
    "😀.pdf",
    "x" * 300 + ".pdf",
    "<script>.pdf",
    "\u202efdp.pdf",
    "a\tb.pdf",
    " .pdf",
    "con.pdf",
    "%2e%2e%2fa.pdf",
]


@pytest.mark.parametrize("name", NAMES)
def test_file_name_never_becomes_a_path_or_a_header(app, browse, cases, name):
    client, page = open_step(browse, cases, "prepare_nomination")
    number = attach(app, client, page, pdf(), name)
    if not isinstance(
        number, int
    ):  # cut at the quote or the line break, and no .pdf any more
        assert number.status_code == 422
        return

    answer = client.get(f"/attachments/{number}")

    disposition = answer.headers["Content-Disposition"]
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert [c for c in "\r\n\0/\\" if c in disposition.replace('\\"', "")] == []
    with app.app_context(), reading(db.engine) as session:
        token = session.get(Attachment, number).token
    stored = app.config["UPLOADS"] / token
    assert stored.read_bytes() == pdf()
    assert set(token) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "line_break", ["\n", "\r\n", "\r\n\r\n", "\r\nSet-Cookie: x=1\r\n"]
)
def test_line_break_in_a_name_ends_the_header_and_attaches_nothing(
    app, browse, cases, line_break
):
    client, page = open_step(browse, cases, "prepare_nomination")
    before = sorted(file.name for file in app.config["UPLOADS"].iterdir())
    with app.app_context(), reading(db.engine) as session:
        last = session.scalar(select(func.max(Attachment.id)))

    # Browsers send %0D%0A in its place; raw, no file stands in the form any more.
    assert attach(app, client, page, pdf(), f"a{line_break}b.pdf") == last
    assert sorted(file.name for file in app.config["UPLOADS"].iterdir()) == before


def test_removing_takes_the_file_out_and_keeps_its_bytes(app, browse, cases):
    client, page = open_step(browse, cases, "prepare_nomination")
    number = cases["prepare_nomination"]["own"].attachment
    files = sorted(app.config["UPLOADS"].iterdir())

    answer = client.post(f"{page.action}/draft", data={"remove": number})

    assert (answer.status_code, answer.headers["Location"]) == (303, page.action)
    assert f'name="remove" value="{number}"' not in client.get(page.action).get_data(
        as_text=True
    )
    assert sorted(app.config["UPLOADS"].iterdir()) == files
    again = client.post(f"{page.action}/draft", data={"remove": number})
    assert again.status_code == 303


def test_dossier_without_a_required_paper_is_not_sent(app, browse, cases, unchanged):
    client, page = open_step(browse, cases, "prepare_nomination")
    number = cases["prepare_nomination"]["own"].attachment
    client.post(f"{page.action}/draft", data={"remove": number})
    with unchanged():
        answer = page.send(client, **GOOD["prepare_nomination"])

    assert answer.status_code == 422
    assert "Hồ sơ còn thiếu giấy tờ bắt buộc: Tờ trình của đơn vị." in text(answer)


def test_removing_from_a_step_that_somebody_else_holds_is_refused(
    app, browse, cases, unchanged
):
    client, page = open_step(browse, cases, "prepare_nomination")
    client.post(f"{page.action}/claim")
    with app.app_context(), transaction(db.engine) as session:
        session.execute(
            update(UserTask).where(UserTask.state == "claimed").values(assignee_id=2)
        )
    with unchanged():
        number = cases["prepare_nomination"]["own"].attachment
        answer = client.post(f"{page.action}/draft", data={"remove": number})

    assert answer.status_code in (404, 409)


@pytest.mark.parametrize(
    "number", ["0", "-1", "9" * 19, "9" * 30, "9" * 4_000, "x", "1.5", "%00"]
)
@pytest.mark.parametrize("rest", ["", "/preview.png"])
def test_attachment_number_that_is_none_answers_404(open_house, number, rest):
    assert open_house("tuan.noivu").get(f"/attachments/{number}{rest}").status_code == 404


@pytest.mark.parametrize("asked", ["bytes=0-9", "bytes=-5"])
def test_download_may_go_on_where_it_stopped(open_house, found, asked):
    path = f"/attachments/{found.cases['appraise']['own'].attachment}"
    assert open_house("tuan.noivu").get(path, headers={"Range": asked}).status_code == 206


def test_download_from_beyond_the_end_is_no_incident(open_house, found):
    path = f"/attachments/{found.cases['appraise']['own'].attachment}"
    answer = open_house("tuan.noivu").get(path, headers={"Range": "bytes=99999999-"})
    assert answer.status_code == 416
