"""The partner desks that city.yml names, with their secrets. Their addresses are fixed at start: nothing that anybody
writes to the desk can change where a transcript is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from city import City
from city.partners.model import PartnerConfig
from desk.media.fetch import is_bare_address
from desk.model import Clock
from desk.partners.signatures import PartnerSignature
from desk.settings import file_secrets

MAIL = "email"


class PartnerConfigError(LookupError):
    """One sentence for the operator: which setting, and what to fix."""


@dataclass(frozen=True, slots=True)
class Partner:
    """One partner desk and what both sides sign with; None if it gets mails."""

    config: PartnerConfig
    signature: PartnerSignature | None


def build_partners(
    city: City, environ: Mapping[str, str], clock: Clock, private_hosts: Sequence[str] = ()
) -> dict[str, Partner]:
    """By name. `private_hosts` may be in our network and speak plain HTTP. Raises PartnerConfigError."""
    found = {}
    for config in city.partners:
        if bool(config.url) == bool(config.email) or (config.url and not config.secret_env):
            raise PartnerConfigError(
                f"The partner '{config.name}' in city.yml needs either a url with a secret_env, or an email."
            )
        if config.email:
            if not any(inbox.channel == MAIL for inbox in city.inboxes):
                raise PartnerConfigError(
                    f"The partner '{config.name}' in city.yml gets mails, but the city has no inbox of the channel '{MAIL}'."
                )
            found[config.name] = Partner(config, None)
            continue
        check_address(config, private_hosts)
        name = config.secret_env
        secret = environ.get(name) or file_secrets(environ, [name]).get(name) or ""
        try:
            signature = PartnerSignature(secret, clock)
        except ValueError as error:
            raise PartnerConfigError(
                f"{name} is the secret of the partner '{config.name}': {error}. Set it, or name a file in {name}_FILE."
            ) from None
        found[config.name] = Partner(config, signature)
    return found


def check_address(config: PartnerConfig, private_hosts: Sequence[str]) -> None:
    """Raise PartnerConfigError for an address to which no transcript may go."""
    wrong = f"The url of the partner '{config.name}' in city.yml"
    try:
        parts = urlsplit(config.url)
        host = (parts.hostname or "").lower()
        _ = parts.port
    except ValueError:
        raise PartnerConfigError(f"{wrong} cannot be read. Write it like https://host/path.") from None
    private = host in {one.lower() for one in private_hosts}
    if not host or parts.username is not None or parts.query or parts.fragment:
        raise PartnerConfigError(f"{wrong} must be like https://host/path.")
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise PartnerConfigError(
            f"{wrong} does not use https. A host on an internal network can be in CIVICDESK_PRIVATE_HOSTS."
        )
    if is_bare_address(host) and not private:
        raise PartnerConfigError(f"{wrong} contains an IP address. Use a host name.")
