"""Compares what a text names with the city's list. Fail closed: only plain ASCII that equals an entry, or a domain below one, is
official. Look-alike letters, punycode, user names in front of a host and other ports are not in any list. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from city.notices.official import OfficialList
from desk.official.reading import Named

_PLAIN_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,61}")
_PLAIN_LINK = re.compile(r"[A-Za-z0-9._~:/?#&=%+,;!$'()*@-]+")
_PHONE_SIGNS = re.compile(r"\+?[0-9 ()./-]+")
NO_TRUNK = frozenset({"+1", "+39"})
"""Countries where a leading 0 is not left out in the international form, or does not exist."""
NETWORKS = frozenset(
    {
        "Facebook", "Instagram", "Telegram", "WhatsApp", "TikTok", "YouTube", "Threads", "Bluesky", "Mastodon", "LinkedIn",
        "Twitter", "Snapchat", "Messenger",
    }
)  # fmt: skip
"""Names of networks that a message may mention beside a handle."""


@dataclass(frozen=True, slots=True)
class Compared:
    """`official` is what of the list it equals: None if nothing."""

    named: Named
    official: str | None


class Comparing:
    """Built for one list. `calling_code` is the city's country, such as "+1"; it completes numbers without one."""

    def __init__(self, listed: OfficialList, calling_code: str = "") -> None:
        self._calling_code = calling_code
        self._phones = {self._number(one): one for one in listed.phones}
        self._domains = tuple(listed.domains)
        self._mails = tuple(listed.mails)
        self._accounts = listed.accounts

    def compare(self, named: Named, text: str) -> Compared:
        """`text` is the whole message: it may name the network of an account."""
        if named.kind == "phone":
            return Compared(named, self._phone(named.text))
        if named.kind == "mail":
            return Compared(named, self._mail(named.text))
        if named.kind == "account":
            return Compared(named, self._handle(named.text, text))
        return Compared(named, self._link(named.text))

    def _phone(self, written: str) -> str | None:
        if not _PHONE_SIGNS.fullmatch(written):
            return None
        return self._phones.get(self._number(written))

    def _number(self, written: str) -> str:
        digits = "".join(one for one in written if one.isascii() and one.isdigit())
        if written.strip().startswith("+"):
            return f"+{digits}"
        if digits.startswith("00"):
            return f"+{digits[2:]}"
        code = self._calling_code
        if code and code not in NO_TRUNK:
            digits = digits.removeprefix("0")
        if code == "+1" and len(digits) == 11 and digits.startswith("1"):
            return f"+{digits}"
        return f"{code}{digits}"

    def _mail(self, written: str) -> str | None:
        address = written.casefold() if written.isascii() else ""
        if not re.fullmatch(r"[a-z0-9._%+-]+@[a-z0-9.-]+", address):
            return None
        host = address.partition("@")[2]
        return next((one for one in self._mails if one in (address, host)), None)

    def _handle(self, written: str, text: str) -> str | None:
        ours = [one for one in self._accounts if one.handle.casefold() == written[1:].casefold()]
        said = text.casefold()
        networks = {one.network for one in self._accounts} | NETWORKS
        spoken = {one for one in networks if re.search(rf"\b{re.escape(one.casefold())}\b", said)}
        if spoken and not spoken <= {one.network for one in ours}:
            return None
        # A handle says nothing of its network: the answer names those on which it is ours.
        return ", ".join(f"{one.network}: {one.url}" for one in ours) or None

    def _link(self, written: str) -> str | None:
        if not written.isascii() or not _PLAIN_LINK.fullmatch(written):
            return None
        scheme, colon, rest = written.partition(":")
        if colon and scheme.casefold() in ("tel", "sms"):
            return self._phone(rest)
        if colon and scheme.casefold() == "mailto":
            return self._mail(rest.partition("?")[0])
        try:
            parts = urlsplit(written if "://" in written else f"https://{written}")
            port = parts.port
        except ValueError:
            return None
        if (
            parts.scheme.casefold() not in ("http", "https")
            or "@" in parts.netloc
            or port not in (None, 80, 443)
        ):
            return None
        host = (parts.hostname or "").removesuffix(".")
        if not _PLAIN_HOST.fullmatch(host) or host.startswith("xn--") or ".xn--" in host:
            return None
        found = next((one for one in self._domains if host == one or host.endswith(f".{one}")), None)
        return found or self._profile(host, parts.path)

    def _profile(self, host: str, path: str) -> str | None:
        """The account whose page this is: the same host, with or without www, and the same path."""
        short = host.removeprefix("www.").removeprefix("m.")
        for one in self._accounts:
            own = urlsplit(one.url)
            own_host = (own.hostname or "").removeprefix("www.")
            if short == own_host and path.rstrip("/").casefold() == own.path.rstrip("/").casefold():
                return one.url
        return self._phone(f"+{path.strip('/')}") if short == "wa.me" and path.strip("/").isdigit() else None
