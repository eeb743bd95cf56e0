"""Makes the moves of recorded paths in a process that remembers nothing.

    python -m tests.processes.cold < paths.json

Before every move all that the engine remembers is forgotten and the files are read anew; of the
marking it is given the text alone. Prints the texts that the moves led to, path by path.
"""

import base64
import json
import sys

from tests.processes.paths import Act, Process, move
from workflows import definitions, engine, expressions
from workflows.engine import Wait, WaitKind

MEMORIES = (engine._start, engine._move, definitions.parse, expressions.parse)


def forget() -> None:
    """Empty every memory of the engine."""
    for memory in MEMORIES:
        memory.cache_clear()


def main() -> None:
    """Read paths from the standard input and answer on the standard output."""
    answers = []
    for name, files, acts in json.load(sys.stdin):
        process = Process(name, tuple(base64.b64decode(file) for file in files))
        texts = []
        for text, (kind, element, ordinal), variables in acts:
            forget()
            act = Act(text, Wait(WaitKind(kind), element, ordinal), variables, "")
            texts.append(move(process.definition(), engine.marking(text), act).text)
        answers.append(texts)
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main()
