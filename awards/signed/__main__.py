"""The child of `limited.look`: what is asked in the first line of stdin, the PDF behind it."""

import json
import sys
from datetime import datetime
from pathlib import Path

from awards.errors import BadSignedPaper
from awards.signed import reading
from awards.signed.limited import REFUSED
from workflows.budgets import Budget, limit

if __name__ == "__main__":
    name, roots, moment, budget = json.loads(sys.stdin.buffer.readline())
    limit(Budget(*budget))
    content = sys.stdin.buffer.read()
    try:
        found = reading.read(
            content,
            name,
            roots=Path(roots) if roots else None,
            now=datetime.fromisoformat(moment),
        )
        words = reading.first_page(content, name)
    except BadSignedPaper as error:
        sys.stdout.write(json.dumps([error.message, error.values]))
        sys.exit(REFUSED)
    sys.stdout.write(json.dumps([[signature.told() for signature in found], words]))
