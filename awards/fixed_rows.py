"""What never changes once it is there, and is noted in the log: people's names, decisions."""

from models.organisation import Person
from models.papers import Decision
from workflows import records


def _person(row: Person) -> dict[str, object]:
    return {"honorific": row.honorific, "name": row.name}


def _decision(row: Decision) -> dict[str, object]:
    return {
        "kind": row.kind.value,
        "number": row.number,
        "year": row.year,
        "suffix": row.suffix,
        "issued_on": row.issued_on.isoformat(),
        "issued_by": row.issued_by,
        "signer_name": row.signer_name,
        "content": row.content,
        "refers_to": row.refers_to_id,
    }


records.register("person", Person, _person)
records.register("decision", Decision, _decision)
