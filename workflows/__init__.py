"""Running BPMN: definitions, markings, instances, user tasks, history. Knows nothing of awards."""
