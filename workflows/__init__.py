"""Running BPMN: definitions, markings, instances, user tasks, history; whatever it is that runs."""
