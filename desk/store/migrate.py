"""Bring the database to the present schema; safe from several replicas at once. `python -m desk.store.migrate`."""


async def migrate(url: str, *, patience: float = 30.0) -> None:
    """Upgrade under an advisory lock. Raises DatabaseUnavailable with a sentence."""
    raise NotImplementedError
