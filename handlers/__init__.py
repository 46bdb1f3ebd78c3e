"""Conversations: what we answer to a person, whatever the channel."""
