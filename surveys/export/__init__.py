"""Ballots of a closed round as a file: CSV, XLSX, SPSS, Parquet, JSON."""
