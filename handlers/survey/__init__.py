"""Conversations of a resident about a survey."""
