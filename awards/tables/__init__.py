"""What each list holds when it is handed out as a spreadsheet, and who may have it.

Spreadsheets are papers: they are in Vietnamese, whatever language the pages are read in. A list
holds what its reader may see on the pages, and nothing that is not shown there.
"""

from awards.tables import (
    accounts,
    audited,
    decision_papers,  # noqa: F401 - adds its parts to the archive of a decision
    decisions,
    events,
    evidence,
    nominations,
    organisation,
    outcomes,
    overview,
    quality,
    records,
)
from awards.tables.asking import Asked, Source
from models.exports import ExportKind

SOURCES: dict[ExportKind, Source] = {
    ExportKind.NOMINATIONS: nominations.LIST,
    ExportKind.BOARD: nominations.BOARD,
    ExportKind.OUTCOMES: outcomes.SOURCE,
    ExportKind.ORGANISATION: organisation.SOURCE,
    ExportKind.HISTORY: events.SOURCE,
    ExportKind.ACCOUNTS: accounts.SOURCE,
    ExportKind.DECISION: decisions.SOURCE,
    ExportKind.RECORDS: records.SOURCE,
    ExportKind.QUALITY: quality.SOURCE,
    ExportKind.OVERVIEW: overview.SOURCE,
    ExportKind.EVENTS: audited.SOURCE,
    ExportKind.NOMINATION_EVIDENCE: evidence.NOMINATION,
    ExportKind.DECISION_EVIDENCE: evidence.DECISION,
}

__all__ = ["SOURCES", "Asked", "Source"]
