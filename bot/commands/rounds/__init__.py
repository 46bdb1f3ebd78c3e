"""`round …`: one file for each part of a round's life."""
