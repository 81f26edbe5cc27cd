"""What agents prepare: drafts, scheduled messages, canned texts, tags, and proposals for answers."""
