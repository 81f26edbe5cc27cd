"""What agents prepare and send: approved answers in a reply, scheduled messages, canned texts, tags and macros."""
