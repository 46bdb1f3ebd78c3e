"""An event as a platform sent it, before anybody has read it."""
