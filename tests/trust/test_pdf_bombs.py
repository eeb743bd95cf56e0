"""F3, F8 of trust.md: a PDF made to hang or fill its reader is refused by a child with limits."""

import io
import resource
from functools import partial

import pytest

from awards import files, pdf_files
from awards.errors import BadFile, BadSignedPaper
from awards.signed import limited
from tests import signing
from tests.conftest import NOW
from tests.trust import pdf_bombs
from workflows.budgets import Budget

pytestmark = pytest.mark.trust
MEGABYTE = 1 << 20
TIGHT = Budget(seconds=2, memory=160 * MEGABYTE, wait=60)
MOST_SECONDS = TIGHT.seconds + 1.0
UNREAD, EXCEEDED, UNSIGNED = "Không đọc được", "cần hơn 2 giây", "chưa có chữ ký số"
BOMBS = {
    "objects of 60 MB in 1 MB": partial(pdf_bombs.packed, 60),
    "an index of 1 GB in 1 MB": partial(pdf_bombs.packed_index, 1000),
    "an index of 16 million rows": partial(pdf_bombs.rows, 32),
    "lists a million deep": partial(pdf_bombs.deep, 1_000_000),
    "fields within themselves": pdf_bombs.circle,
    "an index of four thousand million lines": pdf_bombs.long_index,
    "a stream larger than any disk": pdf_bombs.long_stream,
}


def refusal(content, budget):
    """The sentence that refuses a file, and the seconds of the processor that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(BadSignedPaper) as refused:
        limited.look(content, "ban-ky.pdf", roots=None, now=NOW, budget=budget)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return str(refused.value.message % refused.value.values), took


def is_kept_off(content, budget):
    """Whether a bomb is refused as one, and in time."""
    said, took = refusal(content, budget)
    return said.startswith((UNREAD, "Đọc tệp")) and took < MOST_SECONDS


@pytest.mark.parametrize("bomb", BOMBS)
def test_bomb_is_refused_in_time_with_a_reason(bomb):
    assert is_kept_off(BOMBS[bomb](), TIGHT)


def test_signed_file_and_unsigned_one_pass_within_the_same_limits():
    seen = limited.look(
        signing.sign(signing.blank()), "a.pdf", roots=None, now=NOW, budget=TIGHT
    )
    assert [one["signer"] for one in seen.signatures] == ["Nguyễn Văn Ký"]
    assert UNSIGNED in refusal(pdf_bombs.packed(1), TIGHT)[0]


def test_what_takes_too_long_is_told_so():
    assert EXCEEDED in refusal(BOMBS["an index of 16 million rows"](), TIGHT)[0]


@pytest.mark.parametrize(
    ("bomb", "budget"),
    [
        ("objects of 60 MB in 1 MB", Budget(seconds=20, memory=2048 * MEGABYTE)),
        ("an index of 16 million rows", Budget(seconds=5, memory=160 * MEGABYTE)),
    ],
)
def test_control_reader_without_limits_is_seen(bomb, budget):
    assert not is_kept_off(BOMBS[bomb](), budget)


# Every PDF that is attached is opened once in a child as well, before the server opens it.


def test_attached_bomb_is_refused_before_the_server_opens_it(tmp_path):
    with pytest.raises(BadFile) as refused:
        files.store(io.BytesIO(pdf_bombs.packed(300)), "a.pdf", tmp_path)

    assert "quá nhiều bộ nhớ" in str(refused.value.message)
    assert list(tmp_path.iterdir()) == []


def test_control_pdf_opened_without_limits_is_taken():
    wide = Budget(seconds=30, memory=2048 * MEGABYTE)

    assert pdf_files.judge(pdf_bombs.packed(300), wide) == pdf_files.Judged.SOUND
