"""Handing a question on to a person, and that person's side of it."""
