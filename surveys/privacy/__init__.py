"""A person's rights over their data: what is kept, handing it out, erasing it."""
