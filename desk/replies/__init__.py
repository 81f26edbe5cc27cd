"""What agents prepare and send: approved answers in a reply, messages for later, canned texts, tags and macros."""
