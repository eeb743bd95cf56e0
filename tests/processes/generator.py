"""Random processes that can be run: blocks within blocks, each entered and left at one place.

The same seed draws the same process. Ids begin anew in every process, so those of a called process
are also its caller's.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

_FILE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    id="file" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:message id="message_news" name="news" />
  <bpmn:error id="error_lost" errorCode="lost" /><bpmn:error id="error_late" errorCode="late" />
  <bpmn:escalation id="escalation_told" escalationCode="told" />
  <bpmn:process id="{key}" isExecutable="true">{body}</bpmn:process>
</bpmn:definitions>"""
_TIMER = (
    "<bpmn:timerEventDefinition><bpmn:timeDuration>P5D</bpmn:timeDuration>"
    "</bpmn:timerEventDefinition>"
)
_MESSAGE = '<bpmn:messageEventDefinition messageRef="message_news" />'
_ESCALATION = '<bpmn:escalationEventDefinition escalationRef="escalation_told" />'
_ENDS = {
    "plain": "",
    "terminate": "<bpmn:terminateEventDefinition />",
    "escalation": _ESCALATION,
    "lost": '<bpmn:errorEventDefinition errorRef="error_lost" />',
    "late": '<bpmn:errorEventDefinition errorRef="error_late" />',
}
_EVENTS = {
    "timer": _TIMER,
    "message": _MESSAGE,
    "escalation": _ESCALATION,
    "any escalation": "<bpmn:escalationEventDefinition />",
    "any error": "<bpmn:errorEventDefinition />",
    "lost": _ENDS["lost"],
    "late": _ENDS["late"],
}
_STEPS = ["userTask"] * 6 + ["serviceTask", "sendTask", "receiveTask"]

Block = tuple[str, str]


@dataclass(frozen=True)
class Around:
    """What surrounds a block: how deep it may go, and which ends it may come to."""

    depth: int
    ends: frozenset[str]
    callee: str = ""


def process(seed: int, *, depth: int = 3) -> tuple[bytes, ...]:
    """A random process `main`, last; before it `called`, which it may call, and `deepest`."""
    random = Random(seed)
    inner = frozenset({"plain", "lost"})
    return (
        _Pen(random).file("deepest", Around(depth - 2, inner)),
        _Pen(random).file("called", Around(depth - 1, inner, "deepest")),
        _Pen(random).file(
            "main", Around(depth, frozenset({"plain", "terminate"}), "called")
        ),
    )


class _Pen:
    """Draws blocks; each way of drawing gives the ids at which the block is entered and left."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.drawn: list[str] = []
        self.count = 0
        self.ways = [
            self._sequence, self._choice, self._loop, self._parallel, self._inclusive,
            self._part, self._part, self._call, self._race, self._guarded, self._exit,
        ]  # fmt: skip

    def file(self, key: str, around: Around) -> bytes:
        self._scope(around, "")
        return _FILE.format(key=key, body="".join(self.drawn)).encode()

    def _scope(self, around: Around, name: str) -> None:
        entry, out = self._block(around)
        self._element("startEvent", f"{name}begin")
        self._element("endEvent", f"{name}done")
        self._flow(f"{name}begin", entry)
        self._flow(out, f"{name}done")

    def _block(self, around: Around) -> Block:
        if around.depth == 0 or self.random.random() < 0.1:
            return self._step()
        return self.random.choice(self.ways)(replace(around, depth=around.depth - 1))

    def _step(self, _around: Around | None = None) -> Block:
        if self.random.random() < 0.15:
            event = self.random.choice([_TIMER, _MESSAGE])
            name = self._element("intermediateCatchEvent", self._id("catch"), event)
        else:
            tag = self.random.choice(_STEPS)
            name = self._element(
                tag, self._id("step"), attributes='messageRef="message_news"'
            )
        return name, name

    def _asked(self) -> tuple[str, str]:
        """A user task, and the variable that the gateway behind it asks for."""
        name = self._element("userTask", self._id("ask"))
        return name, f"v_{name}"

    def _sequence(self, around: Around) -> Block:
        blocks = [self._block(around) for _ in range(self.random.randint(2, 3))]
        for before, after in pairwise(blocks):
            self._flow(before[1], after[0])
        return blocks[0][0], blocks[-1][1]

    def _choice(self, around: Around) -> Block:
        ask, variable = self._asked()
        one, other = self._block(around), self._block(around)
        gateway, merge = self._gateway("exclusive", other[0]), self._gateway("exclusive")
        self._flow(ask, gateway)
        self._flow(gateway, one[0], variable)
        self._flow(one[1], merge)
        self._flow(other[1], merge)
        return ask, merge

    def _loop(self, around: Around) -> Block:
        entry, out = self._gateway("exclusive"), self._gateway("exclusive")
        body = self._block(around)
        ask, variable = self._asked()
        gateway = self._gateway("exclusive", out)
        self._flow(entry, body[0])
        self._flow(body[1], ask)
        self._flow(ask, gateway)
        self._flow(gateway, entry, variable)
        return entry, out

    def _parallel(self, around: Around) -> Block:
        within = replace(around, ends=around.ends - {"plain", "escalation"})
        fork, join = self._gateway("parallel"), self._gateway("parallel")
        for _ in range(self.random.randint(2, 3)):
            entry, out = self._block(within)
            self._flow(fork, entry)
            self._flow(out, join)
        if self.random.random() < 0.2:
            self._flow(fork, join)
        return fork, join

    def _inclusive(self, around: Around) -> Block:
        ask, variable = self._asked()
        join = self._gateway("inclusive")
        fork = self._gateway("inclusive", join)
        self._flow(ask, fork)
        for side in "ab":
            entry, out = self._block(around)
            self._flow(fork, entry, f"{variable}_{side}")
            self._flow(out, join)
        return ask, join

    def _part(self, around: Around) -> Block:
        name = self._id("part")
        caught = self._caught()
        ends = {"plain", "terminate", "escalation"} | (around.ends & {"lost", "late"})
        ends |= {"lost", "late"} if "any error" in caught else caught & {"lost", "late"}
        outside, self.drawn = self.drawn, []
        self._scope(replace(around, ends=frozenset(ends)), f"{name}_")
        inside, self.drawn = "".join(self.drawn), outside
        self._element("subProcess", name, inside)
        return self._with_events(name, [*caught, *self._guards()], around)

    def _call(self, around: Around) -> Block:
        if not around.callee:
            return self._step()
        name = self._id("call")
        self._element("callActivity", name, attributes=f'calledElement="{around.callee}"')
        caught = self.random.choice(["lost", "any error"])
        return self._with_events(name, [caught, *self._guards()], around)

    def _guarded(self, around: Around) -> Block:
        tag = self.random.choice(_STEPS)
        name = self._element(tag, self._id("step"), attributes='messageRef="message_news"')
        return self._with_events(name, self._guards() or ["timer"], around)

    def _race(self, around: Around) -> Block:
        gateway, merge = self._gateway("eventBased"), self._gateway("exclusive")
        for event in self.random.sample([_TIMER, _MESSAGE, _TIMER, ""], k=2):
            tag = "intermediateCatchEvent" if event else "receiveTask"
            name = self._element(tag, self._id("hear"), event, 'messageRef="message_news"')
            entry, out = self._block(around)
            self._flow(gateway, name)
            self._flow(name, entry)
            self._flow(out, merge)
        return gateway, merge

    def _exit(self, around: Around) -> Block:
        """A step after which the way may end, in one of the ends that are allowed here."""
        if not around.ends:
            return self._step()
        ask, variable = self._asked()
        kind = self.random.choice(sorted(around.ends))
        end = self._element("endEvent", self._id("end"), _ENDS[kind])
        on = self._gateway("exclusive")
        gateway = self._gateway("exclusive", on)
        self._flow(ask, gateway)
        self._flow(gateway, end, variable)
        return ask, on

    def _caught(self) -> frozenset[str]:
        inner = ["lost", "late", "any error", "escalation", "any escalation"]
        return frozenset(self.random.sample(inner, k=self.random.randint(0, 2)))

    def _guards(self) -> list[str]:
        return self.random.sample(
            ["timer", "timer", "message"], k=self.random.choice([0, 1, 1, 2])
        )

    def _with_events(self, name: str, events: list[str], around: Around) -> Block:
        """The activity with boundary events. They interrupt and lead on, or end aside."""
        if not events:
            return name, name
        merge = self._gateway("exclusive")
        self._flow(name, merge)
        for event in sorted(events):
            stops = self.random.random() < 0.5 or event in {"lost", "late", "any error"}
            attributes = f'attachedToRef="{name}" cancelActivity="{str(stops).lower()}"'
            boundary = self._id("event")
            self._element("boundaryEvent", boundary, _EVENTS[event], attributes)
            within = around if stops else replace(around, depth=min(around.depth, 1))
            entry, out = self._block(within)
            self._flow(boundary, entry)
            after = merge if stops else self._element("endEvent", self._id("aside"))
            self._flow(out, after)
        return name, merge

    def _gateway(self, kind: str, default: str = "") -> str:
        """A gateway; what leads to `default` from it is drawn with it."""
        name = self._id(kind)
        attributes = f'default="{name}_default"' if default else ""
        self._element(f"{kind}Gateway", name, attributes=attributes)
        if default:
            self._flow(name, default, id_=f"{name}_default")
        return name

    def _id(self, kind: str) -> str:
        self.count += 1
        return f"{kind}_{self.count}"

    def _element(self, tag: str, name: str, inside: str = "", attributes: str = "") -> str:
        self.drawn.append(f'<bpmn:{tag} id="{name}" {attributes}>{inside}</bpmn:{tag}>')
        return name

    def _flow(self, source: str, target: str, variable: str = "", id_: str = "") -> None:
        self.count += 1
        asked = f"<bpmn:conditionExpression>{variable} == 'y'</bpmn:conditionExpression>"
        ends = f'sourceRef="{source}" targetRef="{target}"'
        self.drawn.append(
            f'<bpmn:sequenceFlow id="{id_ or f"flow_{self.count}"}" {ends}>'
            f"{asked if variable else ''}</bpmn:sequenceFlow>"
        )
