"""What turns a citizen's text into an intent, a language and entities. Each file is one graph component."""
