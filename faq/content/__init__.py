"""Entries and lessons as files, read and checked."""
