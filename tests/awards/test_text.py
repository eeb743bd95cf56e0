"""Vietnamese text: one normal form, a folded form to search in, a key to sort by."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards import text


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đường", "duong"),
        ("ĐƯỜNG", "duong"),
        ("đ Đ", "d d"),
        ("Nguyễn Thị Thùy", "nguyen thi thuy"),
        ("Nguyễn Thị Thuỳ", "nguyen thi thuy"),
        ("Ông Ỷ, Bà Ẵm", "ong y, ba am"),
        (unicodedata.normalize("NFD", "Phường Phố Hiến"), "phuong pho hien"),
        ("ươ ăâêôơư", "uo aaeoou"),
        ("HS-2026-00042", "hs-2026-00042"),
        ("hai   dòng\n\tmột", "hai dong mot"),
        ("", ""),
    ],
)
def test_fold_takes_the_marks_off(written, folded):
    assert text.fold(written) == folded


def test_duong_finds_every_spelling_of_duong():
    names = ["Đường", "Dương", "Dường", "Đương", "đường"]

    assert [name for name in names if "duong" in text.fold(name)] == names


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Nguyễn   Văn\u00a0A \n", "Nguyễn Văn A"),
        ("một\r\nhai\tba", "một hai ba"),
        (unicodedata.normalize("NFD", "Đặng Thu Huyền"), "Đặng Thu Huyền"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_one_line_is_composed_and_single_spaced(typed, kept):
    assert text.one_line(typed) == kept


def test_nfc_keeps_line_breaks():
    assert text.nfc("  một\n hai ") == "một\n hai"


@pytest.mark.parametrize(
    "in_order",
    [
        ["Trần Thị An", "Lê Văn Ân", "Bùi Bình", "Nguyễn Cường", "Phạm Dũng", "Hồ Đào"],
        ["Trần Hà", "Nguyễn Hải"],  # a short given name goes before the longer one
        ["Trần Văn An", "Bùi Văn Anh"],
        ["Nguyễn Văn Hà", "Bùi Văn Hạ"],  # the given name's tone before the family name
        ["Tô Văn An", "Tống Văn An"],  # a short family name goes before the longer one
        ["Lê Văn An", "Lều Văn An"],
        ["Bùi Văn An", "Đỗ Văn An", "Nguyễn Thị An", "Nguyễn Văn An"],
        ["Lan", "Lê Lan", "Trần Lan"],
        ["Nguyễn Thị Uyên", "Nguyễn Thị Ước", "Nguyễn Thị Vân"],
        ["A", "Ă", "Â", "B", "D", "Đ", "E", "Ê", "O", "Ô", "Ơ", "U", "Ư"],
    ],
)
def test_names_sort_by_given_name_in_the_alphabet_order(in_order):
    keys = [text.name_key(name) for name in in_order]

    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    "name", ["", " ", "A", "Ông 😀", "李", "x" * 200, "Bộ phận Một cửa, 5"]
)
def test_any_name_has_a_key(name):
    assert isinstance(text.name_key(name), bytes)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(typed):
    assert text.fold(text.fold(typed)) == text.fold(typed)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="aăâbdđeêioôơuưyáàảãạếềểễệ ABĐ\u0301\u0323", max_size=30))
def test_composed_and_decomposed_text_is_one(typed):
    decomposed = unicodedata.normalize("NFD", typed)

    assert text.nfc(decomposed) == text.nfc(typed)
    assert text.fold(decomposed) == text.fold(
        text.nfc(typed) if typed == typed.strip() else typed
    )
    assert text.name_key(text.nfc(decomposed)) == text.name_key(text.nfc(typed))
