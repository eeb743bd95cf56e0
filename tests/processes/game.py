"""The token game: where the tokens go by the rules of BPMN, and nothing else.

It shares no code with the engine, knows no SpiffWorkflow, and is as slow as it is plain. Tokens lie
in scopes: one for the process, one for each sub-process and called process that is being run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.processes.nets import Arrow, Net, Node

Variables = Mapping[str, object]
Wait = tuple[str, str, int]
_CONTAINERS = {"subProcess", "callActivity"}
_JOINS = {"parallelGateway", "inclusiveGateway"}


@dataclass(eq=False)
class Token:
    node: Node
    scope: "Scope"
    source: str = ""
    fired: set[str] = field(default_factory=set)
    inside: "Scope | None" = None

    def key(self) -> tuple[object, ...]:
        """Says all about the token, and orders the tokens on one element."""
        inner = self.inside.tokens if self.inside else []
        inside = tuple(sorted(token.key() for token in inner))
        return (self.node.id, self.source, tuple(sorted(self.fired)), inside)


@dataclass(eq=False)
class Scope:
    net: Net
    prefix: str
    owner: Token | None
    tokens: list[Token] = field(default_factory=list)


class Game:
    """One case. `act` takes one of `waits`; `ended` is the end event reached last at the top."""

    def __init__(self, nets: Mapping[str, Net], key: str, variables: Variables) -> None:
        self._nets = nets
        self._variables = variables
        self._arriving: list[tuple[Scope, Node, str]] = []
        self._top = Scope(nets[key], "", None)
        self._last = ""
        self._begin(self._top, "")
        self._settle()

    @property
    def ended(self) -> str | None:
        return None if self._top.tokens else self._last

    def waits(self) -> tuple[Wait, ...]:
        return tuple(sorted(wait for wait, _token, _node in self._waits()))

    def act(self, wait: Wait, variables: Variables) -> None:
        self._variables = variables
        ((token, node),) = [(t, n) for found, t, n in self._waits() if found == wait]
        if node.attached_to:
            self._set_off(token, node)
        else:
            token.scope.tokens.remove(token)
            self._leave(token.scope, node)
        self._settle()

    # what is waited for

    def _waits(self) -> Iterator[tuple[Wait, Token, Node]]:
        seen: dict[tuple[str, str], int] = {}
        for token, node in self._awaited(self._top):
            name = (node.wait, token.scope.prefix + node.id)
            seen[name] = seen.get(name, -1) + 1
            yield (*name, seen[name]), token, node

    def _awaited(self, scope: Scope) -> Iterator[tuple[Token, Node]]:
        net = scope.net
        for token in sorted(scope.tokens, key=Token.key):
            if token.node.wait:
                yield token, token.node
            if token.node.tag == "eventBasedGateway":
                for arrow in net.leaving[token.node.id]:
                    yield token, net.nodes[arrow.target]
            for event in self._beside(token):
                if event.wait:
                    yield token, event
            if token.inside:
                yield from self._awaited(token.inside)

    def _beside(self, token: Token) -> list[Node]:
        return [
            e for e in token.scope.net.attached[token.node.id] if e.id not in token.fired
        ]

    # how tokens move

    def _begin(self, scope: Scope, name: str) -> None:
        start = scope.net.nodes[scope.net.starts[name]]
        self._arriving.append((scope, start, ""))

    def _leave(self, scope: Scope, node: Node) -> None:
        for arrow in self._open(scope.net.leaving[node.id], node):
            target = scope.net.nodes[arrow.target]
            self._arriving.append((scope, target, node.id))

    def _open(self, arrows: list[Arrow], node: Node) -> list[Arrow]:
        """The arrows by which a token leaves: all of them, but for gateways that choose."""
        if node.tag not in {"exclusiveGateway", "inclusiveGateway"} or len(arrows) == 1:
            return arrows
        asked = [a for a in arrows if a.id != node.default]
        held = [a for a in asked if a.is_open(self._variables)]
        if not held:
            return [a for a in arrows if a.id == node.default]
        return held if node.tag == "inclusiveGateway" else held[:1]

    def _settle(self) -> None:
        while self._step() or self._join() or self._finish():
            pass

    def _step(self) -> bool:
        if not self._arriving:
            return False
        scope, node, source = self._arriving.pop(0)
        if node.wait or node.tag == "eventBasedGateway":
            scope.tokens.append(Token(node, scope))
        elif node.tag in _JOINS:
            scope.tokens.append(Token(node, scope, source))
        elif node.tag in _CONTAINERS:
            self._enter(scope, node)
        elif node.tag == "endEvent":
            self._end(scope, node)
        else:
            self._leave(scope, node)
        return True

    def _enter(self, scope: Scope, node: Node) -> None:
        token = Token(node, scope)
        scope.tokens.append(token)
        if node.called:
            net = self._nets[node.called]
            token.inside = Scope(net, f"{scope.prefix}{node.id}/", token)
            self._begin(token.inside, "")
        else:
            token.inside = Scope(scope.net, scope.prefix, token)
            self._begin(token.inside, node.id)

    def _end(self, scope: Scope, node: Node) -> None:
        if scope is self._top:
            self._last = node.id
        if node.trigger == "terminate":
            self._empty(scope)
        elif node.trigger:
            self._throw(scope, node)

    def _finish(self) -> bool:
        for scope in self._scopes(self._top):
            if scope.owner and not scope.tokens:
                scope.owner.scope.tokens.remove(scope.owner)
                self._leave(scope.owner.scope, scope.owner.node)
                return True
        return False

    # how events interrupt

    def _throw(self, scope: Scope, thrown: Node) -> None:
        while scope.owner:
            events = [e for e in self._beside(scope.owner) if e.trigger == thrown.trigger]
            for code in (thrown.code, ""):
                for event in events:
                    if event.code == code:
                        self._set_off(scope.owner, event)
                        return
            scope = scope.owner.scope
        assert thrown.trigger == "escalation", f"nothing catches {thrown.id}"

    def _set_off(self, token: Token, event: Node) -> None:
        if event.interrupts:
            token.scope.tokens.remove(token)
            if token.inside:
                self._empty(token.inside)
        elif event.trigger == "timer":
            token.fired.add(event.id)
        self._leave(token.scope, event)

    def _empty(self, scope: Scope) -> None:
        gone = list(self._scopes(scope))
        self._arriving = [arrival for arrival in self._arriving if arrival[0] not in gone]
        scope.tokens.clear()

    def _scopes(self, scope: Scope) -> Iterator[Scope]:
        yield scope
        for token in scope.tokens:
            if token.inside:
                yield from self._scopes(token.inside)

    # how tokens meet

    def _join(self) -> bool:
        for scope in self._scopes(self._top):
            for node in {
                t.node.id: t.node for t in scope.tokens if t.node.tag in _JOINS
            }.values():
                came = {t.source: t for t in scope.tokens if t.node.id == node.id}
                missing = scope.net.entering[node.id] - came.keys()
                if not any(
                    self._may_come(scope, node, side, set(came)) for side in missing
                ):
                    for token in came.values():
                        scope.tokens.remove(token)
                    self._leave(scope, node)
                    return True
        return False

    def _may_come(self, scope: Scope, join: Node, side: str, came: set[str]) -> bool:
        """Whether a missing token is waited for: always, or while one can still be on its way."""
        if join.tag == "parallelGateway":
            return True
        for token in scope.tokens:
            for place in (token.node, *self._beside(token)):
                if place.id != join.id:
                    ahead = _ahead(scope.net, place.id, join.id)
                    if side in ahead and not ahead & came:
                        return True
        return False


def _ahead(net: Net, place: str, join: str) -> set[str]:
    """The elements that a token may come to before it comes to the join."""
    seen, ahead = {place}, [place]
    while ahead:
        for arrow in net.leaving[ahead.pop()]:
            if arrow.target not in seen and arrow.target != join:
                seen.add(arrow.target)
                ahead.append(arrow.target)
    return seen
