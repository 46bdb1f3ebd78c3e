"""Messages going out: claimed, paced, sent, recorded."""
