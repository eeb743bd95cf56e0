"""Reading addresses: what the query asks for, made safe, and pages of lists."""

from dataclasses import dataclass

from flask import request

from awards.listings import PAGE

MAX_TEXT = 200
MAX_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in a list we are."""

    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))

    @property
    def first(self) -> int:
        return min(self.total, (self.number - 1) * PAGE + 1)

    @property
    def last(self) -> int:
        return min(self.total, self.number * PAGE)


def asked(*names: str) -> dict[str, str]:
    """What the address asks for under these names, blanks and NUL bytes taken out."""
    found = {
        name: request.args.get(name, "").replace("\0", "").strip()[:MAX_TEXT]
        for name in names
    }
    return {name: value for name, value in found.items() if value}


def page_number() -> int:
    """The page asked for; the first when it makes no sense."""
    text = request.args.get("page", "1")
    return max(1, min(int(text), MAX_PAGE)) if text.isdecimal() and len(text) < 9 else 1  # noqa: PLR2004 - digits of MAX_PAGE and some


def row_number(text: str) -> int:
    """A row's number as a form hands it on; 0 when it makes no sense."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else 0  # noqa: PLR2004 - digits of 2**31 and less
