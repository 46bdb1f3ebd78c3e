"""Conversations about how to do a thing: answers, topics, lessons, danger."""
