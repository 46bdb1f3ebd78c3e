"""A row of a table: one unit's ballots by what they say to a question."""

UNPLACED = -1  # stands for the ballots of a unit that name no part of it
VALUES = 3  # how many values a withheld cell must be left with

Cells = tuple[int, ...]  # ballots: satisfied, not satisfied, blank
