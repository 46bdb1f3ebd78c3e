"""Rounds: their life, whom they reach, what they send, what may be seen of them while open."""
