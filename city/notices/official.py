"""What is the city's own: telephone numbers, domains, addresses and accounts. Whatever is not listed is not called official."""

from typing import Annotated
from urllib.parse import urlsplit

import msgspec

_Domain = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,61}$", max_length=200
    ),
]
_Mail = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(?:[a-z0-9._%+-]{1,64}@)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,61}$",
        max_length=200,
    ),
]
_Phone = Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9][0-9 ()./-]{1,29}$")]
MOST = 100
"""Lines of each list."""


class Account(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account on a social network: its handle without @, and its https address."""

    network: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    handle: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{1,60}$")]
    url: Annotated[
        str, msgspec.Meta(pattern=r"^https://[a-z0-9.-]+/[A-Za-z0-9._/@-]{1,120}$", max_length=200)
    ]


class OfficialList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`domains` are of web pages, with everything below them; `mails` are domains of e-mail addresses, or single addresses. The
    website and the telephone number of the city count without being listed."""

    phones: Annotated[tuple[_Phone, ...], msgspec.Meta(max_length=MOST)] = ()
    domains: Annotated[tuple[_Domain, ...], msgspec.Meta(max_length=MOST)] = ()
    mails: Annotated[tuple[_Mail, ...], msgspec.Meta(max_length=MOST)] = ()
    accounts: Annotated[tuple[Account, ...], msgspec.Meta(max_length=MOST)] = ()


def with_own(listed: OfficialList, phone: str, website: str) -> OfficialList:
    """The list with the city's own number and website in front."""
    host = (urlsplit(website).hostname or "").removeprefix("www.")
    return msgspec.structs.replace(
        listed,
        phones=tuple(dict.fromkeys((phone, *listed.phones))),
        domains=tuple(dict.fromkeys((host, *listed.domains) if host else listed.domains)),
    )
