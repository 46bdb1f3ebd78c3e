"""The papers of a round: blank ballot, counting minutes, summary report, notice, poster, household cards."""
