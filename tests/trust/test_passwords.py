"""S1 and S2 of trust.md: which passwords are taken, and what is kept of them."""

import random
import unicodedata

import pytest
from sqlalchemy import select

from awards import passwords
from awards.errors import WeakPassword
from awards.passwords import MIN_LENGTH
from models.organisation import Person

pytestmark = pytest.mark.trust
ABOUT = ("lan.tuphap", "Trần Thị Lan", "Sở Tư pháp")
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "ăâđêôơưáàảãạ ếềểễệ",
    "0123456789abcdef",
    "!@#$%^&*()_+-={}[]|:;<>?,./ ~xyz",
    "🐢🐇🦔🐌🐞🦋🐝🪲🐜🦗🕷🦂🐍🦎🐙",
    "漢字かなカナ한글кириллицаαβγδ",
)
PHRASES = ("correct horse battery staple", "cơm nguội chan canh cua", "x9$kQ!vT2@mZ7&pL")


def is_taken(password: str) -> bool:
    try:
        passwords.check(password, ABOUT)
    except WeakPassword:
        return False
    return True


def drawn(count: int) -> list[str]:
    """Random passwords of 8 to 200 characters, of many alphabets."""
    chance = random.Random(15)
    return [
        "".join(chance.choices(chance.choice(ALPHABETS), k=chance.randint(8, 200)))
        for _ in range(count)
    ]


def misjudged(count: int) -> list[str]:
    """Random ones that are taken though short, or refused though long: they are no words."""
    return [
        password
        for password in drawn(count)
        if is_taken(password) != (len(unicodedata.normalize("NFC", password)) >= MIN_LENGTH)
    ]


def common(count: int) -> list[str]:
    """Common passwords that are long enough, or were made so as people do."""
    known = sorted(passwords._COMMON)
    long = [word for word in known if len(word) >= MIN_LENGTH]
    short = [word for word in known if 8 <= len(word) < MIN_LENGTH]
    short = random.Random(1).sample(short, min(count, len(short)))
    return [*long, *(w + w for w in short), *(w + "1234567" for w in short)]


def test_rule_is_length_alone_for_what_is_no_word(size):
    assert misjudged(size(5_000)) == []


def test_longer_minimum_is_caught(monkeypatch):
    monkeypatch.setattr(passwords, "MIN_LENGTH", 20)

    assert misjudged(200) != []


def test_common_passwords_are_refused_however_stretched(size):
    assert [p for p in common(size(3_000)) if is_taken(p)] == []


def test_list_that_is_not_looked_at_is_caught(monkeypatch):
    known = common(100)
    monkeypatch.setattr(passwords, "_COMMON", frozenset())

    assert [password for password in known if is_taken(password)] != []


@pytest.mark.parametrize("phrase", PHRASES)
def test_every_single_character_counts(phrase):
    hasher = passwords.hash_password(phrase)
    changed = [phrase[:n] + "\u01c2" + phrase[n + 1 :] for n in range(len(phrase))]
    changed += [phrase[:-1], phrase + " ", phrase.swapcase()]

    assert passwords.is_right(hasher, phrase)
    assert [other for other in changed if passwords.is_right(hasher, other)] == []


def test_stored_hashes_are_argon2id_of_enough_work(db):
    is_outdated = passwords._HASHER.check_needs_rehash
    kept = passwords.hash_password("x" * MIN_LENGTH)
    people = db.scalars(select(Person.password_hash)).all()

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not is_outdated(kept)
    assert {text.split("$")[1] for text in people} == {"argon2id"}
    assert all(is_outdated(text) for text in people)  # tests hash with little work
