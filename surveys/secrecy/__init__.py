"""What keeps an answer secret while a round is open: the round's secret and the cipher."""
