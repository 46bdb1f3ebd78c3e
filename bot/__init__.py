"""The program: configuration, start-up, commands, inbound, delivery, clock, channels."""

__version__ = "0.2.0"
