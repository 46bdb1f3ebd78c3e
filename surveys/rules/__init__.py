"""Quotas and marks, dated and with their source; the shipped sets are in `shipped/`."""
