"""What agents prepare: drafts, messages for a later time, canned texts, tags, and proposals for answers."""
