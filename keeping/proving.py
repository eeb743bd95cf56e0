"""What a database must show before anybody relies on it, and what it lacks beside another."""

from contextlib import closing

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from awards import reads
from keeping import contents
from workflows import history, log_checks


def first_fault(session: Session) -> tuple[int, str]:
    """How many events hold, and the first thing in any history, or in their log, that does not."""
    checked = 0
    with closing(history.verify_all(session)) as found:
        for instance, fault in found:
            if fault is not None:
                place = f"{fault.business_key}: event {fault.sequence}"
                return checked, f"{place}: {fault.message}"
            checked += instance.history_length
    bad = reads.verify_all(session)
    if bad is not None:
        return checked, f"Reads of {bad.chain}: event {bad.sequence}: {bad.message}"
    broken = log_checks.verify(session)
    if broken is not None:
        return checked, f"Log, {broken.at}: {broken.message}"
    return checked, ""


def missing(there: Connection, here: Connection) -> dict[str, tuple[int, int]]:
    """The events that are there and not here: first and last number, by nomination."""
    known = {code: length for code, length, _head in contents.chains(here)}
    found = {}
    for code, length, _head in contents.chains(there):
        if known.get(code, 0) < length:
            found[code] = (known.get(code, 0) + 1, length)
    return found
