"""What letter 3304/UBND-NC asks of the movement, question by question, answered with figures.

Its complaints come first, its instructions after them. A further question is a file with a
`QUESTION`, and its place in the list below.
"""

from awards.quality import (
    activity,
    communication,
    criteria,
    evaluations,
    examples,
    inspections,
    own_awards,
    people,
    purposes,
    spread,
    targets,
)
from awards.quality.asking import Question

QUESTIONS: dict[str, Question] = {
    module.QUESTION.key: module.QUESTION
    for module in (
        activity,
        targets,
        spread,
        criteria,
        examples,
        inspections,
        purposes,
        people,
        evaluations,
        communication,
        own_awards,
    )
}
