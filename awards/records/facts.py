"""What a record says, as a form hands it on. Lines go by their place, which they keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from models.awards import NomineeKind
from models.records import Channel, OwnAwardForm


@dataclass(frozen=True, slots=True)
class EvaluationFacts:
    """A unit's judgement of its own year, of 100 points."""

    year: int
    score: int
    leadership: str
    results: str
    shortcomings: str
    next_year: str


@dataclass(frozen=True, slots=True)
class Target:
    """A target; without a number nobody can tell whether it was reached."""

    name: str
    goal: int | None
    measure: str
    reached: int | None


@dataclass(frozen=True, slots=True)
class RegistrationFacts:
    """What a unit sets out to do; targets by place."""

    movement_id: int | None
    year: int
    solutions: str
    targets: Mapping[int, Target]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be put right, and until when."""

    finding: str
    due_on: date


@dataclass(frozen=True, slots=True)
class InspectionFacts:
    """Who looked at what, and what was found; findings by place."""

    movement_id: int | None
    inspected_on: date
    basis: str
    team: str
    conclusion: str
    findings: Mapping[int, Finding]


@dataclass(frozen=True, slots=True)
class OwnAwardFacts:
    """A commendation as the unit's decision states it."""

    movement_id: int | None
    number: str
    decided_on: date
    form: OwnAwardForm
    kind: NomineeKind
    name: str
    position: str
    is_serving_public: bool
    is_leader: bool
    merit: str


@dataclass(frozen=True, slots=True)
class CommunicationFacts:
    """Something by which people were told, and how many they were where that is known."""

    movement_id: int | None
    held_on: date
    channel: Channel
    title: str
    people_reached: int | None
    evidence: str


Facts: TypeAlias = (
    EvaluationFacts
    | RegistrationFacts
    | InspectionFacts
    | OwnAwardFacts
    | CommunicationFacts
)
