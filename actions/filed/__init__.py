"""What a citizen wants of a report that was sent: withdraw it, add to it, correct it, hear what it says."""
