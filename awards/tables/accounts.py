"""Everybody with an account: what they are called, which posts they hold, whether they get in."""

from collections.abc import Sequence

from awards import access, accounts, passwords, people
from awards.sheets import Column, Table
from awards.tables.asking import Asked, Source
from models.organisation import Person
from workflows import calendar


def _tables(asked: Asked) -> Sequence[Table]:
    today = calendar.today(asked.at)

    def posts(person: Person) -> str:
        held = people.actor_of(person, today).own.posts
        return "; ".join(post.acting_as for post in held)

    columns = (
        Column("Danh xưng", lambda person: person.honorific, 10),
        Column("Họ và tên", lambda person: person.name, 28),
        Column("Tên đăng nhập", lambda person: person.login, 24),
        Column("Chức vụ hôm nay", posts, 60),
        Column("Tài khoản", _state, 20),
    )
    return [Table("Người dùng", columns, _listed(asked))]


def _state(person: Person) -> str:
    if not person.is_active:
        return "Đã khóa"
    return "Chưa đặt mật khẩu" if person.password_hash == passwords.UNSET else "Đang dùng"


def _listed(asked: Asked) -> Sequence[Person]:
    return accounts.listed(asked.session, asked.filters.get("q", ""))


SOURCE = Source(
    title="Người dùng",
    file_name="nguoi-dung",
    may=access.keeps_accounts,
    count=lambda asked: len(_listed(asked)),
    tables=_tables,
)
