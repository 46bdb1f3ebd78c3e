"""Pages: web survey and chat, webhooks, staff sign-in, public results."""
