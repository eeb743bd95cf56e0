"""The printed papers: the Chairman's award decision as PDF.

Layout: Nghị định 30/2020/NĐ-CP, Phụ lục I. The words of law, the names of bodies and the
number are data: which law a decision cites depends on its date, and that is for the caller.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from awards import signatures
from awards.templates import qr
from awards.templates.typesetting import UnprintableText, compile_paper
from models.awards import NomineeKind

__all__ = ["UnprintableText", "compile_paper"]


@dataclass(frozen=True, kw_only=True)
class Awardee:
    """Who is awarded, as printed: a collective has no honorific and no position."""

    kind: NomineeKind
    name: str
    unit: str
    honorific: str = ""
    position: str = ""


@dataclass(frozen=True, kw_only=True)
class DecisionPaper:
    """What a decision says. Without `number` and `issued_on` it is a draft, with blanks.

    `authority` is who decides ("Chủ tịch Ủy ban nhân dân tỉnh Hưng Yên"); `award` and
    `achievement` make the sentence of Điều 1: "Tặng {award} cho … {achievement}".
    `legal_bases` and `proposed_by` come without closing mark, `recipients` without dash.
    """

    issuer_lines: tuple[str, ...]
    authority: str
    place: str
    number: int | None
    suffix: str
    issued_on: date | None
    subject: str
    legal_bases: tuple[str, ...]
    proposed_by: str
    award: str
    achievement: str
    bonus: str
    execution: str
    awardees: tuple[Awardee, ...]
    signer_name: str
    is_deputy: bool
    recipients: tuple[str, ...]
    drafter: str
    deputy_post: str = "Phó Chủ tịch"
    check_at: str = ""


@dataclass(frozen=True, kw_only=True)
class AmendmentPaper:
    """What a correction or revocation says: how each awardee was printed, and how it reads now."""

    is_revocation: bool
    issuer_lines: tuple[str, ...]
    authority: str
    place: str
    number: int
    suffix: str
    issued_on: date
    changed: str
    changed_on: date
    reason: str
    rows: tuple[tuple[str, str, str], ...]
    department: str
    signer_name: str
    is_deputy: bool
    recipients: tuple[str, ...]
    drafter: str
    deputy_post: str = "Phó Chủ tịch"
    check_at: str = ""


@dataclass(frozen=True)
class _Kind:
    noun: str
    columns: tuple[str, ...]


_KINDS = {
    NomineeKind.COLLECTIVE: _Kind("tập thể", ("STT", "Tên tập thể", "Đơn vị")),
    NomineeKind.INDIVIDUAL: _Kind("cá nhân", ("STT", "Họ và tên", "Chức vụ", "Đơn vị")),
    NomineeKind.HOUSEHOLD: _Kind("hộ gia đình", ("STT", "Hộ gia đình", "Địa chỉ")),
}


def decision_words(paper: DecisionPaper) -> dict[str, Any]:
    """The words of an award decision with its annex."""
    return {
        "parent": "",
        "lines": paper.issuer_lines,
        "authority": paper.authority,
        "number_line": number_line(paper.number, paper.suffix),
        "date_line": date_line(paper.place, paper.issued_on),
        "date": paper.issued_on
        and {part: getattr(paper.issued_on, part) for part in ("year", "month", "day")},
        "subject": paper.subject,
        "grounds": closed([*paper.legal_bases, paper.proposed_by], between=";", last="."),
        "articles": closed(
            [_award_sentence(paper), paper.bonus, paper.execution], between=".", last="./."
        ),
        "recipients": closed(
            ["Như Điều 3", *paper.recipients, f"Lưu: VT, {paper.drafter}"],
            between=";",
            last=".",
        ),
        "signer_titles": _chairman(paper),
        "signer_name": paper.signer_name,
        "annex": _annex(paper),
        "check_at": paper.check_at,
        "code": qr.svg(paper.check_at),
    }


def amendment_words(paper: AmendmentPaper) -> dict[str, Any]:
    """The words of a correction or a revocation."""
    verb = "hủy bỏ" if paper.is_revocation else "đính chính"
    changed = (
        f"Quyết định số {paper.changed} {day_words(paper.changed_on)} của {paper.authority}"
    )
    subject = f"Về việc {verb} Quyết định số {paper.changed}"
    return {
        "parent": "",
        "lines": paper.issuer_lines,
        "authority": paper.authority,
        "number_line": number_line(paper.number, paper.suffix),
        "date_line": date_line(paper.place, paper.issued_on),
        "date": {part: getattr(paper.issued_on, part) for part in ("year", "month", "day")},
        "subject": subject,
        "grounds": closed(
            [
                f"Căn cứ {changed}",
                f"Xét {paper.reason[0].lower()}{paper.reason[1:]}",
                f"Theo đề nghị của Giám đốc {paper.department}",
            ],
            between=";",
            last=".",
        ),
        "articles": closed(
            [
                _amendment_sentence(paper, changed),
                (
                    f"Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc {paper.department} và các "
                    "cơ quan, đơn vị, cá nhân có liên quan chịu trách nhiệm thi hành Quyết định "
                    "này kể từ ngày ký"
                ),
            ],
            between=".",
            last="./.",
        ),
        "recipients": closed(
            ["Như Điều 2", *paper.recipients, f"Lưu: VT, {paper.drafter}"],
            between=";",
            last=".",
        ),
        "signer_titles": _chairman(paper),
        "signer_name": paper.signer_name,
        "annex": _amendment_annex(paper, subject),
        "check_at": paper.check_at,
        "code": qr.svg(paper.check_at),
    }


def number_line(number: int | None, suffix: str) -> str:
    """Số: 07/QĐ-UBND; a draft has a blank where the number will stand."""
    return f"Số: {number_words(number, suffix)}"


def date_line(place: str, day: date | None) -> str:
    """Hưng Yên, ngày 05 tháng 12 năm 2026; a draft has blanks."""
    return f"{place}, {day_words(day)}"


def number_words(number: int | None, suffix: str) -> str:
    """NĐ 30, II.3: below ten a leading zero."""
    digits = "\u2003" * 2 if number is None else f"{number:02}"
    return f"{digits}/{suffix}"


def day_words(day: date | None) -> str:
    """NĐ 30, II.4: a leading zero for days below ten and for months 1 and 2 only."""
    if day is None:
        return "ngày\u2003\u2003tháng\u2003\u2003năm\u2003\u2003"
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)  # noqa: PLR2004 - January and February
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def closed(items: Iterable[str], *, between: str, last: str) -> list[str]:
    """Every item ends as NĐ 30 wants it, whatever it ended with before."""
    bare = [item.rstrip(" ;,./") for item in items]
    return [f"{item}{between}" for item in bare[:-1]] + [f"{bare[-1]}{last}"]


def _chairman(paper: DecisionPaper | AmendmentPaper) -> list[str]:
    """The Chairman decides himself, so no "TM. ỦY BAN NHÂN DÂN" above him."""
    title = paper.deputy_post if paper.is_deputy else "Chủ tịch"
    return signatures.titles(title, is_deputy=paper.is_deputy)


def _amendment_sentence(paper: AmendmentPaper, changed: str) -> str:
    return (
        f"Hủy bỏ kết quả khen thưởng đối với {len(paper.rows):02} trường hợp tại {changed} "
        "(có danh sách kèm theo); thu hồi hiện vật và tiền thưởng theo quy định"
        if paper.is_revocation
        else f"Đính chính {len(paper.rows):02} nội dung tại {changed} (có danh sách kèm theo); các "
        "nội dung khác giữ nguyên"
    )


def _amendment_annex(paper: AmendmentPaper, subject: str) -> dict[str, Any]:
    columns = (
        ["STT", "Đã ghi", "Đơn vị"]
        if paper.is_revocation
        else ["STT", "Đã ghi", "Nay ghi là"]
    )
    rows = [
        [str(n), was, unit if paper.is_revocation else reads]
        for n, (was, unit, reads) in enumerate(paper.rows, start=1)
    ]
    reference = f"Kèm theo Quyết định số {number_words(paper.number, paper.suffix)}"
    return {
        "title": [subject.removeprefix("Về việc ")],
        "reference": [
            f"{reference} {day_words(paper.issued_on)}",
            f"của {paper.authority}",
        ],
        "groups": [{"heading": "", "columns": columns, "rows": rows}],
    }


def _award_sentence(paper: DecisionPaper) -> str:
    if len(paper.awardees) == 1:
        awarded = f"{_in_a_sentence(paper.awardees[0])},"
    else:
        awarded = _counts(paper)
    return f"Tặng {paper.award} cho {awarded} {paper.achievement} (có danh sách kèm theo)"


def _in_a_sentence(awardee: Awardee) -> str:
    name = printed_name(awardee)
    if awardee.honorific:
        name = name[0].lower() + name[1:]
    return ", ".join(part for part in (name, awardee.position, awardee.unit) if part)


def _counts(paper: DecisionPaper) -> str:
    counts = [f"{len(members):02} {_KINDS[kind].noun}" for kind, members in _grouped(paper)]
    return " và ".join(filter(None, [", ".join(counts[:-1]), counts[-1]]))


def _grouped(paper: DecisionPaper) -> list[tuple[NomineeKind, list[Awardee]]]:
    groups = [(kind, [a for a in paper.awardees if a.kind == kind]) for kind in _KINDS]
    return [(kind, members) for kind, members in groups if members]


def _annex(paper: DecisionPaper) -> dict[str, Any]:
    groups = _grouped(paper)
    nouns = ", ".join(_KINDS[kind].noun for kind, _ in groups)
    return {
        "title": [nouns, f"được tặng {paper.award}"],
        "reference": [
            (
                f"Kèm theo Quyết định số {number_words(paper.number, paper.suffix)} "
                f"{day_words(paper.issued_on)}"
            ),
            f"của {paper.authority}",
        ],
        "groups": [
            {
                "heading": f"{numeral}. {_KINDS[kind].noun.upper()} ({len(members):02})",
                "columns": _KINDS[kind].columns,
                "rows": [
                    _row(place, member) for place, member in enumerate(members, start=1)
                ],
            }
            for numeral, (kind, members) in zip(("I", "II", "III"), groups, strict=False)
        ],
    }


def _row(place: int, awardee: Awardee) -> list[str]:
    post = [awardee.position] if awardee.kind == NomineeKind.INDIVIDUAL else []
    return [str(place), printed_name(awardee), *post, awardee.unit]


def printed_name(awardee: Awardee) -> str:
    """How papers call who is awarded: Bà Nguyễn Thị Đào, Hộ gia đình ông Bùi Văn Thẵng."""
    if not awardee.honorific:
        return awardee.name
    if awardee.kind == NomineeKind.HOUSEHOLD:
        return f"Hộ gia đình {awardee.honorific.lower()} {awardee.name}"
    return f"{awardee.honorific} {awardee.name}"
