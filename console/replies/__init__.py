"""The reply box: drafts, scheduled messages, canned texts, tags and macros."""
