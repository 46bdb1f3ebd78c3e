"""What the ballots of a closed round say: counts, estimates, verdicts, and what may be told."""
