"""Conversations of officials and helpers."""
