"""The peer: Viewflow 2.4 on Django, with the same process drawn as a flow of its own."""
