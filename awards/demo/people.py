"""The demo province's people: who they are, which posts they hold, how they sign in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import passwords, people
from awards.demo.catalogue import SILENT_UNITS, TWO_TIERS, UNITS
from models.organisation import Block, Person, Post, Role, Unit
from workflows.actors import Actor


@dataclass(frozen=True, slots=True)
class Account:
    """One demo person with one post. `scope` is the code of a unit or a Khối, or empty."""

    role: Role
    login: str
    honorific: str
    name: str
    title: str
    organisation: str
    scope: str = ""
    is_deputy: bool = False

    @property
    def password(self) -> str:
        """Long enough for the rule, and easy to type at a demonstration."""
        return f"vinh-danh-{self.login}"


_OFFICERS = (
    ("lan.tuphap", "Bà", "Trần Thị Lan", "quang.tuphap", "Ông", "Đỗ Minh Quang"),
    ("hoa.yte", "Bà", "Phạm Thu Hoa", "khanh.yte", "Ông", "Bùi Quốc Khánh"),
    ("nam.xaydung", "Ông", "Lê Hoài Nam", "thuy.xaydung", "Bà", "Vũ Thanh Thủy"),
    ("mai.hanhchinhcong", "Bà", "Đoàn Ngọc Mai", "son.hanhchinhcong", "Ông", "Ngô Bá Sơn"),
    ("duc.vangiang", "Ông", "Hoàng Anh Đức", "huyen.vangiang", "Bà", "Đặng Thu Huyền"),
    ("yen.phohien", "Bà", "Lưu Hải Yến", "phong.phohien", "Ông", "Tạ Đình Phong"),
)
_SILENT = (
    ("Nguyễn Thị Thảo", "Vũ Đức Thành"),
    ("Lê Minh Hạnh", "Phạm Văn Hiếu"),
    ("Trần Bích Ngọc", "Đào Quang Huy"),
    ("Hoàng Thị Liên", "Bùi Xuân Trường"),
)
_HEADS = {
    "SO-TP": "Giám đốc",
    "SO-YT": "Giám đốc",
    "SO-XD": "Giám đốc",
    "TT-HCC": "Giám đốc",
    "XA-VG": "Chủ tịch",
    "P-PH": "Chủ tịch",
}
_SNV, _VP, _UBND = "Sở Nội vụ", "Văn phòng UBND tỉnh", "UBND tỉnh Hưng Yên"
_COUNCIL = "Hội đồng Thi đua, khen thưởng tỉnh"
_PROVINCE = (
    (Role.DEPARTMENT_CLERK, "nga.noivu", "Bà", "Nguyễn Thúy Nga", "Văn thư", _SNV, False),
    (Role.DEPARTMENT_SPECIALIST, "tuan.noivu", "Ông", "Mai Anh Tuấn", "Chuyên viên", _SNV, False),
    (Role.DEPARTMENT_SPECIALIST, "linh.noivu", "Bà", "Cao Mỹ Linh", "Chuyên viên", _SNV, False),
    (Role.DEPARTMENT_HEAD, "ha.noivu", "Bà", "Trần Thu Hà", "Phó Giám đốc", _SNV, True),
    (Role.OFFICE_SPECIALIST, "vinh.vanphong", "Ông", "Chu Quang Vinh", "Chuyên viên", _VP, False),
    (Role.CHAIRMAN, "chutich.ubnd", "Ông", "Nguyễn Hữu Bình", "Chủ tịch", _UBND, False),
    (Role.CHAIRMAN, "phochutich.ubnd", "Bà", "Lý Minh Châu", "Phó Chủ tịch", _UBND, True),
    (Role.RECORDS_CLERK, "oanh.vanthu", "Bà", "Kiều Thị Oanh", "Văn thư", _VP, False),
    (Role.COUNCIL_MEMBER, "hoidong", "Ông", "Phan Văn Thành", "Ủy viên", _COUNCIL, False),
    (Role.AUDITOR, "thanhtra", "Bà", "Dương Kim Ngân", "Thanh tra viên", "Thanh tra tỉnh", False),
    (Role.PROCESS_ADMIN, "quantri.quytrinh", "Ông", "Trịnh Công Hưng", "Quản trị", _SNV, False),
    (Role.PROCESS_ADMIN, "hien.quytrinh", "Bà", "Lê Thị Hiền", "Phó quản trị", _SNV, True),
    (Role.SYSTEM_ADMIN, "quantri.hethong", "Ông", "Hà Trọng Nghĩa", "Quản trị", _SNV, False),
)  # fmt: skip
_BLOCK_LEADS = (
    ("K01", "khoitruong.k01", "Ông", "Vương Đình Huy", "Khối trưởng Khối các sở, ngành"),
    ("K02", "khoitruong.k02", "Bà", "Tô Thị Bích", "Khối trưởng Khối xã, phường"),
)


def everybody() -> Iterator[Account]:
    """Every demo account, role by role."""
    names = dict((code, name) for code, name, _kind, _block in UNITS)  # noqa: C402 - reads better
    for (code, unit), (login, honorific, name, *_head) in zip(
        names.items(), _OFFICERS, strict=True
    ):
        yield Account(Role.UNIT_OFFICER, login, honorific, name, "Chuyên viên", unit, code)
    for (code, unit), (*_officer, login, honorific, name) in zip(
        names.items(), _OFFICERS, strict=True
    ):
        yield Account(Role.UNIT_HEAD, login, honorific, name, _HEADS[code], unit, code)
    for code, login, honorific, name, title in _BLOCK_LEADS:
        yield Account(Role.BLOCK_LEAD, login, honorific, name, title, "", code)
    for role, login, honorific, name, title, organisation, is_deputy in _PROVINCE:
        yield Account(role, login, honorific, name, title, organisation, "", is_deputy)


def accounts() -> list[dict[str, str]]:
    """The table that is printed at the start: who may sign in, and with which password."""
    return [
        {
            "role": account.role.value,
            "login": account.login,
            "password": account.password,
            "name": account.name,
            "unit": account.organisation or account.title,
        }
        for account in everybody()
    ]


def silent() -> Iterator[Account]:
    """An officer and a head for each unit that has no account in the demo; a third Khối's lead."""
    title = "Khối trưởng Khối các sở kinh tế, văn hóa"
    yield Account(
        Role.BLOCK_LEAD, "khoitruong.k03", "Ông", "Mạc Văn Dũng", title, "", "K03"
    )
    for (code, unit, _kind, _block), (officer, head) in zip(
        SILENT_UNITS, _SILENT, strict=True
    ):
        login = code.lower().replace("-", ".")
        title = "Chủ tịch" if code.startswith("XA") else "Giám đốc"
        yield Account(
            Role.UNIT_OFFICER, f"canbo.{login}", "Bà", officer, "Chuyên viên", unit, code
        )
        yield Account(Role.UNIT_HEAD, f"thutruong.{login}", "Ông", head, title, unit, code)


def make(session: Session) -> None:
    """Put everybody and their posts into the database."""
    _make(session, everybody())


def make_silent(session: Session) -> None:
    """Put the people of the units into it that have none."""
    _make(session, silent())


def _make(session: Session, wanted: Iterable[Account]) -> None:
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    blocks = {block.code: block for block in session.scalars(select(Block))}
    for account in wanted:
        person = Person(
            login=account.login,
            name=account.name,
            honorific=account.honorific,
            password_hash=passwords.hash_password(account.password),
        )
        person.posts.append(
            Post(
                role=account.role,
                title=account.title,
                organisation=account.organisation,
                is_deputy=account.is_deputy,
                unit=units.get(account.scope),
                block=blocks.get(account.scope),
                valid_from=TWO_TIERS,
            )
        )
        session.add(person)
    session.flush()


def by_queue(session: Session, today: date) -> dict[str, list[Actor]]:
    """The people who serve each queue."""
    served: dict[str, list[Actor]] = {}
    for person in session.scalars(select(Person).order_by(Person.id)):
        actor = people.actor_of(person, today)
        for queue in actor.queues:
            served.setdefault(queue, []).append(actor)
    return served
