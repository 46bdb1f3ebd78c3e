"""The interview, pure: answers and a message in, answers and what to ask out."""
