"""One file per messaging platform; each knows only `handlers.messages`."""
