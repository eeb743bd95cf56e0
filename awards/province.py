"""The province this installation serves: what its papers are headed with, and a post called."""

from dataclasses import dataclass

from models.interests import Relation
from workflows.words import N_

SYSTEM_ADMINISTRATOR = "Quản trị hệ thống"
BLOCK_HEAD, BLOCK_DEPUTY = "Khối trưởng", "Phó Khối trưởng"

INTERESTS = {
    Relation.NONE: N_("không liên quan"),
    Relation.SELF: N_("là chính tôi"),
    Relation.RELATIVE: N_("người thân"),
    Relation.SUPERIOR: N_("thủ trưởng trực tiếp"),
}


@dataclass(frozen=True, slots=True)
class Province:
    """Words that stand on papers. `decision_suffix` follows the number of the Chairman's decisions.

    Hưng Yên numbered the Chairman's award decisions …/QĐ-CTUBND (247/QĐ-CTUBND, 2020), others
    use …/QĐ-UBND.
    """

    name: str
    committee: str
    issuer_lines: tuple[str, ...]
    authority: str
    place: str
    decision_suffix: str
    department: str
    recipients: tuple[str, ...]
    drafter: str


HUNG_YEN = Province(
    name="Tỉnh Hưng Yên",
    committee="Ủy ban nhân dân tỉnh Hưng Yên",
    issuer_lines=("CHỦ TỊCH", "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN"),
    authority="Chủ tịch Ủy ban nhân dân tỉnh Hưng Yên",
    place="Hưng Yên",
    decision_suffix="QĐ-CTUBND",
    department="Sở Nội vụ",
    recipients=("Chủ tịch, các Phó Chủ tịch UBND tỉnh", "Sở Nội vụ"),
    drafter="NC",
)
