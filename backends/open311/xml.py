"""Parses GeoReport XML into the same dictionaries and lists as GeoReport JSON."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

# Elements that hold a list, even with a single item or none.
LISTS = frozenset(
    (
        "discoveries", "endpoints", "formats", "services", "attributes", "values", "groups", "errors",
        "service_requests", "requests", "service_request_updates", "notes",
    )
)  # fmt: skip
# The protocol nests four deep; anything far deeper is an attempt to exhaust us.
MAX_DEPTH = 24


def parse_xml(text: str) -> dict[str, object]:
    """`{root name: value}`. Raises ValueError for anything but plain XML (no DTD, no entities)."""
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise ValueError(f"not readable XML ({type(error).__name__})") from None
    name = _name(root)
    if name.lower() == "html":
        raise ValueError("an HTML page")
    return {name: _value(root, 0)}


def _value(element: Element, depth: int) -> object:
    if depth > MAX_DEPTH:
        raise ValueError("XML nested too deep")
    children = list(element)
    if _name(element) in LISTS:
        return [_value(child, depth + 1) for child in children]
    if not children:
        return (element.text or "").strip() or None
    record: dict[str, object] = {}
    for child in children:
        name, value = _name(child), _value(child, depth + 1)
        if name not in record:
            record[name] = value
            continue
        # A repeated element (mySociety's several media_url) becomes a list, as Spark does for JSON.
        earlier = record[name]
        if isinstance(earlier, list) and name not in LISTS:
            earlier.append(value)
        else:
            record[name] = [earlier, value]
    return record


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
