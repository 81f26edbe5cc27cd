"""The rumour desk in the console."""
