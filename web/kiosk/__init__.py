"""Pages of a kiosk and of a helper's screen."""
