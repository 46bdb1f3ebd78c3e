"""Questionnaires: XLSForm read, checked and frozen; the shipped ones are in `shipped/`."""
