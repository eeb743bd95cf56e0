"""The units of the province as of a day, and the posts that are held on it."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from awards import access, blocks, units
from awards.names import ROLES, UNIT_KINDS
from awards.sheets import Column, Table
from awards.tables.asking import Asked, Source
from models.organisation import Person, Post, Unit


def _tables(asked: Asked) -> Sequence[Table]:
    session, day = asked.session, asked.day
    heads = units.heads_on(session, day)
    khoi = {
        unit.id: standing.block.name
        for standing in blocks.standings(session, day)
        for unit in standing.members
    }
    columns = (
        Column("Mã đơn vị", lambda unit: unit.code, 14),
        Column("Đơn vị", lambda unit: unit.name, 40),
        Column("Loại đơn vị", lambda unit: UNIT_KINDS[unit.kind], 20),
        Column("Khối thi đua", lambda unit: khoi.get(unit.id), 36),
        Column("Thủ trưởng", lambda unit: _names(heads.get(unit.id, [])), 28),
        Column("Từ ngày", lambda unit: unit.valid_from, 12),
        Column("Đến hết ngày", lambda unit: unit.valid_to, 12),
    )
    return [
        Table("Đơn vị", columns, units.on(session, day)),
        Table("Chức vụ", _POSTS, _posts(asked)),
    ]


def _scope(post: Post) -> str:
    scope = post.unit or post.block
    return scope.name if scope else ""


_POSTS = (
    Column("Danh xưng", lambda post: post.person.honorific, 10),
    Column("Họ và tên", lambda post: post.person.name, 28),
    Column("Chức danh", lambda post: post.title, 28),
    Column("Nơi làm việc", lambda post: post.organisation, 36),
    Column("Vai trò trong hệ thống", lambda post: ROLES[post.role], 32),
    Column("Phạm vi", _scope, 32),
    Column("Là cấp phó", lambda post: "x" if post.is_deputy else "", 10),
    Column("Từ ngày", lambda post: post.valid_from, 12),
    Column("Đến hết ngày", lambda post: post.valid_to, 12),
)


def _posts(asked: Asked) -> Sequence[Post]:
    query = select(Post).options(
        joinedload(Post.person), joinedload(Post.unit), joinedload(Post.block)
    )
    held = query.where(blocks.within(Post, asked.day))
    return asked.session.scalars(held.order_by(Post.organisation, Post.role, Post.id)).all()


def _names(people: Sequence[Person]) -> str:
    return ", ".join(person.name for person in people)


def _count(asked: Asked) -> int:
    session, day = asked.session, asked.day
    return sum(
        session.scalar(
            select(func.count()).select_from(table).where(blocks.within(table, day))
        )
        or 0
        for table in (Unit, Post)
    )


SOURCE = Source(
    title="Đơn vị và chức vụ",
    file_name="don-vi-chuc-vu",
    may=access.keeps_organisation,
    count=_count,
    tables=_tables,
)
