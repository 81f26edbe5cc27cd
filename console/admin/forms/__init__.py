"""The forms of settings that are more than a list of fields."""
