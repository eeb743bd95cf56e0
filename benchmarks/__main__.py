"""`make bench`: measure everything on both databases, print it, keep it in results.json."""

import argparse
import json
import os
from multiprocessing import get_context
from pathlib import Path

from benchmarks import certificates, databases, suite
from benchmarks.measuring import ROUNDS, Result, table

HERE = Path(__file__).parent


def main() -> None:
    """Measure what was asked for."""
    chosen = _arguments()
    results: list[Result] = []
    for kind in chosen.database or databases.KINDS:
        # Django knows one database a process, so each gets a process of its own.
        with get_context("spawn").Pool(1) as pool:
            results += pool.apply(suite.measure, (kind, chosen))
    if not chosen.no_papers:
        results += certificates.measure(chosen.rounds)
    print(f"\n{table(results)}\n\nload average {os.getloadavg()[0]:.1f} at the end")
    rows = [result.row() for result in results]
    path = HERE / "results.json"
    path.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--million", action="store_true", help="pages at a million, too")
    parser.add_argument("--count", type=int, action="append", help="pages at this size")
    parser.add_argument("--no-pages", action="store_true", help="acts alone")
    parser.add_argument("--no-acts", action="store_true", help="pages alone")
    parser.add_argument("--no-papers", action="store_true", help="without papers")
    parser.add_argument("--database", action="append", choices=databases.KINDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--at",
        action="append",
        default=[],
        metavar="COUNT=URL",
        help="pages on a database that `python -m benchmarks.generate` has filled",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
