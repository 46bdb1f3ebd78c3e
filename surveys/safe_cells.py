"""Cells of a sheet that a spreadsheet shows and never runs."""

# What makes Excel, LibreOffice or Google Sheets read a text as a formula, full-width signs included
# (owasp.org/www-community/attacks/CSV_Injection).
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: str | int | float) -> str:
    """The value as a cell: numbers as they are, texts that look like a formula behind an apostrophe."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(STARTS) else value
    return str(value)
