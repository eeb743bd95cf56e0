"""Search by words: an index of nominations' words and of what people entered.

`nomination.search_text` is written anew: each word without its marks, then as it is written. What
was entered before is gathered by the background, from the history's beginning, or at once by
`flask --app app search rebuild`.
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT_ONCE = 5_000
_ERASED = "(đã xóa)"
_TABLES = {"nomination": "id", "entered_text": "submission_id"}
_WORD = re.compile(r"[^\W_]+")


def upgrade() -> None:
    op.create_table(
        "entered_text",
        sa.Column("submission_id", _BIG, sa.ForeignKey("submission.id"), primary_key=True),
        sa.Column("nomination_id", _BIG, sa.ForeignKey("nomination.id"), nullable=False),
        sa.Column("element_id", sa.String(200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
    )
    op.create_index("ix_entered_text_nomination", "entered_text", ["nomination_id"])
    op.execute(
        "INSERT INTO history_mark (reader, read_to) SELECT 'search', 0"
        " WHERE NOT EXISTS (SELECT 1 FROM history_mark WHERE reader = 'search')"
    )
    _fill()
    for table, key in _TABLES.items():
        if op.get_bind().dialect.name == "sqlite":
            _index_by_fts5(table, key)
        else:
            op.execute(
                f"CREATE INDEX ix_{table}_words ON {table}"
                " USING gin (to_tsvector('simple', search_text))"
            )


def downgrade() -> None:
    for table in _TABLES:
        if op.get_bind().dialect.name == "sqlite":
            for act in ("added", "changed", "gone"):
                op.execute(f"DROP TRIGGER {table}_words_{act}")
            op.execute(f"DROP TABLE {table}_words")
        else:
            op.execute(f"DROP INDEX ix_{table}_words")
    op.execute("DELETE FROM history_mark WHERE reader = 'search'")
    op.drop_table("entered_text")


def _index_by_fts5(table: str, key: str) -> None:
    """An index that keeps no text of its own, no places of words, and nothing that was deleted.

    Beginnings of up to three letters have lists of their own, or they would be put together from
    those of all words that begin so.
    """
    name = f"{table}_words"
    added = f"INSERT INTO {name} (rowid, search_text) VALUES (NEW.{key}, NEW.search_text)"
    gone = (
        f"INSERT INTO {name} ({name}, rowid, search_text)"
        f" VALUES ('delete', OLD.{key}, OLD.search_text)"
    )
    changed = "WHEN OLD.search_text <> NEW.search_text"
    for statement in (
        f"""CREATE VIRTUAL TABLE {name} USING fts5 (
              search_text, content = '{table}', content_rowid = '{key}',
              tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2 3', detail = none, columnsize = 0
            )""",
        f"INSERT INTO {name} ({name}, rank) VALUES ('secure-delete', 1)",
        f"INSERT INTO {name} ({name}) VALUES ('rebuild')",
        f"CREATE TRIGGER {name}_added AFTER INSERT ON {table} BEGIN {added}; END",
        f"CREATE TRIGGER {name}_gone AFTER DELETE ON {table} BEGIN {gone}; END",
        f"CREATE TRIGGER {name}_changed AFTER UPDATE OF search_text ON {table} {changed}"
        f" BEGIN {gone}; {added}; END",
    ):
        op.execute(statement)


def _fill() -> None:
    connection = op.get_bind()
    query = sa.text(
        "SELECT nomination.id, nomination.code, nominee.name, unit.name, award.name"
        " FROM nomination JOIN nominee ON nominee.id = nominee_id"
        " JOIN unit ON unit.id = unit_id JOIN award ON award.id = award_id"
        " WHERE nomination.id > :last ORDER BY nomination.id LIMIT :many"
    )
    keep = sa.text("UPDATE nomination SET search_text = :words WHERE id = :id")
    last = 0
    while rows := connection.execute(query, {"last": last, "many": _AT_ONCE}).all():
        changes = [{"id": id_, "words": _words(*names)} for id_, *names in rows]
        connection.execute(keep, changes)
        last = rows[-1][0]


def _words(*names: str) -> str:
    whole = unicodedata.normalize("NFC", " ".join(n for n in names if n != _ERASED)).lower()
    marks = unicodedata.normalize("NFD", whole.replace("đ", "d"))
    plain = "".join(c for c in marks if not unicodedata.combining(c))
    found = [" ".join(_WORD.findall(text)) for text in (plain, whole)]
    return " ".join(dict.fromkeys(found))
