"""Who issues a paper, and how its signature reads (NĐ 30/2020, Phụ lục I, II.1 and II.7)."""

from dataclasses import dataclass

from models.organisation import Post, UnitKind

DEPUTY = "Phó "
_COMMITTEES = {"UBND": "ỦY BAN NHÂN DÂN", "Ủy ban nhân dân": "ỦY BAN NHÂN DÂN"}
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


def letters(name: str) -> str:
    """A body's letters in its document numbers: Sở Tư pháp is STP, Sở Nội vụ SNV."""
    return "".join(word[0].upper() for word in name.split() if word not in _SMALL_WORDS)


def titles(
    title: str, *, is_deputy: bool, committee: str = "", instead: str = ""
) -> list[str]:
    """The lines above a signature, in capitals.

    Giám đốc signs as himself; a deputy in his stead (KT.); who was authorised by him for a time by
    authority (TUQ.), with the own title `instead`; a committee speaks as a body (TM. `committee`).
    A Chairman's own decision carries no TM.: he decides himself.
    """
    head = title.removeprefix(DEPUTY)
    head = head[:1].upper() + head[1:]
    body = [f"TM. {committee}"] if committee else []
    if instead:
        lines = [*body, f"TUQ. {title}", instead]
    elif is_deputy:
        lines = [*body, f"KT. {head}", title]
    else:
        lines = [*body, title]
    return [line.upper() for line in lines]


def of_post(post: Post, *, committee: str = "") -> list[str]:
    """The lines above the signature of whoever holds the post."""
    return titles(post.title, is_deputy=post.is_deputy, committee=committee)
