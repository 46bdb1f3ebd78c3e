"""Events coming in: kept before they are acknowledged, handled once, in order."""
