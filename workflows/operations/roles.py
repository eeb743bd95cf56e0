"""Who operates: the administrators of the processes, two of them for every act."""

from workflows.actors import Actor, Post

ADMINISTRATOR = "process_admin"


def may_operate(actor: Actor) -> bool:
    """Administrators of the processes may ask for acts, confirm those of others, and retry."""
    return actor.has(ADMINISTRATOR)


def post_of(actor: Actor) -> Post | None:
    """The post in which somebody operates."""
    return next((post for post in actor.posts if post.role == ADMINISTRATOR), None)
