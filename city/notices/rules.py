"""Who may release a notice, and when one person may do it alone."""

from typing import Annotated, Literal

import msgspec

Level = Literal["watch", "alert", "emergency", "recovery"]
Scenario = Literal["storm", "flood", "outage", "water", "evacuation", "unrest", "health"]


class NoticeRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`releasers` are the roles whose people may release, of those with the permission. A notice of a level in `alone` may be
    released by the person who wrote it: at any time (`always`), outside the office hours (`closed`) or never. It is
    audited with a reason. `quiet` are hours (local time) in which nobody is sent a notice below an emergency."""

    releasers: Annotated[tuple[Literal["supervisor", "admin"], ...], msgspec.Meta(min_length=1)] = (
        "supervisor",
        "admin",
    )
    alone: tuple[Level, ...] = ("emergency",)
    alone_when: Literal["never", "closed", "always"] = "closed"
    quiet: Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")] = (
        "22:00-07:00"
    )
