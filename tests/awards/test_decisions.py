"""Decisions: numbered at issue, printed from what was fixed then."""

import hashlib
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from awards import decisions
from awards.errors import NoSigner, PaperNotReady
from awards.papers import UnprintableText
from awards.province import HUNG_YEN
from models.awards import LegalBasis, NomineeKind
from models.papers import Decision

DECIDED = ["approve"] * 8
LAW_2022 = "Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022"


def issued(world, nomination):
    found = decisions.of_nomination(world.session, nomination.id)
    assert found is not None
    return found


def decided_by(world, place):
    """A nomination that the first or the second holder of the chairman's queue has decided."""
    nomination = world.walk(*DECIDED[:-1])
    people = world.staff["chairman"]
    world.staff["chairman"] = [people[place]]
    world.answer(nomination, "approve")
    world.staff["chairman"] = people
    return nomination


# legal bases


IN_FORCE = {
    date(2023, 12, 31): [],
    date(2024, 1, 1): [1],
    date(2025, 6, 15): [1],
    date(2025, 6, 16): [0, 1],
    date(2025, 7, 1): [0, 1, 3],
    date(2026, 9, 30): [0, 1, 3],
    date(2026, 10, 1): [0, 2, 3],
    date(2027, 2, 28): [0, 2, 3],
    date(2027, 3, 1): [0, 2],
}


def test_legal_bases_are_those_in_force_on_the_day(world):
    bases = world.session.scalars(select(LegalBasis).order_by(LegalBasis.position)).all()
    lines = {basis.text: basis.position for basis in bases}

    found = {
        day: [lines[text] for text in decisions.legal_bases(world.session, day)]
        for day in IN_FORCE
    }
    assert found == IN_FORCE


def test_law_as_amended_takes_the_place_of_the_law(world):
    before = decisions.legal_bases(world.session, date(2026, 9, 30))
    after = decisions.legal_bases(world.session, date(2026, 10, 1))

    assert LAW_2022 in before
    assert LAW_2022 not in after
    assert any(line.startswith(f"{LAW_2022}; Luật số 06/2026/QH16") for line in after)


# numbers


def test_number_is_taken_at_issue_and_not_before(world):
    nomination = world.walk(*DECIDED)
    assert decisions.of_nomination(world.session, nomination.id) is None

    world.answer(nomination, "approve")

    found = issued(world, nomination)
    assert (found.number, found.year, found.suffix) == (1, 2026, "QĐ-CTUBND")
    assert found.symbol == "01/QĐ-CTUBND"
    assert found.issued_on == date(2026, 11, 23)
    assert found.issued_at == world.now
    assert found.issued_by == world.actor("records_clerk").id


def test_numbers_follow_one_another_and_restart_with_the_year(world):
    nominations = [world.walk(*DECIDED) for _ in range(3)]
    world.answer(nominations[0], "approve")
    world.answer(nominations[1], "approve")
    world.now = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # midnight in Vietnam
    world.answer(nominations[2], "approve")

    found = [issued(world, nomination) for nomination in nominations]
    assert [(d.year, d.number) for d in found] == [(2026, 1), (2026, 2), (2027, 1)]
    assert found[2].issued_on == date(2027, 1, 1)


def test_returned_decision_takes_no_number(world):
    nomination = world.walk(*DECIDED, "return")

    assert decisions.of_nomination(world.session, nomination.id) is None
    assert world.session.scalars(select(Decision)).all() == []


@pytest.mark.parametrize(
    ("number", "symbol"),
    [(1, "01/QĐ-CTUBND"), (10, "10/QĐ-CTUBND"), (1234, "1234/QĐ-CTUBND")],
)
def test_symbol_has_two_digits_at_least(number, symbol):
    assert Decision(number=number, suffix="QĐ-CTUBND").symbol == symbol


def test_nobody_signs_what_nobody_decided(world):
    nomination = world.walk(*DECIDED)
    bare = {k: v for k, v in nomination.instance.variables.items() if k != "signer_post"}
    nomination.instance.variables = bare
    world.session.flush()

    with pytest.raises(NoSigner):
        world.answer(nomination, "approve")


# what the paper says


def paper_of(world, nomination):
    return decisions.paper_of(issued(world, nomination), HUNG_YEN)


@pytest.mark.parametrize(
    ("place", "name", "is_deputy"),
    [(0, "Nguyễn Hữu Bình", False), (1, "Lý Minh Châu", True)],
)
def test_whoever_decided_signs(world, place, name, is_deputy):
    nomination = decided_by(world, place)
    world.answer(nomination, "approve")

    said = paper_of(world, nomination)

    assert (said.signer_name, said.is_deputy) == (name, is_deputy)


def test_paper_says_what_was_true_at_issue(world):
    nomination = world.walk(
        *DECIDED, "approve", name="Phạm Thu Hoa", honorific="Bà", position="Chuyên viên"
    )
    nomination.nominee.name = "Tên khác"
    nomination.unit.name = "Đơn vị khác"
    world.session.flush()

    said = paper_of(world, nomination)
    (awardee,) = said.awardees
    assert (awardee.honorific, awardee.name) == ("Bà", "Phạm Thu Hoa")
    assert (awardee.position, awardee.unit) == ("Chuyên viên", "Sở Tư pháp")
    assert awardee.kind == NomineeKind.INDIVIDUAL
    assert (said.number, said.suffix, said.issued_on) == (
        1,
        "QĐ-CTUBND",
        date(2026, 11, 23),
    )
    assert said.legal_bases == tuple(
        f"Căn cứ {line}"
        for line in decisions.legal_bases(world.session, date(2026, 11, 23))
    )
    assert said.proposed_by == "Theo đề nghị của Giám đốc Sở Nội vụ"
    assert said.subject == "Về việc tặng Bằng khen của Chủ tịch UBND tỉnh"
    assert said.place == "Hưng Yên"


def test_awardees_stand_in_the_order_of_given_names(world):
    names = ["Trần Văn Bình", "Nguyễn Văn An", "Lê Thị Ân"]
    content = decisions.draft_content(
        world.session, [world.nominate(name=name) for name in names], date(2026, 11, 23)
    )

    assert [a["name"] for a in content["awardees"]] == [
        "Nguyễn Văn An",
        "Lê Thị Ân",
        "Trần Văn Bình",
    ]


def test_paper_is_kept_with_its_hash(world):
    nomination = world.walk(*DECIDED, "approve")
    found = issued(world, nomination)

    pdf = decisions.paper(world.session, found.id)

    assert pdf[:5] == b"%PDF-"
    assert found.paper_sha256 == hashlib.sha256(pdf).hexdigest()
    assert nomination.instance.variables["paper_sha256"] == found.paper_sha256
    assert nomination.instance.variables["decision"] == found.id


def test_paper_is_printed_once(world):
    nomination = world.walk(*DECIDED, "approve")
    found = issued(world, nomination)
    found.paper, found.paper_sha256 = b"as it was", "f" * 64
    world.session.flush()

    said = decisions.make_paper(world.session, nomination.instance, world.now)

    assert said == {"paper_sha256": "f" * 64}
    assert decisions.paper(world.session, found.id) == b"as it was"


def test_paper_that_is_not_there_is_not_ready(world):
    with pytest.raises(PaperNotReady):
        decisions.paper(world.session, 9_999)


def test_name_that_cannot_be_printed_is_told_with_its_character(world):
    nomination = world.walk(*DECIDED, name="Nguyễn Thị Đào 😀")

    with pytest.raises(UnprintableText) as refused:
        world.answer(nomination, "approve")

    assert "😀" in str(refused.value)
