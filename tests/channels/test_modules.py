"""A channel is a page or two: what grows past that is two things."""

from pathlib import Path

LONGEST = 250  # lines


def test_every_module_of_a_channel_is_short() -> None:
    modules = {path.name: len(path.read_text().splitlines()) for path in Path("channels").glob("*.py")}
    assert len(modules) > 20
    assert not {name: lines for name, lines in modules.items() if lines >= LONGEST}
