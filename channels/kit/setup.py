"""What a channel is built from, and where an inbox's settings come from: city.yml, the environment, secret
files.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp

from channels.base import Setting
from channels.kit.allowance import Allowance

if TYPE_CHECKING:
    from channels.mail.reader import MailReader

Publish = Callable[[str], Awaitable[None]]
PREFIX = "CIVICDESK_INBOX_"
FOLDER = "CIVICDESK_INBOX_DIR"
"""One folder for the secrets of all inboxes: container engines mount it once, without a line for each secret.
"""


NAMES = Setting(
    "names",
    "no: never ask the provider for the name that a citizen shows there.",
    required=False,
    default="yes",
)


class InboxError(LookupError):
    """An inbox cannot be opened: one sentence for the operator, without any secret."""


@dataclass(frozen=True, slots=True)
class ChannelSetup:
    """Everything a channel may need. `settings` are this inbox's own, by the names its channel declares.

    `http` is None in a process that sends nothing (the gateway). `public_url` is our address on the internet;
    the inbox's webhook is at `webhook_url`. `allowance` counts across all processes, None in a single
    process. `mail_reader` is shared by all mailboxes of a process; if None, a listening mailbox creates its
    own. `calling_code` is the city's, like "+1"; empty if the city file has none.
    """

    publish: Publish
    settings: Mapping[str, str] = field(default_factory=dict)
    inbox: str = ""
    public_url: str = ""
    http: aiohttp.ClientSession | None = None
    allowance: Allowance | None = None
    mail_reader: "MailReader | None" = None
    calling_code: str = ""

    def wants(self, setting: str) -> bool:
        """Whether this setting is turned on."""
        return self.settings.get(setting, "").strip().lower() in ("yes", "true", "1")

    def count(self, setting: str, default: int, *, most: int) -> int:
        """The setting as a whole number from 0 to `most`. Raises InboxError."""
        written = self.settings.get(setting, "").strip() or str(default)
        if not (written.isascii() and written.isdigit()) or len(written) > 9 or int(written) > most:
            raise InboxError(
                f"The inbox '{self.inbox}' has '{written}' for '{setting}'. Write a number from 0 to {most}."
            )
        return int(written)

    @property
    def webhook_url(self) -> str:
        """The address the provider posts to."""
        return f"{self.public_url.rstrip('/')}/webhooks/{self.inbox}"


def variable(inbox: str, setting: str) -> str:
    """The environment variable for a setting of an inbox."""
    return f"{PREFIX}{inbox}_{setting}".upper().replace("-", "_")


def read_settings(
    inbox: str,
    channel: str,
    declared: Sequence[Setting],
    given: Mapping[str, str],
    environ: Mapping[str, str],
) -> dict[str, str]:
    """The value of every declared setting, in order of precedence: the environment, a file, city.yml, the
    default. A file is named by <variable>_FILE, or is in the folder CIVICDESK_INBOX_DIR under the variable's
    suffix in lower case.

    `given` are the settings in city.yml. Raises InboxError if one is unknown or missing, or is a secret in
    city.yml.
    """
    names = {one.name for one in declared}
    for name in given:
        if name not in names:
            known = f"It knows: {', '.join(sorted(names))}." if names else "It has none."
            raise InboxError(
                f"The inbox '{inbox}' has a setting '{name}' that the channel '{channel}' does not know. {known}"
            )
    found = {}
    for setting in declared:
        name = variable(inbox, setting.name)
        if setting.secret and setting.name in given:
            raise InboxError(
                f"The inbox '{inbox}' has its secret '{setting.name}' in city.yml, which many people can read. "
                f"Take it out, make a new one, and set {name} or {name}_FILE."
            )
        value = _from_environment(name, environ) or given.get(setting.name, "").strip() or setting.default
        if setting.required and not value:
            kept = f", or the file {file}" if (file := _kept(name, environ)) else ""
            where = "" if setting.secret else f", or '{setting.name}' under the inbox's settings in city.yml"
            raise InboxError(
                f"The inbox '{inbox}' needs {name} (or {name}_FILE{kept}){where}. {setting.help}"
            )
        found[setting.name] = value
    return found


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    if value := environ.get(name, "").strip():
        return value
    named, kept = environ.get(f"{name}_FILE"), _kept(name, environ)
    if named:
        return _content(Path(named), f"{name}_FILE names")
    return _content(kept, f"{FOLDER} holds") if kept and kept.exists() else ""


def _kept(name: str, environ: Mapping[str, str]) -> Path | None:
    """The path of this setting in the folder of all inboxes' settings."""
    folder = environ.get(FOLDER, "").strip()
    return Path(folder) / name.removeprefix(PREFIX).lower() if folder else None


def _content(path: Path, how: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InboxError(
            f"{how} {path}, which cannot be read ({type(error).__name__}). Check the path and its permissions."
        ) from None
