"""Templates that others wrote, each run in a process of its own: they may loop, fill memory, pry.

The child binds its own memory and processor time before it reads the template. Typst sees one
folder with the template and our layout, no fonts but ours, no packages, no network it could use;
Word files are looked through for what a paper never needs, and filled by a sandboxed Jinja.
"""

import json
import re
from tempfile import TemporaryDirectory

from awards.templates import typesetting
from awards.templates.child import REFUSED
from awards.templates.places import Words
from awards.templates.typesetting import Standard
from models.templates import TemplateFormat
from workflows import children
from workflows.budgets import Budget
from workflows.errors import WorkflowError
from workflows.words import N_

BUDGET = Budget(seconds=10, memory=1024 * 1024 * 1024)
MAX_BYTES = 5 * 1024 * 1024
MAX_MADE = 25 * 1024 * 1024
_NOWHERE = "http://127.0.0.1:9"  # the discard port: where packages would be asked for
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy")
_ENVIRONMENT = dict.fromkeys(_PROXIES, _NOWHERE) | {"RAYON_NUM_THREADS": "2"}
_MISPRINT = re.compile(r'"(.+?)"`? could not be displayed')


class TemplateFailed(WorkflowError):
    """A template that makes no paper, or must not; the sentence says why."""

    message = N_("Mẫu này không dùng được: %(why)s")


def run(
    format_: TemplateFormat,
    content: bytes,
    words: Words,
    *,
    standard: Standard = "1.7",
    budget: Budget = BUDGET,
) -> bytes:
    """The paper that a template makes of these words. Raises TemplateFailed and UnprintableText."""
    if len(content) > MAX_BYTES:
        raise TemplateFailed(N_("Tệp mẫu lớn quá 5 MB."))
    header = [format_.value, dict(words), standard, budget]
    with TemporaryDirectory() as folder:
        answer_ = children.run(
            "awards.templates",
            json.dumps(header),
            content,
            budget,
            arguments=[folder],
            environment=_ENVIRONMENT,
        )
    if answer_ is None:
        raise _exceeded(budget)
    if answer_.returncode == REFUSED:
        raise _refused(answer_.stdout)
    if answer_.returncode != 0 or len(answer_.stdout) > MAX_MADE:
        raise _exceeded(budget)
    return answer_.stdout


def _refused(answer_: bytes) -> WorkflowError:
    sentence, why = json.loads(answer_)
    if found := _MISPRINT.search(why):
        return typesetting.UnprintableText(character=found[1])
    return TemplateFailed(sentence, why=why[:500])


def _exceeded(budget: Budget) -> TemplateFailed:
    return TemplateFailed(
        N_("Mẫu này cần hơn %(seconds)s giây hoặc hơn %(memory)s MB để lập văn bản."),
        seconds=budget.seconds,
        memory=budget.memory // 1024 // 1024,
    )
