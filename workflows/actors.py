"""Who acts: a person, the queues they serve, and the posts that give them those queues."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Post:
    """A post somebody holds now. `queue` is `role` or `role:scope`.

    `on_behalf_of` is the id of its holder, and `holder` the name, where somebody else does its
    work for a time.
    """

    id: int
    queue: str
    title: str
    organisation: str
    is_deputy: bool = False
    on_behalf_of: int | None = None
    holder: str = ""

    @property
    def role(self) -> str:
        return self.queue.partition(":")[0]

    @property
    def scope(self) -> str:
        return self.queue.partition(":")[2]

    @property
    def acting_as(self) -> str:
        return f"{self.title} {self.organisation}".strip()


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting person, handed to every operation. Rights are read anew for every request."""

    id: int
    name: str
    posts: tuple[Post, ...]

    @property
    def queues(self) -> frozenset[str]:
        return frozenset(post.queue for post in self.posts)

    def has(self, *roles: str) -> bool:
        """Whether one of the posts carries one of the roles, in any scope."""
        return any(post.role in roles for post in self.posts)

    def scopes(self, *roles: str) -> frozenset[str]:
        """The scopes in which the person holds one of the roles."""
        return frozenset(post.scope for post in self.posts if post.role in roles)

    @property
    def own(self) -> "Actor":
        """The same person without what others have delegated."""
        posts = tuple(post for post in self.posts if post.on_behalf_of is None)
        return Actor(self.id, self.name, posts)

    def post_for(self, queue: str) -> Post | None:
        """The post that lets the person serve the queue."""
        return next((post for post in self.posts if post.queue == queue), None)

    @property
    def acting_as(self) -> str:
        return self.posts[0].acting_as if self.posts else ""
