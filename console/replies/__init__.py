"""The reply box: drafts, messages for later, canned texts, tags and macros."""
