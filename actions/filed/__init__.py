"""What a citizen wants to do with a report that was sent: withdraw it, add to it, correct it, or see what it says."""
