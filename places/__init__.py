"""Territory: units, their history, hamlets, and finding them as people type them."""
