"""What a text mentions: streets, dates, amounts, report numbers and contact details."""
