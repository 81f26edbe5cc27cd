"""SQL for conversations: messages, turns, buttons, lists and search."""
