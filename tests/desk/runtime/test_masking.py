"""What a drafting provider does not get."""

import pytest

from desk.runtime.masking import mask_personal


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to lucia.r+city@example.org, please", "write to [email] please"),
        ("<mailto:a@b.example>", "[email]"),
        ("call +1 (555) 010-0123 now", "call [number] now"),
        ("call 5550100 or 06 12 34 56 78", "call [number] or [number]"),
        ("my card is 4111 1111 1111 1111", "my card is ••••"),
        ("at 12 Oak Street since 3.11.2026, 2026-11-03", "at 12 Oak Street since 3.11.2026, 2026-11-03"),
        ("@mention and a@b", "@mention and a@b"),
        ("телефон ٠٥٥١٢٣٤٥٦٧", "телефон [number]"),
        ("", ""),
    ],
)
def test_addresses_and_long_numbers_are_taken_out(text: str, masked: str) -> None:
    assert mask_personal(text) == masked
