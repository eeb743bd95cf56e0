"""Passwords: how they are kept, and which are too easy to guess.

After NIST SP 800-63B-4: length and a block list, no rules about kinds of characters, no expiry.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from string import digits, punctuation
from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from awards import text
from awards.errors import TooBusy, WeakPassword
from workflows.words import N_

MIN_LENGTH = 15
MAX_LENGTH = 500  # nobody types more, and hashing takes time
UNSET = "!"
"""No password has this hash."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's floor
_NOBODY = _HASHER.hash("nobody has this password")
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])
_OURS = (
    "vinh danh, thi dua, khen thuong, chien si, lao dong, tien tien, bang khen, giay khen, "
    "danh hieu, ho so, mat khau, so noi vu, ubnd, uy ban nhan dan, hung yen, thai binh, "
    "viet nam, admin, quan tri, password"
)
_BETWEEN = frozenset(" .,-_@")
_AROUND = digits + punctuation + " "
_LEFT = 6  # as much must not come from words that anybody would try first
_TURNS = Semaphore(1)
_ROOM = Semaphore(
    4
)  # whose turn it is, and who waits: half of the server's threads stay free
_PATIENCE = 3.0  # seconds


def hash_password(password: str) -> str:
    """Argon2id."""
    return _HASHER.hash(_normal(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password has this hash; takes as long where there is none."""
    try:
        _HASHER.verify(password_hash or _NOBODY, _normal(password[: MAX_LENGTH + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether it was hashed with less work than is right today."""
    return _HASHER.check_needs_rehash(password_hash)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Around checking a password: a flood of them must not keep everybody else from working.

    Raises TooBusy for whoever would wait too long, or finds too many waiting.
    """
    with _place(_ROOM, 0), _place(_TURNS, _PATIENCE):
        yield


def is_crowded() -> bool:
    """Whether whoever came now would be sent away."""
    is_free = _ROOM.acquire(blocking=False)
    if is_free:
        _ROOM.release()
    return not is_free


@contextmanager
def _place(among: Semaphore, patience: float) -> Iterator[None]:
    if not among.acquire(timeout=patience):
        raise TooBusy
    try:
        yield
    finally:
        among.release()


def check(password: str, about: Iterable[str] = ()) -> None:
    """Raise WeakPassword when it is too short, too common, or made of what is known of the person.

    `about` are names that somebody who guesses would try: the login, the person's, the unit's.
    """
    chosen = _normal(password)
    if len(chosen) < MIN_LENGTH:
        raise WeakPassword(
            N_("Mật khẩu cần ít nhất %(count)s ký tự; một câu dễ nhớ là tốt nhất."),
            count=MIN_LENGTH,
        )
    if len(chosen) > MAX_LENGTH:
        raise WeakPassword(
            N_("Mật khẩu dài quá %(count)s ký tự. Rút gọn rồi gửi lại."), count=MAX_LENGTH
        )
    plain = _letters(chosen)
    if _is_common(chosen.lower()) or _is_common(plain):
        raise WeakPassword(
            N_("Mật khẩu này nằm trong danh sách hay bị đoán. Chọn một câu khác.")
        )
    if _is_pattern(chosen.lower()):
        raise WeakPassword(N_("Mật khẩu này lặp lại hoặc theo dãy. Chọn một câu khác."))
    if len(_without(plain, (*_OURS.split(", "), *about))) < _LEFT:
        raise WeakPassword(
            N_(
                "Mật khẩu này ghép từ tên của bạn, đơn vị hoặc từ ai cũng đoán được. "
                "Chọn một câu khác."
            )
        )


def _normal(password: str) -> str:
    """The same for the same letters, whichever way a keyboard composes them."""
    return unicodedata.normalize("NFC", password)


def _letters(password: str) -> str:
    """Without what stands between words, and the marks on letters."""
    return "".join(c for c in text.fold(password) if c not in _BETWEEN)


def _is_common(plain: str) -> bool:
    """On the list as it is, written several times, or with figures and marks at an end."""
    parts = {plain[:n] for n in range(1, len(plain) + 1) if not plain[n:].strip(_AROUND)}
    parts |= {plain[n:] for n in range(len(plain)) if not plain[:n].strip(_AROUND)}
    for part in list(parts):
        sizes = (n for n in range(1, len(part) // 2 + 1) if len(part) % n == 0)
        parts |= {part[:n] for n in sizes if part[:n] * (len(part) // n) == part}
    return bool(parts & _COMMON)


def _is_pattern(plain: str) -> bool:
    """A few characters over and over, or a run of neighbours, such as abcdef."""
    steps = [ord(b) - ord(a) for a, b in pairwise(plain)]
    in_a_row = sum(1 for step in steps if step in (-1, 0, 1))
    return len(set(plain)) < _LEFT or in_a_row > len(plain) * 2 // 3


def _without(plain: str, about: Iterable[str]) -> str:
    """What is left without these words, and without figures at the end, as of a year."""
    words = {
        _letters(word) for name in about for word in (name, *re.split(r"[\s.@_-]+", name))
    }
    for word in sorted((w for w in words if len(w) > 2), key=len, reverse=True):  # noqa: PLR2004 - shorter ones are in anything
        plain = plain.replace(word, "")
    return plain.strip("0123456789")
