"""Where a sign-in comes from, in words that its agent recognises: "Firefox on Windows", "203.0.113.0/24"."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

# The first that is contained wins: Edge and Opera name Chrome as well, and Chrome names Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_LOOKED_AT = 500  # characters of a user agent's name


@dataclass(frozen=True, slots=True)
class Place:
    """`device` in words, `network` as a range, never the whole address."""

    device: str
    network: str


UNKNOWN = Place("", "")


def place_of(user_agent: str, address: str) -> Place:
    """The place of a request."""
    return Place(device_of(user_agent), network_of(address))


def device_of(user_agent: str) -> str:
    """The browser and its system; "Another program" for what names neither."""
    looked = user_agent[:_LOOKED_AT]
    browser = next((name for mark, name in _BROWSERS if mark in looked), None)
    system = next((name for mark, name in _SYSTEMS if mark in looked), None)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "Another program"


def network_of(address: str) -> str:
    """The range of an address: 256 of IPv4, a site's /48 of IPv6; "" for what is no address."""
    try:
        given = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network(f"{given}/{24 if given.version == 4 else 48}", strict=False))
