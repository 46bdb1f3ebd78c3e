"""Reading and folding what people type in Vietnamese: letters, numerals, yes and no, names to mask."""
