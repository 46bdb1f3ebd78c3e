"""Pages for officials and staff."""
