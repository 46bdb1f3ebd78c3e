"""The search over the entries: words in, a ranked answer and how sure it is out."""
