"""Bonuses to the đồng: domain figures, rules by the decision's date, lists with their papers."""

import io
import random
import zipfile
from datetime import date, timedelta
from itertools import count

import docx
import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from awards import amendments, decisions, number_words
from awards.bonuses import lists, printing, reckoning, rules, sheets
from awards.demo import catalogue
from awards.errors import BadChange, NoBonusRule
from models.awards import Award, NomineeKind
from models.bonuses import BaseSalary, BonusMultiple, BonusPolicy
from models.papers import DecisionKind
from models.templates import TemplateFormat
from tests.conftest import NOW
from tests.templates import approved_template

_KEYS = count()
ALONE, GROUP, HOME = (
    NomineeKind.INDIVIDUAL,
    NomineeKind.COLLECTIVE,
    NomineeKind.HOUSEHOLD,
)
BEFORE, SINCE = date(2026, 6, 30), date(2026, 7, 1)
FIGURES = [  # at 2.340.000, at 2.530.000: the table of bonuses by decree
    ("LDTT", ALONE, 710_000, 760_000),
    ("GK", ALONE, 710_000, 760_000),
    ("TTLDTT", GROUP, 1_880_000, 2_030_000),
    ("CSTDCS", ALONE, 2_340_000, 2_530_000),
    ("BKT", ALONE, 3_510_000, 3_800_000),
    ("TTLDXS", GROUP, 3_510_000, 3_800_000),
    ("CSTDT", ALONE, 7_020_000, 7_590_000),
    ("CSTDTQ", ALONE, 10_530_000, 11_390_000),
    ("COT", GROUP, 18_720_000, 20_240_000),
    ("COCP", GROUP, 28_080_000, 30_360_000),
    ("BKT", GROUP, 7_020_000, 7_590_000),
    ("BKT", HOME, 3_510_000, 3_800_000),
    ("GDVH", HOME, 240_000, 260_000),
]


@pytest.fixture
def every_award(db):
    """The demo's rules, with an award for every multiple of them; ids by code."""
    for table in (BonusMultiple, BonusPolicy, BaseSalary):
        for row in db.scalars(select(table)):
            db.delete(row)
    db.flush()
    known = set(db.scalars(select(Award.code)))
    codes = {code for code, *_rest in catalogue.MULTIPLES} - known
    db.add_all(Award(code=code, name=code, process_key="x") for code in sorted(codes))
    db.flush()
    catalogue.make_bonus_rules(db)
    return {award.code: award.id for award in db.scalars(select(Award))}


def test_bonuses_are_the_decrees_figures(db, every_award):
    def amounts(day):
        for code, kind, *_amounts in FIGURES:
            terms = reckoning.terms_on(db, every_award[code], [kind], day)
            assert terms is not None
            yield terms.amount(kind)

    assert list(amounts(BEFORE)) == [before for _c, _k, before, _since in FIGURES]
    assert list(amounts(SINCE)) == [since for _c, _k, _before, since in FIGURES]


@pytest.mark.parametrize(
    ("day", "base"),
    [
        (date(2022, 12, 5), 1_490_000),
        (date(2023, 6, 30), 1_490_000),
        (date(2023, 7, 1), 1_800_000),
        (date(2024, 6, 30), 1_800_000),
        (date(2024, 7, 1), 2_340_000),
        (date(2026, 6, 30), 2_340_000),
        (date(2026, 7, 1), 2_530_000),
    ],
)
def test_base_salary_is_that_of_the_day(db, day, base):
    assert rules.in_force(db, BaseSalary, day).amount == base


@pytest.mark.parametrize(
    ("base", "hundredths", "step", "amount"),
    [
        (2_340_000, 30, 10_000, 710_000),
        (2_340_000, 30, 1, 702_000),
        (2_340_000, 30, 1_000, 702_000),
        (1_490_000, 15, 1, 223_500),
        (1_490_001, 33, 1, 491_701),  # what is below a đồng is rounded up as well
        (2_000_000, 50, 10_000, 1_000_000),
        (9_007_199_254_740_993, 100, 1, 9_007_199_254_740_993),  # no float holds it
    ],
)
def test_rounding_is_up_and_whole(base, hundredths, step, amount):
    assert reckoning.bonus(base, hundredths, step) == amount


def test_missing_rule_gives_no_terms(db, every_award):
    bkt = every_award["BKT"]

    assert reckoning.terms_on(db, bkt, [ALONE], date(2025, 6, 30)) is None
    assert reckoning.terms_on(db, bkt, [ALONE], date(2025, 7, 1)) is not None
    assert reckoning.terms_on(db, every_award["LDTT"], [GROUP], SINCE) is None


def validities(rows):
    return sorted((row.valid_from, row.valid_to) for row in rows)


def test_new_rule_ends_the_one_before_and_itself_where_the_next_begins(db):
    rules.add_salary(db, 2_000_000, basis="NĐ", since=date(2024, 1, 1))
    rules.add_salary(db, 3_000_000, basis="NĐ", since=date(2027, 7, 1))

    assert validities(rules.salaries(db))[1:] == [
        (date(2023, 7, 1), date(2023, 12, 31)),
        (date(2024, 1, 1), date(2024, 6, 30)),
        (date(2024, 7, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2027, 6, 30)),
        (date(2027, 7, 1), None),
    ]


def test_rule_of_a_day_that_has_one_is_refused(db):
    with pytest.raises(BadChange):
        rules.add_salary(db, 1, basis="NĐ", since=date(2026, 7, 1))


def test_multiple_ends_only_its_own(db, every_award):
    rules.add_multiple(
        db, every_award["BKT"], ALONE, 200, basis="NĐ", since=date(2027, 1, 1)
    )

    open_ended = {
        (row.award.code, row.nominee_kind): row.hundredths
        for row in rules.multiples(db)
        if row.valid_to is None
    }
    assert open_ended["BKT", ALONE] == 200
    assert open_ended["BKT", GROUP] == 300
    assert open_ended["GK", ALONE] == 30


@pytest.mark.parametrize("last_day", [date(2024, 6, 30), date(2026, 7, 1)])
def test_rule_ends_neither_before_it_begins_nor_after_the_next(db, last_day):
    row = rules.in_force(db, BaseSalary, date(2024, 7, 1))

    with pytest.raises(BadChange):
        rules.end(db, BaseSalary, row.id, last_day)
    rules.end(db, BaseSalary, row.id, date(2026, 6, 1))

    assert rules.in_force(db, BaseSalary, date(2026, 6, 2)) is None


# words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (1, "một"),
        (4, "bốn"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (111, "một trăm mười một"),
        (115, "một trăm mười lăm"),
        (121, "một trăm hai mươi mốt"),
        (1_000, "một nghìn"),
        (1_001, "một nghìn không trăm linh một"),
        (1_015, "một nghìn không trăm mười lăm"),
        (10_000, "mười nghìn"),
        (21_021, "hai mươi mốt nghìn không trăm hai mươi mốt"),
        (100_005, "một trăm nghìn không trăm linh năm"),
        (1_000_005, "một triệu không trăm linh năm"),
        (1_005_000, "một triệu không trăm linh năm nghìn"),
        (3_800_000, "ba triệu tám trăm nghìn"),
        (45_600_000, "bốn mươi lăm triệu sáu trăm nghìn"),
        (1_000_000_000, "một tỷ"),
        (1_000_000_001, "một tỷ không trăm linh một"),
        (7_100_000_000, "bảy tỷ một trăm triệu"),
        (
            2_024_011_450,
            "hai tỷ không trăm hai mươi tư triệu không trăm mười một nghìn bốn trăm năm mươi",
        ),
        (1_000_000_000_000, "một nghìn tỷ"),
        (1_000_000_000_000_000_000, "một tỷ tỷ"),
    ],
)
def test_number_reads(number, words):
    assert number_words.words(number) == words


def spoken(words):
    """The number that words say, heard word by word as one hears it: no table, no grouping."""
    units = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4}
    units |= {"năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}
    total = group = digit = 0
    for word in words.split():
        if word in units:
            digit = units[word]
        elif word == "mười":
            group, digit = group + 10, 0
        elif word in ("mươi", "trăm"):
            group, digit = group + digit * (10 if word == "mươi" else 100), 0
        elif word in ("nghìn", "triệu"):
            scale = 1_000 if word == "nghìn" else 1_000_000
            total, group, digit = total + (group + digit) * scale, 0, 0
        elif word == "tỷ":
            total, group, digit = (total + group + digit) * 1_000_000_000, 0, 0
        else:
            assert word == "linh"
    return total + group + digit


def test_every_number_is_heard_as_it_was():
    chance = random.Random(5)
    numbers = [*range(12_000)]
    numbers += [chance.randrange(10 ** chance.randrange(4, 16)) for _ in range(20_000)]
    numbers += [10**power + step for power in range(4, 16) for step in (-1, 0, 1, 5, 15)]
    # Of two billions on end one cannot hear where the first stops: up to 10**15 here.
    misheard = [n for n in numbers if spoken(number_words.words(n)) != n]

    assert misheard == []


def test_no_number_is_read_with_words_that_do_not_belong():
    for number in range(1_000_000, 1_001_000):
        text = number_words.words(number)
        assert "  " not in text
        assert "mươi một" not in text
        assert "mươi năm" not in text
        assert "mười lăm" in text or number % 100 != 15
        assert "linh mười" not in text


def test_amounts_close_a_list():
    assert number_words.dong(3_800_000) == "Ba triệu tám trăm nghìn đồng"
    assert number_words.figures(45_600_000) == "45.600.000"
    assert [number_words.multiple(n) for n in (150, 100, 15, 1_200)] == [
        "1,5",
        "1,0",
        "0,15",
        "12,0",
    ]


# a decision


def issued(world, *kinds):
    """A decision for as many nominees of these kinds, and its nominations."""
    nominations = [
        world.nominate(name=f"Nguyễn Văn {chr(65 + n)}", kind=kind)
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


def revoke(world, decision, nomination):
    draft = amendments.prepare(
        world.session,
        decision.id,
        DecisionKind.REVOCATION,
        {nomination.id: {}},
        reason="Kê khai không đúng.",
        actor=world.actor("department_specialist"),
        command_key=f"revoke-{next(_KEYS)}",
        now=NOW,
    )
    amendments.sign(world.session, draft.id, actor=world.actor("chairman"), now=NOW)
    return amendments.issue(
        world.session, draft.id, actor=world.actor("records_clerk"), now=NOW
    )


def test_decision_names_the_sum(world):
    decision, _ = issued(world, GROUP, ALONE, ALONE, HOME)

    assert decisions.bonus(decision.content) == (
        "Kèm theo Bằng khen của Chủ tịch UBND tỉnh, mỗi tập thể được thưởng 7.590.000 đồng, "
        "mỗi cá nhân được thưởng 3.800.000 đồng, mỗi hộ gia đình được thưởng 3.800.000 đồng. "
        "Tổng số tiền thưởng là 18.990.000 đồng (Mười tám triệu chín trăm chín mươi nghìn "
        "đồng), chi từ Quỹ thi đua, khen thưởng của tỉnh theo quy định hiện hành của pháp "
        "luật về thi đua, khen thưởng"
    )


def test_decision_without_rules_leaves_the_sum_to_the_law(world):
    for row in rules.policies(world.session):
        world.session.delete(row)
    decision, _ = issued(world, ALONE)

    assert decisions.bonus(decision.content).startswith("Tiền thưởng kèm theo được chi từ")
    with pytest.raises(NoBonusRule):
        lists.of_decision(world.session, decision)


def test_what_held_on_the_day_stays_with_the_decision(world):
    decision, _ = issued(world, ALONE)
    rules.in_force(world.session, BaseSalary, NOW.date()).amount = 9_990_000
    world.session.flush()

    found = lists.of_decision(world.session, decision)

    assert [line.amount for line in found.lines] == [3_800_000]


def test_older_decision_is_reckoned_by_its_day(world):
    decision, _ = issued(world, ALONE)
    decision.content = {k: v for k, v in decision.content.items() if k != "bonus"}
    decision.issued_on = BEFORE

    found = lists.of_decision(world.session, decision)

    assert [line.amount for line in found.lines] == [3_510_000]


@pytest.fixture
def partly_revoked(world):
    """The list of a decision with a collective, two people, one of them revoked, a household."""
    decision, nominations = issued(world, ALONE, GROUP, HOME, ALONE)
    taken_back = revoke(world, decision, nominations[3])
    return lists.of_decision(world.session, decision), taken_back.symbol


def test_list_has_the_annexes_order_and_its_sums(partly_revoked):
    found, symbol = partly_revoked

    assert [(o.place, o.name, o.amount, o.revoked_by) for o in found.lines] == [
        (1, "Nguyễn Văn B", 7_590_000, ""),
        (1, "Nguyễn Văn A", 3_800_000, ""),
        (2, "Nguyễn Văn D", 3_800_000, symbol),
        (1, "Nguyễn Văn C", 3_800_000, ""),
    ]
    assert [(kind, lists.granted(of_kind)) for kind, of_kind in found.groups()] == [
        (GROUP, 7_590_000),
        (ALONE, 7_600_000),
        (HOME, 3_800_000),
    ]
    assert lists.granted(found.lines) == 18_990_000
    assert lists.to_recover(found.lines) == 3_800_000
    assert lists.to_pay(found.lines) == 15_190_000


def test_paper_says_sums_words_and_what_is_recovered(db, partly_revoked):
    found, symbol = partly_revoked
    document = pypdfium2.PdfDocument(printing.make(db, found).content)
    page = document[0]
    text = " ".join(" ".join(p.get_textpage().get_text_range() for p in document).split())

    assert page.get_width() > page.get_height()
    assert "Mức lương cơ sở vào ngày quyết định: 2.530.000 đồng/tháng" in text
    assert "TỔNG CỘNG 18.990.000" in text
    assert f"Hủy bỏ theo QĐ số {symbol}; thu hồi 3.800.000 đồng" in text
    assert "Phải thu hồi: 3.800.000 đồng. Còn phải chi: 15.190.000 đồng." in text
    assert "Mười lăm triệu một trăm chín mươi nghìn đồng" in text
    assert "Nguồn chi: Quỹ thi đua, khen thưởng của tỉnh" in text


def test_word_file_says_what_the_paper_says(db, partly_revoked):
    found, symbol = partly_revoked
    made = printing.make(db, found, format_=TemplateFormat.DOCX)
    document = docx.Document(io.BytesIO(made.content))
    table = next(t for t in document.tables if t.style and t.style.name == "Table Grid")
    rows = [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]

    assert rows[0][5] == "Tiền thưởng (đồng)"
    assert [(row[0], row[5]) for row in rows[1:]] == [
        ("I. TẬP THỂ (01)", "7.590.000"),
        ("1", "7.590.000"),
        ("II. CÁ NHÂN (02)", "7.600.000"),
        ("1", "3.800.000"),
        ("2", "3.800.000"),
        ("III. HỘ GIA ĐÌNH (01)", "3.800.000"),
        ("1", "3.800.000"),
        ("TỔNG CỘNG", "18.990.000"),
    ]
    assert rows[5][6] == f"Hủy bỏ theo QĐ số {symbol}; thu hồi 3.800.000 đồng"
    struck = [row.cells[1].paragraphs[0].runs[0].font.strike for row in table.rows]
    assert [n for n, is_struck in enumerate(struck) if is_struck] == [5]
    said = [p.text for p in document.paragraphs]
    assert "Phải thu hồi: 3.800.000 đồng. Còn phải chi: 15.190.000 đồng." in said
    assert any("Mười lăm triệu một trăm chín mươi nghìn đồng" in one for one in said)
    assert document.sections[0].page_width > document.sections[0].page_height


def test_the_decisions_day_chooses_the_template_of_its_list(world, partly_revoked):
    found, _symbol = partly_revoked
    ours = printing.BONUS_LIST.built_in(TemplateFormat.TYPST).read_bytes()
    changed = ours.replace("DANH SÁCH CHI THƯỞNG".encode(), "DANH SÁCH MỚI".encode())
    day = found.decision.issued_on
    for since, content in ((day, changed), (day + timedelta(days=1), None)):
        approved_template(world, printing.BONUS_LIST, content, since)

    made = printing.make(world.session, found)
    words = pypdfium2.PdfDocument(made.content)[0].get_textpage().get_text_range()

    assert made.template.version == 1
    assert "DANH SÁCH MỚI" in words


def written(found):
    target = io.BytesIO()
    sheets.write(target, found, now=NOW)
    target.seek(0)
    return target


def part(target, name):
    """A part of a workbook, as it is written."""
    with zipfile.ZipFile(target) as book:
        return book.read(name).decode()


def test_sheet_has_numbers_to_reckon_with(partly_revoked):
    found, symbol = partly_revoked
    target = written(found)

    book = CalamineWorkbook.from_filelike(target)
    listed, sums = (
        book.get_sheet_by_name(n).to_python() for n in ("Chi thưởng", "Tổng hợp")
    )

    assert listed[3] == [
        2,
        "Cá nhân",
        "Nguyễn Văn D",
        "",
        "Sở Tư pháp",
        1.5,
        2_530_000,
        3_800_000,
        3_800_000,
        0,
        symbol,
    ]
    xml = part(target, "xl/worksheets/sheet1.xml")
    assert 'ySplit="1"' in xml
    assert '<autoFilter ref="A1:K5"' in xml
    assert sums[4][:5] == [
        "Tổng cộng",
        4,
        18_990_000,
        3_800_000,
        15_190_000,
    ]


def test_sheet_takes_no_name_for_a_formula(world):
    nomination = world.nominate(name='=HYPERLINK("http://a","b")')
    decision = decisions.issue(
        world.session,
        [nomination],
        signer_post_id=world.actor("chairman").posts[0].id,
        issued_by=world.actor("records_clerk"),
        now=NOW,
    )
    target = written(lists.of_decision(world.session, decision))

    listed = CalamineWorkbook.from_filelike(target).get_sheet_by_name("Chi thưởng")
    assert listed.to_python()[1][2] == '=HYPERLINK("http://a","b")'
    assert "<f>" not in part(target, "xl/worksheets/sheet1.xml")
