"""Instagram: one professional account. Meta requires that a person can be reached behind every bot; ours
complies.
"""

from typing import ClassVar

from channels.base import Capabilities, Setting
from channels.kit.setup import NAMES
from channels.meta import graph
from channels.meta.messaging import OTHER_APP, STAFF_SILENCE, MetaChannel
from channels.meta.parts import Dialect, able

TEXT = 1_000
"""Bytes of UTF-8, as Infobip repeats it from Meta's page, which we could not consult: our choice, the
cautious reading of "characters".
"""


class InstagramChannel(MetaChannel):
    """Choices are quick replies, which phones show and desktops do not; numbered answers are understood as
    well."""

    name: ClassVar[str] = "instagram"
    capabilities: ClassVar[Capabilities] = able(TEXT, "bytes", location=False)
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
            "The secret of the app that the token is of: with Instagram login the Instagram app's own.",
            secret=True,
        ),
        graph.SIGNING_SECRET,
        graph.VERIFY_TOKEN,
        NAMES,
        OTHER_APP,
        STAFF_SILENCE,
        *graph.ADDRESS,
    )
    dialect: ClassVar[Dialect] = Dialect(
        object="instagram",
        text=TEXT,
        unit="bytes",
        scopes=("instagram_manage_messages", "pages_manage_metadata"),
        # No field for edits: Meta documents one only for Messenger. Edits that arrive anyway are read.
        fields=("messages", "messaging_postbacks", "messaging_seen", "messaging_handover", "standby"),
        page_fields=("messages", "messaging_postbacks"),
        names=(("name",), ("username",)),
    )
