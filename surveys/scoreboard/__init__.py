"""The digital indicators, each with the evidence that this system has for it."""
