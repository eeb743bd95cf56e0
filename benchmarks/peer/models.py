"""The process as Viewflow's quick start keeps one: a proxy whose fields live in its JSON."""

from viewflow import jsonstore
from viewflow.workflow.models import Process


class NominationProcess(Process):
    """What `process_instance.variables` and the submissions are on our side."""

    unit = jsonstore.CharField(max_length=32)
    block = jsonstore.CharField(max_length=32)
    award = jsonstore.CharField(max_length=32)
    outcome = jsonstore.CharField(max_length=64)
    opinion = jsonstore.TextField()
    reason = jsonstore.TextField()

    class Meta:
        proxy = True
