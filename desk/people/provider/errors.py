"""What can go wrong at the provider.

ProviderError
├── ProviderAway      it does not answer, or not as the standard says: try again, or use an emergency account
└── ProviderRefused   its response cannot be trusted, or the person has no role here
"""

from desk.model import DeskError


class ProviderError(DeskError):
    """Nobody was let in. `reason` is one word for the log and the audit."""

    def __init__(self, sentence: str, reason: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class ProviderAway(ProviderError):
    """The provider cannot be used now."""

    def __init__(self, reason: str) -> None:
        super().__init__("The city's own sign-in does not answer. Wait a little and try again.", reason)


class ProviderRefused(ProviderError):
    """The sign-in cannot be taken."""
