"""docs/data-map.md lists every column there is, each once, with class, purpose and retention."""

import re
from pathlib import Path

from models import sign_ins, signed_papers  # noqa: F401 - and all other tables with them
from models.base import Base

PAGE = (Path(__file__).parents[2] / "docs" / "data-map.md").read_text()
CLASSES = {"none", "office", "personal", "secret"}
KEPT = {"case", "account", "day", "installation"}
LISTED = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
SPEAKING = re.compile(
    r"^(name|login|honorific|birth_date|text|content|reason|file_name|achievements|rows|errors"
    r"|search_text|fields|.*_hash|salt|token|.*_by|person_id|actor_id|author_id|assignee_id)$"
)


def rows(section):
    """The columns of each row of a table's part of the page, and its other cells."""
    for line in section.splitlines():
        if line.startswith("| `"):
            names, *rest = (cell.strip() for cell in line.strip("|").split("|"))
            yield re.findall(r"`(\w+)`", names), rest


def listed():
    """Each column as `table.column`, as often as the page names it, with its class."""
    return [
        (f"{section.split()[0]}.{name}", rest)
        for section in LISTED
        for names, rest in rows(section)
        for name in names
    ]


def columns():
    return sorted(
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
    )


def test_every_column_is_listed_once():
    assert sorted(name for name, _ in listed()) == columns()


def test_every_column_has_class_purpose_and_retention():
    wrong = [
        column
        for column, (kind, purpose, kept) in listed()
        if kind not in CLASSES or kept not in KEPT or len(purpose) <= 3
    ]
    assert wrong == []


PUBLIC = {  # names of things, and hashes that are no secrets
    "award.name", "block.name", "unit.name", "movement.name", "criterion.name",
    "dossier_item.name", "code_counter.name", "clock.name", "legal_basis.text",
    "engine_state.text", "movement.launched_by", "nomination.supplement_by",
    "process_instance.state_hash", "special_day.name", "read_chain.name",
    "registration_target.name",
}  # fmt: skip


def test_what_speaks_of_people_is_not_called_nothing():
    speaking = [
        (column, cells[0])
        for column, cells in listed()
        if SPEAKING.match(column.partition(".")[2]) and column not in PUBLIC
    ]
    assert speaking
    assert [column for column, kind in speaking if kind == "none"] == []
