"""The one error of the child process."""


class PictureRefused(Exception):
    """The picture is not opened, or not kept. `code` is one of desk.media.photos.SENTENCES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
