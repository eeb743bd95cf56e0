"""What is kept of a movement year by year, beside the nominations.

Evaluations, registrations with targets, inspections, commendations of the units' own, and
communication. `awards.quality` counts them.
"""
