"""Who issues a paper, and how its signature reads (NĐ 30/2020, Phụ lục I, II.1 and II.7)."""

from dataclasses import dataclass

from awards.province import HUNG_YEN
from models.organisation import Post, UnitKind

DEPUTY = "Phó "
_COMMITTEES = {"UBND": "ỦY BAN NHÂN DÂN", "Ủy ban nhân dân": "ỦY BAN NHÂN DÂN"}
STANDING = " thường trực"
_SMALL_WORDS = {"và", "của", "các"}


@dataclass(frozen=True, slots=True)
class Issuer:
    """The body a paper comes from: its head lines, its letters in document numbers, its name.

    `parent` stands above in plain letters, `lines` below it in bold. A committee (UBND) signs as a
    body, so its papers carry TM.
    """

    name: str
    parent: str
    lines: tuple[str, ...]
    symbol: str
    is_committee: bool = False


def unit(name: str, kind: UnitKind, parent: str) -> Issuer:
    """The issuer of a unit's papers: a commune's committee heads its papers with its place."""
    is_committee = kind in (UnitKind.COMMUNE, UnitKind.WARD)
    for prefix, words in _COMMITTEES.items():
        if is_committee and name.startswith(prefix):
            place = name.removeprefix(prefix).strip().upper()
            return Issuer(name, "", (words, place), "UBND", is_committee=True)
    return Issuer(name, parent.upper(), (name.upper(),), letters(name), is_committee)


def department() -> Issuer:
    """Sở Nội vụ, which appraises and proposes."""
    return unit(HUNG_YEN.department, UnitKind.ADMINISTRATIVE, HUNG_YEN.committee)


def letters(name: str) -> str:
    """A body's letters in its document numbers: Sở Tư pháp is STP, Sở Nội vụ SNV."""
    return "".join(word[0].upper() for word in name.split() if word not in _SMALL_WORDS)


def titles(
    title: str,
    *,
    is_deputy: bool = False,
    committee: str = "",
    instead: str = "",
    by_order: str = "",
) -> list[str]:
    """The lines above a signature, in capitals.

    Giám đốc signs as himself; a deputy in his stead (KT.); who was authorised by him for a time by
    authority (TUQ.), with the own title `instead`; the head of an office below by his order (TL.),
    with the own title `by_order`; a committee speaks as a body (TM. `committee`). A Chairman's own
    decision carries no TM.: he decides himself.
    """
    body = [f"TM. {committee}"] if committee else []
    if by_order:
        lines = [f"TL. {title}", *_in_stead(by_order, is_deputy=is_deputy)]
    elif instead:
        lines = [*body, f"TUQ. {title}", instead]
    else:
        lines = [*body, *_in_stead(title, is_deputy=is_deputy)]
    return [line.upper() for line in lines]


def of_post(post: Post, *, committee: str = "") -> list[str]:
    """The lines above the signature of whoever holds the post."""
    return titles(post.title, is_deputy=post.is_deputy, committee=committee)


def _in_stead(title: str, *, is_deputy: bool) -> list[str]:
    if not is_deputy:
        return [title]
    head = title.removeprefix(DEPUTY)
    if head.lower().endswith(STANDING):  # the deputy is the standing one, not the head
        head = head[: -len(STANDING)]
    return [f"KT. {head[:1].upper()}{head[1:]}", title]
