"""Errors in a city's files."""


class CityError(Exception):
    """One sentence for the operator: which file, which field, what to write instead."""
