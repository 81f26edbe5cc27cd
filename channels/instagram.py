"""Instagram: one professional account. Meta demands that a person can be reached behind every bot here: ours can."""

from typing import ClassVar

from channels import graph
from channels.base import Capabilities, Setting
from channels.meta import QUICK_REPLIES, QUICK_TITLE, Dialect, MetaChannel
from channels.setup import NAMES

TEXT = 1_000  # bytes of UTF-8


class InstagramChannel(MetaChannel):
    """Choices are quick replies, which telephones show and desktops do not; the numbers are understood as well."""

    name: ClassVar[str] = "instagram"
    capabilities: ClassVar[Capabilities] = Capabilities(
        text_length=TEXT,
        text_unit="bytes",
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
        per_second=100.0,  # of 300
        burst=100.0,
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "account_id",
            "The professional account's id. Other accounts' messages are then left alone.",
            required=False,
        ),
        Setting("app_id", "The app's id: at the top of the app's dashboard."),
        Setting(
            "token", "The access token of the linked page, or of the account (Instagram login).", secret=True
        ),
        Setting(
            "app_secret",
            "The secret that signs: the app's, or with Instagram login the Instagram app's own.",
            secret=True,
        ),
        graph.VERIFY_TOKEN,
        NAMES,
        *graph.ADDRESS,
    )
    dialect: ClassVar[Dialect] = Dialect(
        object="instagram",
        text=TEXT,
        unit="bytes",
        scopes=("instagram_manage_messages", "pages_manage_metadata"),
        fields=("messages", "messaging_postbacks", "messaging_seen", "messaging_handover", "standby"),
        page_fields=("messages", "messaging_postbacks"),
        names=(("name",), ("username",)),
    )
