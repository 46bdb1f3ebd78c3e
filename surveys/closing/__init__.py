"""The close of a round, in steps that a crash can't half-do."""
