"""What the rules have let through is tried on the engine: read, and started once."""

from workflows import definitions, engine
from workflows.errors import WorkflowError
from workflows.linter.findings import Finding, found
from workflows.words import N_


def trial(xml: bytes) -> list[Finding]:
    """Read a file as the engine would, and start it with no variables; what stood against it.

    May take for ever and any memory: to be called within limits.
    """
    try:
        engine.start(definitions.parse(xml), {})
    except WorkflowError as error:
        reason = str(error)
    except Exception as error:  # noqa: BLE001 - whatever it stumbles over, the file is to blame
        reason = f"{type(error).__name__}: {error}"
    else:
        return []
    return [
        found(
            None,
            N_("Bộ máy không chạy được sơ đồ này: %(reason)s"),
            N_("Sửa phần tử được nêu, hoặc vẽ lại phần đó bằng phần tử khác."),
            reason=reason,
        )
    ]
