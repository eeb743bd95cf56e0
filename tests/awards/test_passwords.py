"""Passwords: how they are kept, and which are refused."""

import unicodedata

import pytest

from awards import passwords
from awards.demo.people import accounts
from awards.errors import WeakPassword
from models.organisation import Role

ABOUT = ("lan.tuphap", "Trần Thị Lan", "Sở Tư pháp")
GOOD = [
    "cơm nguội chan canh cua",
    "correct horse battery staple",
    "bảy con vịt qua cầu Long Biên",
    "Lan và sáu chú mèo đen",  # a name may be in it
    "🐢🐇🐢🦔🐌🐞🦋🐝🪲🐜🦗🕷🦂🐍🦎",
    "x9$kQ!vT2@mZ7&pL",
    "đường " * 12 + "cùng",
    "ngày 30 tháng 4 năm 1975 trời nắng",
]
WEAK = [
    ("", "ít nhất 15 ký tự"),
    ("short", "ít nhất 15 ký tự"),
    ("x" * 14, "ít nhất 15 ký tự"),
    (unicodedata.normalize("NFD", "ế" * 14), "ít nhất 15 ký tự"),
    ("ệ" * 501, "dài quá 500 ký tự"),
    ("passwordpassword", "hay bị đoán"),
    ("Password123456789", "hay bị đoán"),
    ("qwertyuiopqwertyuiop", "hay bị đoán"),
    ("1qaz2wsx3edc4rfv", "hay bị đoán"),
    ("iloveyou2026!!!!!", "hay bị đoán"),
    ("aaaaaaaaaaaaaaaa", "lặp lại"),
    (" " * 15, "lặp lại"),
    ("abababababababab", "lặp lại"),
    ("123456789012345678", "hay bị đoán|lặp lại"),
    ("abcdefghijklmnopqrst", "lặp lại|hay bị đoán"),
    ("vinh danh thi dua 2026", "ghép từ tên"),
    ("Khen thưởng Hưng Yên 2026", "ghép từ tên"),
    ("lan.tuphap@2026!!", "ghép từ tên"),
    ("TranThiLanSoTuPhap1980", "ghép từ tên"),
    ("vinh-danh-lan.tuphap", "ghép từ tên"),
]


@pytest.mark.parametrize("password", GOOD)
def test_good_password_is_taken(password):
    passwords.check(password, ABOUT)


@pytest.mark.parametrize(("password", "sentence"), WEAK)
def test_weak_password_is_refused_with_the_reason(password, sentence):
    with pytest.raises(WeakPassword, match=sentence):
        passwords.check(password, ABOUT)


def test_list_of_common_passwords_is_long():
    assert len(passwords._COMMON) >= 10_000


@pytest.mark.parametrize("password", ["x" * 15, "mật khẩu rất là dài", "x" * 500])
def test_password_is_hashed_with_a_salt(password):
    first, second = passwords.hash_password(password), passwords.hash_password(password)

    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert password not in first


def test_every_character_counts_and_every_way_to_compose_it_is_the_same():
    kept = passwords.hash_password("mật khẩu của tôi là ế")

    assert passwords.is_right(kept, unicodedata.normalize("NFD", "mật khẩu của tôi là ế"))
    assert not passwords.is_right(kept, "mật khẩu của tôi là ề")
    assert not passwords.is_right(kept, "mật khẩu của tôi là ế ")


@pytest.mark.parametrize("kept", [None, passwords.UNSET, "", "$argon2id$broken"])
def test_nothing_matches_a_hash_that_is_none(kept):
    for password in ("", "!", "nobody has this password", "x" * 100_000, "\0"):
        assert not passwords.is_right(kept, password)


def test_unknown_login_is_checked_like_a_known_one():
    parameters = passwords.hash_password("x" * 15).rsplit("$", 2)[0]

    assert passwords._NOBODY.rsplit("$", 2)[0] == parameters


def test_every_demo_password_is_long_enough():
    found = accounts()

    assert min(len(account["password"]) for account in found) >= passwords.MIN_LENGTH
    assert {account["role"] for account in found} == {role.value for role in Role}
