"""What turns a citizen's text into an intent, a language and entities."""
