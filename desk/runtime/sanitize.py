"""Removes what PostgreSQL cannot store (NUL characters, lone surrogates). Pure functions."""


def sanitize_text(text: str) -> str:
    """The text without NUL characters; lone surrogates become question marks."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def sanitize(value: object) -> object:
    """The same for every string inside a JSON-like value; tuples become lists."""
    if isinstance(value, str):
        return sanitize_text(value)
    if isinstance(value, dict):
        return sanitize_mapping(value)
    if isinstance(value, list | tuple):
        return [sanitize(one) for one in value]
    return value


def sanitize_mapping(value: dict[str, object]) -> dict[str, object]:
    """The same for a mapping and its keys."""
    return {sanitize_text(str(key)): sanitize(one) for key, one in value.items()}
