"""What a message says about people: that one is wanted, that one is in danger."""
