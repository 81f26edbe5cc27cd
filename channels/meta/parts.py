"""The message parts that the Send API accepts, and the differences between Messenger and Instagram. Pure."""

from dataclasses import dataclass

from channels.base import Button, Capabilities, MediaRef, Outbound, TextUnit, Undeliverable
from channels.kit.text import fit_titles, measure, numbered, split

QUICK_REPLIES, QUICK_TITLE, PAYLOAD = 13, 20, 1_000  # Meta's pages on quick replies and buttons
IMAGES = ("image/jpeg", "image/png", "image/gif")


def able(text_length: int, text_unit: TextUnit, *, location: bool) -> Capabilities:
    """The capabilities of either platform."""
    return Capabilities(
        text_length=text_length,
        text_unit=text_unit,
        location=location,
        buttons=QUICK_REPLIES,
        button_title=QUICK_TITLE,
        button_keeps=False,
        images=True,
        images_out=True,
        receipts=True,
        typing=True,
        read_marks=True,
        reply_window_hours=24,
        human_window_hours=168,
        thread_control=True,
        per_second=100.0,  # of 300
        burst=100.0,
    )


@dataclass(frozen=True, slots=True)
class Dialect:
    """The differences between the two. `template` and `template_text`: permanent buttons, and the text above
    them."""

    object: str  # Meta's name for the kind in a webhook
    text: int
    unit: TextUnit
    scopes: tuple[str, ...]
    fields: tuple[str, ...]  # the app's subscriptions
    page_fields: tuple[str, ...]  # the app's subscriptions at the page or account
    template: int = 0
    template_text: int = 0
    files: bool = False  # accepts files other than images
    names: tuple[tuple[str, ...], ...] = ()  # the profile fields that make up a name, best first
    metadata: bool = False  # returns our own key with the echo of a message


def parts(message: Outbound, dialect: Dialect) -> list[dict[str, object]]:
    """The `message` of each call: texts, then files, then buttons or quick replies."""
    buttons = message.buttons
    taps = 0 < len(buttons) <= QUICK_REPLIES and all(0 < len(one.id) <= PAYLOAD for one in buttons)
    short = all(measure(one.title, "utf16") <= QUICK_TITLE for one in buttons)
    # A title that has to be shortened appears in the text in full, with its number.
    text = message.text if short and taps else numbered(message.text, [one.title for one in buttons])
    stays = taps and short and len(buttons) <= dialect.template
    *before, last = split(text, dialect.text, dialect.unit) or [""]
    if stays and measure(last, dialect.unit) > dialect.template_text:
        end = split(last, dialect.template_text, dialect.unit)[-1]
        before.append(last.removesuffix(end).rstrip())
        last = end
    texts: list[dict[str, object]] = [{"text": one} for one in before]
    files = [_file(one, dialect) for one in message.media]
    if taps:
        return [*texts, *files, _template(last or "…", buttons) if stays else _quick(last or "…", buttons)]
    if last:
        texts.append({"text": last})
    return [*texts, *files]


def _template(text: str, buttons: tuple[Button, ...]) -> dict[str, object]:
    shown = [{"type": "postback", "title": title, "payload": one.id} for one, title in _titled(buttons)]
    payload = {"template_type": "button", "text": text, "buttons": shown}
    return {"attachment": {"type": "template", "payload": payload}}


def _quick(text: str, buttons: tuple[Button, ...]) -> dict[str, object]:
    shown = [{"content_type": "text", "title": title, "payload": one.id} for one, title in _titled(buttons)]
    return {"text": text, "quick_replies": shown}


def _titled(buttons: tuple[Button, ...]) -> list[tuple[Button, str]]:
    titles = fit_titles([one.title for one in buttons], QUICK_TITLE, "utf16")
    return list(zip(buttons, titles, strict=True))


def _file(ref: MediaRef, dialect: Dialect) -> dict[str, object]:
    if not ref.url:
        raise Undeliverable("the file has no address that Meta could fetch")
    if ref.content_type not in IMAGES and not dialect.files:
        return {"text": ref.url}
    kind = "image" if ref.content_type in IMAGES else "file"
    return {"attachment": {"type": kind, "payload": {"url": ref.url, "is_reusable": False}}}
