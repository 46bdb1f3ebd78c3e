"""What a process has done that has built a site once: its templates are compiled. For those that are forked from it."""

import compiled  # noqa: F401

from web.rendering import Pages

Pages()
