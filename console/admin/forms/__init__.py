"""Forms for settings that are more than a list of fields."""
