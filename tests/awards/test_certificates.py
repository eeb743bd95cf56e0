"""Certificates: every word where it was set, to half a millimetre; a book without gaps."""

import ctypes
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pypdfium2
import pytest
from pypdfium2 import raw
from sqlalchemy import select, text

from awards import amendments, decisions
from awards.certificates import book, layouts, papers, printing
from awards.certificates.layouts import Block, Layout
from awards.errors import BadAmendment, BadChange
from models.awards import NomineeKind
from models.certificates import PageSize
from models.history import EventKind, HistoryEvent
from models.papers import DecisionKind
from models.templates import TemplateFormat
from tests.conftest import NOW
from tests.templates import approved_template
from workflows import history, replay
from workflows.errors import NotAllowed

MM = 72 / 25.4
NEAR = 0.5
DAY = timedelta(days=1)
ALONE, GROUP, HOME = (
    NomineeKind.INDIVIDUAL,
    NomineeKind.COLLECTIVE,
    NomineeKind.HOUSEHOLD,
)
ODD = Layout(  # nothing at a place that a mistake could hit by chance
    PageSize.A3,
    3,
    -2,
    {
        "name": Block(41, 139, 331, 33),
        "post": Block(57, 161, 307, 21),
        "achievement": Block(61, 179, 303, 19),
        "place_date": Block(229, 211, 151, 16),
        "signer_titles": Block(227, 223, 149, 18),
        "signer_name": Block(231, 271, 147, 17),
        "decision": Block(43, 257, 153, 13),
        "book": Block(47, 269, 139, 12),
    },
)
_KEYS = count()


def issued(world, *kinds, names=()):
    """A decision for nominees of these kinds, and its nominations."""
    nominations = [
        world.nominate(name=names[n] if names else f"Nguyễn Văn {chr(65 + n)}", kind=kind)
        for n, kind in enumerate(kinds)
    ]
    decision = decisions.issue(
        world.session,
        nominations,
        signer_post_id=world.actor("chairman").posts[0].id,
        issued_by=world.actor("records_clerk"),
        now=NOW,
    )
    return decision, nominations


def amend(world, decision, kind, rows):
    draft = amendments.prepare(
        world.session,
        decision.id,
        kind,
        rows,
        reason="Kê khai không đúng.",
        actor=world.actor("department_specialist"),
        command_key=f"amend-{next(_KEYS)}",
        now=NOW,
    )
    amendments.sign(world.session, draft.id, actor=world.actor("chairman"), now=NOW)
    amendments.issue(world.session, draft.id, actor=world.actor("records_clerk"), now=NOW)


def enter(world, decision, by="records_clerk"):
    made = book.take_numbers(
        world.session, decision.id, actor=world.actor(by), now=NOW + timedelta(days=60)
    )
    world.session.flush()
    return [(one.number, one.year) for one in made]


def numbers(world, decision):
    return [
        (line.standing.awardee["name"], line.number)
        for line in book.lines(world.session, decision)
    ]


def spots(page, words):
    """Where the words' first letter stands: left edge and baseline, in mm from the top left."""
    textpage = page.get_textpage()
    found = textpage.search(words, match_case=True).get_next()
    assert found is not None, (words, textpage.get_text_range())
    x, y = ctypes.c_double(), ctypes.c_double()
    assert raw.FPDFText_GetCharOrigin(textpage, found[0], x, y)
    return x.value / MM, (page.get_height() - y.value) / MM


def middle(page, words):
    """Halfway across the words."""
    textpage = page.get_textpage()
    start, length = textpage.search(words, match_case=True).get_next()
    boxes = [textpage.get_charbox(n, loose=True) for n in range(start, start + length)]
    return (min(b[0] for b in boxes) + max(b[2] for b in boxes)) / 2 / MM


def font_of(page, words):
    """What the words' first letter is set in, without the subset's letters."""
    textpage = page.get_textpage()
    start, _length = textpage.search(words, match_case=True).get_next()
    name, flags = ctypes.create_string_buffer(99), ctypes.c_int()
    raw.FPDFText_GetFontInfo(textpage, start, name, 99, flags)
    return name.value.decode().rpartition("+")[2]


def rendered(world, layout=ODD, *, kind=ALONE, name="Nguyễn Văn Hường"):
    decision, _ = issued(world, kind, names=[name])
    enter(world, decision)
    lines = book.lines(world.session, decision)
    texts = {k: v[0] for k, v in papers.texts(decision, lines[0]).items()}
    return _pdf(world, decision, lines, layout), texts


def _pdf(world, decision, lines, layout):
    return pypdfium2.PdfDocument(
        printing.make(world.session, decision, lines, layout).content
    )


# places


@pytest.mark.parametrize("page", PageSize)
def test_page_has_the_blanks_size(world, page):
    document, _texts = rendered(world, layouts.STANDARD[page])

    width, height = layouts.PAGES[page]
    assert document[0].get_width() == pytest.approx(width * MM, abs=0.1)
    assert document[0].get_height() == pytest.approx(height * MM, abs=0.1)


def test_every_text_stands_where_it_was_set(world):
    document, texts = rendered(world)
    off = {}
    for name, spot in ODD.blocks.items():
        first = " ".join(texts[name].split()[:4])  # a long text is broken later
        left, base = spots(document[0], first)
        if abs(base - (spot.y + ODD.shift_y)) > NEAR:
            off[name] = base
        if name in ("decision", "book") and abs(left - (spot.x + ODD.shift_x)) > NEAR:
            off[name] = left
        if name not in ("decision", "book", "achievement"):
            centre = spot.x + ODD.shift_x + spot.width / 2
            if abs(middle(document[0], texts[name]) - centre) > NEAR:
                off[name] = middle(document[0], texts[name])

    assert off == {}


def test_a_millimetre_is_a_millimetre(world):
    base = ODD.blocks["book"]
    moved = replace(ODD, blocks=ODD.blocks | {"book": replace(base, y=base.y + 1)})
    decision, _ = issued(world, ALONE)
    enter(world, decision)
    lines = book.lines(world.session, decision)

    found = [
        spots(_pdf(world, decision, lines, layout)[0], "Số vào") for layout in (ODD, moved)
    ]

    assert found[1][1] - found[0][1] == pytest.approx(1, abs=0.01)


def test_long_name_takes_two_even_lines_and_ends_where_it_was_set(world):
    name = (
        "Tập thể cán bộ, công chức, viên chức và người lao động Trung tâm Phục vụ hành chính công "
        "phường Phố Hiến"
    )
    document, _texts = rendered(world, kind=GROUP, name=name)
    said = document[0].get_textpage().get_text_range()
    first, second = said.splitlines()[:2]
    spot = ODD.blocks["name"]

    assert f"{first} {second}".split() == name.upper().split()
    assert abs(len(first) - len(second)) < 12
    last = spots(document[0], " ".join(second.split()[:3]))[1]
    assert last == pytest.approx(spot.y + ODD.shift_y, abs=NEAR)
    assert spots(document[0], first)[1] < last - 10


def test_text_of_size_none_is_left_out(world):
    blocks = ODD.blocks | {"signer_name": Block(0, 0, 0, 0)}
    document, texts = rendered(world, replace(ODD, blocks=blocks))

    said = document[0].get_textpage().get_text_range()
    assert texts["signer_name"] not in said
    assert texts["book"] in said


def test_test_page_marks_every_place(db):
    made = printing.make_test(db, ODD, day=NOW.date())
    document = pypdfium2.PdfDocument(made.content)
    page = document[0]
    height = page.get_height()
    lines = {
        (round(left / MM), round((height - bottom) / MM), round((right - left) / MM))
        for left, bottom, right, _top in (
            path.get_bounds() for path in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH])
        )
    }
    marks = {(s.x + 3, s.y - 2, s.width) for s in ODD.blocks.values()}
    said = page.get_textpage().get_text_range()

    assert marks <= lines
    assert {(0, n * 10, 420) for n in range(1, 29)} <= lines  # the grid, every centimetre
    assert all(label in said for label in layouts.BLOCKS.values())


def test_words_say_who_for_what_and_by_which_decision(world):
    document, texts = rendered(world, kind=HOME, name="Bùi Văn Thẵng")
    said = " ".join(document[0].get_textpage().get_text_range().split())

    assert "BÙI VĂN THẴNG" in said
    assert "Đã có thành tích xuất sắc trong phong trào thi đua" in said
    assert texts["decision"] == "Quyết định số 01/QĐ-CTUBND ngày 23 tháng 11 năm 2026"
    assert texts["book"] == "Số vào sổ: 0001/2026"
    assert texts["place_date"] == "Hưng Yên, ngày 23 tháng 11 năm 2026"


def test_the_decisions_day_chooses_the_template(world):
    decision, _ = issued(world, ALONE, ALONE)
    enter(world, decision)
    lines = book.lines(world.session, decision)
    ours = printing.CERTIFICATE.built_in(TemplateFormat.TYPST).read_bytes()
    bold = ours.replace(b'place_date: (style: "italic")', b'place_date: (weight: "bold")')
    row = approved_template(world, printing.CERTIFICATE, bold, decision.issued_on)

    made = printing.make(world.session, decision, lines, ODD)
    pdf = pypdfium2.PdfDocument(made.content)

    assert bold != ours
    assert len(pdf) == 2
    mark = f"certificate typst 1 {row.sha256}"
    assert pdf.get_metadata_value("Keywords") == mark
    assert font_of(pdf[0], "Hưng Yên, ngày") == "Tinos-Bold"
    said = papers.texts(decision, lines[0])["place_date"][0]
    assert spots(pdf[0], said)[1] == pytest.approx(209, abs=NEAR)  # the place stays
    before = printing.make_test(world.session, ODD, day=decision.issued_on - DAY)
    assert before.template.version == 0


# what is kept of an award


def test_places_are_kept_by_award(world):
    decision, nominations = issued(world, ALONE)
    award = nominations[0].award_id

    assert layouts.of_award(world.session, award) == layouts.STANDARD[PageSize.A3]
    layouts.keep(world.session, award, ODD)
    layouts.keep(world.session, award, replace(ODD, shift_x=4))
    world.session.expire_all()

    assert layouts.of_award(world.session, award) == replace(ODD, shift_x=4)
    assert decision.number == 1


@pytest.mark.parametrize(
    "spot",
    [Block(400, 10, 100, 20), Block(0, 300, 100, 20), Block(0, 1, 100, 20)],
)
def test_text_beyond_the_page_is_refused(db, spot):
    layout = replace(ODD, blocks=ODD.blocks | {"book": spot})

    with pytest.raises(BadChange):
        layouts.keep(db, 1, layout)


# the book


def test_numbers_follow_the_annex_and_the_decisions_year(world):
    decision, _ = issued(world, ALONE, GROUP, HOME, ALONE)

    assert enter(world, decision) == [(n, 2026) for n in range(1, 5)]
    assert numbers(world, decision) == [
        ("Nguyễn Văn B", 1),
        ("Nguyễn Văn A", 2),
        ("Nguyễn Văn D", 3),
        ("Nguyễn Văn C", 4),
    ]


def test_second_time_nothing_happens_and_the_next_decision_goes_on(world):
    first, _ = issued(world, ALONE, ALONE)
    second, _ = issued(world, GROUP)

    assert enter(world, first) == [(1, 2026), (2, 2026)]
    assert enter(world, first) == []
    assert enter(world, second, by="department_clerk") == [(3, 2026)]


def test_who_is_revoked_gets_no_number_and_keeps_one_that_was_taken(world):
    decision, nominations = issued(world, ALONE, ALONE, ALONE)
    amend(world, decision, DecisionKind.REVOCATION, {nominations[0].id: {}})
    assert enter(world, decision) == [(1, 2026), (2, 2026)]
    amend(world, decision, DecisionKind.REVOCATION, {nominations[1].id: {}})

    lines = book.lines(world.session, decision)

    assert [(line.number, line.is_printed) for line in lines] == [
        (None, False),
        (1, False),
        (2, True),
    ]
    assert enter(world, decision) == []


def test_corrected_name_is_printed_under_the_same_number(world):
    decision, nominations = issued(world, ALONE)
    enter(world, decision)
    rows = {nominations[0].id: {"name": "Nguyễn Vân Anh"}}
    amend(world, decision, DecisionKind.CORRECTION, rows)

    lines = book.lines(world.session, decision)

    assert papers.texts(decision, lines[0])["name"] == ["NGUYỄN VÂN ANH"]
    assert papers.texts(decision, lines[0])["book"] == ["Số vào sổ: 0001/2026"]


def test_numbering_is_told_in_every_history(world):
    decision, nominations = issued(world, ALONE, GROUP)
    enter(world, decision)
    world.session.expire_all()

    kinds = Counter(world.session.scalars(select(HistoryEvent.kind)))
    assert kinds[EventKind.CERTIFICATE_NUMBERED] == 2
    for nomination in nominations:
        assert history.verify(world.session, nomination.instance) is None
        assert replay.replay(world.session, nomination.instance) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certificate SET number = 9 WHERE nomination_id = :id",
        "UPDATE certificate SET year = 2025 WHERE nomination_id = :id",
        "DELETE FROM certificate WHERE nomination_id = :id",
    ],
)
def test_number_changed_behind_the_back_is_found(world, statement):
    decision, (nomination,) = issued(world, ALONE)
    enter(world, decision)
    world.session.execute(text(statement), {"id": nomination.id})
    world.session.expire_all()

    fault = history.verify(world.session, nomination.instance)

    assert fault is not None
    assert fault.message == "Số vào sổ cấp bằng không đúng với số đã cấp."


@pytest.mark.parametrize("who", ["chairman", "office_specialist", "unit_officer:SO-TP"])
def test_others_take_no_numbers(world, who):
    decision, _ = issued(world, ALONE)

    with pytest.raises(NotAllowed):
        enter(world, decision, by=who)


def test_correction_has_no_certificates(world):
    decision, nominations = issued(world, ALONE)
    rows = {nominations[0].id: {"name": "Nguyễn Vân Anh"}}
    amend(world, decision, DecisionKind.CORRECTION, rows)
    later = decision_of_kind(world, DecisionKind.CORRECTION)

    with pytest.raises(BadAmendment):
        enter(world, later)


def test_rolled_back_numbers_leave_no_gap(world):
    decision, _ = issued(world, ALONE, ALONE)
    with world.session.begin_nested() as attempt:
        enter(world, decision)
        attempt.rollback()
    world.session.expire_all()

    assert enter(world, decision) == [(1, 2026), (2, 2026)]


def decision_of_kind(world, kind):
    return next(
        d for d in world.session.scalars(select(decisions.Decision)) if d.kind == kind
    )
