"""Templates that one person brought and another approved."""

from awards.templates import keeping
from awards.templates.keeping import Tried
from models.templates import TemplateFormat
from tests.conftest import NOW


def approved_template(world, kind, content, since, format_=TemplateFormat.TYPST):
    """A version of a kind's template, used for papers of that day and later."""
    row = keeping.upload(
        world.session,
        Tried(kind, format_, content),
        valid_from=since,
        valid_to=None,
        note="Đổi mẫu.",
        actor=world.actor("system_admin"),
        command_key=f"{kind.key} {since}",
        now=NOW,
    )
    return keeping.approve(
        world.session, row.id, actor=world.actor("process_admin"), now=NOW
    )
