"""The child of `child.check`: known names in the first line of stdin, the file behind it."""

import json
import sys

from workflows.errors import BadDefinition
from workflows.linter.child import Budget, answer, limit
from workflows.linter.findings import Finding, found, unpacked
from workflows.linter.rules import lint
from workflows.words import N_


def main() -> None:
    """Lint; where nothing is found, let the engine's parser read the file as well."""
    stored, budget = json.loads(sys.stdin.buffer.readline())
    limit(Budget(*budget))
    xml = sys.stdin.buffer.read()
    findings = lint(xml, unpacked(stored)) or _parse(xml)
    sys.stdout.write(answer(findings))


def _parse(xml: bytes) -> list[Finding]:
    from workflows import definitions  # noqa: PLC0415 - slow import, for sound files alone

    try:
        definitions.parse(xml)
    except BadDefinition as error:
        reason = str(error)
    except Exception as error:  # noqa: BLE001 - whatever the parser stumbles over is no fault of ours
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


main()
