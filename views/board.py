"""The board: all nominations by stage, and where each of them stands."""

from types import SimpleNamespace

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from awards import access, listings
from awards.filters import Filters
from awards.overview import Count
from forms.simple import ExportForm
from models.awards import Result
from views import choices, narrowing, reads, saved_views
from views.guards import allow
from views.parsing import Pages, page_number
from views.rows import nomination_row
from views.web import actor, now, reader

board = Blueprint("board", __name__)


@board.get("/board")
@allow(access.follows_nominations)
def show() -> ResponseReturnValue:
    """Counts per stage that filter the table below them."""
    wanted = narrowing.board()
    filters = Filters(**wanted, page=page_number())
    counts = listings.count_by_stage(reader(), actor(), filters, now())
    found = listings.page(reader(), actor(), filters, now(), counts)
    reads.searched("board", filters.q, [r.nomination.code for r in found.rows], found.total)
    sort = wanted.pop("sort", "")
    return render_template(
        "board/index.html",
        all=_whole(counts),
        tiles=[_tile(key, name, counts) for key, name in choices.steps()],
        ends=[
            _tile(key, name, counts)
            for key, name in choices.statuses()
            if key in set(Result)
        ],
        rows=[nomination_row(row) for row in found.rows],
        filters=wanted,
        sort=sort,
        chips=narrowing.chips(wanted),
        choices=narrowing.pickers(),
        views=saved_views.offered("board", wanted | {"sort": sort}),
        page=Pages(filters.page, found.total),
        export_form=ExportForm(formdata=None),
    )


def _tile(key: str, name: str, counts: dict[str, Count]) -> SimpleNamespace:
    counted = counts.get(key, Count())
    return SimpleNamespace(key=key, name=name, count=counted.count, late=counted.late)


def _whole(counts: dict[str, Count]) -> Count:
    return Count(
        sum(c.count for c in counts.values()), sum(c.late for c in counts.values())
    )
