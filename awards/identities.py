"""Identity numbers of nominees: what one looks like, and what most people see of it."""

import re

MAX_LENGTH = 20
_CITIZEN = re.compile(r"\d{12}", re.ASCII)
_CADRE = re.compile(r"(?=.*[A-Z]|\d{1,8}$)[A-Z0-9][A-Z0-9./-]{2,19}", re.ASCII)
_BLANKS = re.compile(r"\s+")
_LEFT = 3


def tidy(written: str) -> str:
    """As it is kept: without blanks, letters in capitals."""
    return _BLANKS.sub("", written).upper()


def is_one(number: str) -> bool:
    """A citizen's twelve digits, or a cadre code; digits alone that are neither were mistyped."""
    return bool(_CITIZEN.fullmatch(number) or _CADRE.fullmatch(number))


def masked(number: str) -> str:
    """The last three characters: enough to tell two people of one name apart."""
    return "•" * (len(number) - _LEFT) + number[-_LEFT:] if number else ""
