"""What `to_json` gives: values as a command prints them."""

Json = dict[str, object]
