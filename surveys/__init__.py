"""Questionnaires, interviews, rounds, ballots, scores, exports."""
