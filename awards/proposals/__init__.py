"""Proposals (tờ trình): what waits for one signature is gathered, put on paper and sent together.

A unit's head signs for the unit, the Khối's lead for the Khối, the department's head for Sở Nội vụ.
Which step is signed by which kind of proposal is drawn: the property `signs` of a user task.
"""
