"""What mail programs mark in HTML: the quoted mail, and the signature. Linear: no sibling selectors."""

from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from channels.mail.reading.quoting.lines import Place

QUOTES = (
    "blockquote[type=cite]",
    "blockquote.gmail_quote",
    "div.gmail_attr",
    "div.yahoo_quoted",
    "div.moz-cite-prefix",
    "blockquote.protonmail_quote",
    "#OLK_SRC_BODY_SECTION",
    "blockquote#replyBlockquote",
    "div[name=quote]",
    "div.zmail_extra",
)
"""How Apple Mail, Gmail, Yahoo, Thunderbird, Proton, Outlook for Mac, Zoho and GMX mark the quoted mail."""
QUOTES_FROM_HERE = ("#divRplyFwdMsg", "#appendonsend", "#mail-editor-reference-message-container")
"""Outlook: this element, and all its siblings after it."""
SIGNATURES = (
    "div.gmail_signature",
    "[data-smartmail=gmail_signature]",
    "div.moz-signature",
    "pre.moz-signature",
    "#Signature",
    "#AppleMailSignature",
    "#ms-outlook-mobile-signature",
    "div.protonmail_signature_block",
)


def marked_places(tree: LexborHTMLParser) -> Mapping[int, Place]:
    """The marked elements, by their `mem_id`."""
    places: dict[int, Place] = {}
    for selector in SIGNATURES:
        places |= {node.mem_id: "signature" for node in tree.css(selector)}
    places |= {node.mem_id: "quoted" for node in _quoted(tree)}
    return places


def _quoted(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    for selector in QUOTES:
        yield from tree.css(selector)
    for selector in QUOTES_FROM_HERE:
        node = tree.css_first(selector)
        while node is not None:
            yield node
            node = node.next
