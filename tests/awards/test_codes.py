"""Numbers one after another, without gaps, by year, whoever asks at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from awards import codes
from models.awards import CodeCounter
from models.session import transaction


def test_numbers_follow_one_another(db):
    assert [codes.next_number(db, "HS", 2026) for _ in range(4)] == [1, 2, 3, 4]


def test_every_year_and_every_series_starts_at_one(db):
    codes.next_number(db, "HS", 2026)
    codes.next_number(db, "HS", 2026)

    assert codes.next_number(db, "HS", 2027) == 1
    assert codes.next_number(db, "QĐ-CTUBND", 2026) == 1
    assert codes.next_number(db, "HS", 2026) == 3


@pytest.mark.parametrize(
    ("last", "code"),
    [(0, "HS-2026-00001"), (41, "HS-2026-00042"), (99_999, "HS-2026-100000")],
)
def test_nomination_code_reads(db, last, code):
    db.add(CodeCounter(name="HS", year=2026, last=last))
    db.flush()

    assert codes.nomination_code(db, 2026) == code


def test_rollback_leaves_no_gap(empty):
    with transaction(empty) as session:
        codes.next_number(session, "HS", 2026)
    with Session(empty) as session:
        assert codes.next_number(session, "HS", 2026) == 2
        session.rollback()

    with transaction(empty) as session:
        assert codes.next_number(session, "HS", 2026) == 2


def test_first_number_rolled_back_is_given_again(empty):
    with Session(empty) as session:
        codes.next_number(session, "HS", 2026)
        session.rollback()

    with transaction(empty) as session:
        assert codes.next_number(session, "HS", 2026) == 1


def test_ten_threads_take_every_number_once(empty):
    def take(_thread: int) -> list[int]:
        taken = []
        for _ in range(5):
            with transaction(empty) as session:
                taken.append(codes.next_number(session, "HS", 2026))
        return taken

    with ThreadPoolExecutor(10) as pool:
        taken = [number for numbers in pool.map(take, range(10)) for number in numbers]

    assert sorted(taken) == list(range(1, 51))
