"""Reads a stranger's XML: without DTD and entities, and within limits on size, depth and number of elements."""

from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

LARGEST = 2 * 1024 * 1024
DEEPEST = 24
MOST_ELEMENTS = 50_000


class Unreadable(Exception):
    """The document cannot be used. The text is a sentence for people, without anything from the document but names of elements."""


def parse(body: bytes) -> Element:
    """The root element. The limits count while it is read, so that no tree beyond them is built. Raises Unreadable."""
    if len(body) > LARGEST:
        raise Unreadable("It is too large.")
    depth = count = 0
    root: Element | None = None
    try:
        for event, element in iterparse(BytesIO(body), events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            count += event == "start"
            root = element if root is None else root
            if depth > DEEPEST or count > MOST_ELEMENTS:
                raise Unreadable("It is nested too deeply, or has too many elements.")
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable(f"It is not plain XML ({type(error).__name__}).") from None
    if root is None:
        raise Unreadable("It is empty.")
    return root
