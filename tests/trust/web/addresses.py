"""Every address of docs/permissions.md, with the numbers of something that exists."""

from tests.permissions import ROLES, STRANGER, TABLE, targets
from tests.stages import PEOPLE, Stages

UNSAFE = [row[0][5:] for row in TABLE[1:] if row[0].startswith("POST ")]
_LOOKED_AT = [row[0] for row in TABLE[1:] if row[0].startswith("GET ")]


def address(found: Stages, path: str, place: str = "prepare_nomination") -> str:
    """The address of something that exists, of the unit of the people who ask."""
    case = found.cases[place]["own"]
    names = {
        "CODE": case.code,
        "ATTACHMENT": case.attachment,
        "DECISION": found.cases["awarded"]["own"].decision,
        "NOTICE": found.cases["refused"]["own"].notice,
        "LIST": found.own_list,
        "BATCH": found.own_batch,
        "EXPORT": found.own_export,
        "PROPOSAL": found.own_proposal,
        "GROUP": found.group,
        "TASK": case.task,
        "UNIT": "SO-TP",
        "BLOCK": "K01",
    }
    for name, value in names.items():
        path = path.replace(name, str(value))
    return "/".join(
        "1" if part.isupper() and part.isalpha() else part for part in path.split("/")
    )


def pages(found: Stages, *, by_everybody: bool) -> list[tuple[str, str]]:
    """Who looks at what: everybody at everything, or a stranger and one who may."""
    return [
        (login, path)
        for wanted in _LOOKED_AT
        for login in ["", *PEOPLE.values()]
        for path in _paths(found, wanted, login, by_everybody=by_everybody)
    ]


def _paths(found: Stages, wanted: str, login: str, *, by_everybody: bool) -> list[str]:
    roles = [STRANGER, *(r for r in ROLES if any(o for _p, o in targets(found, wanted, r)))]
    mine = next((role for role, name in PEOPLE.items() if name == login), STRANGER)
    if not by_everybody and mine not in (STRANGER, roles[-1]):
        return []
    asked = sorted(targets(found, wanted, mine), key=lambda target: not target[1])
    return [path.partition(" ")[2] for path, _is_open in asked[:1]]
