"""Scrub: what PostgreSQL cannot hold (NUL characters, lone surrogates) never reaches it. Pure."""


def scrub_text(text: str) -> str:
    """The text without NUL characters; lone surrogates become question marks."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def scrub(value: object) -> object:
    """The same for every text inside a JSON-like value; tuples become lists."""
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, dict):
        return scrub_mapping(value)
    if isinstance(value, list | tuple):
        return [scrub(one) for one in value]
    return value


def scrub_mapping(value: dict[str, object]) -> dict[str, object]:
    """The same for a mapping and its keys."""
    return {scrub_text(str(key)): scrub(one) for key, one in value.items()}
