"""The request book as a table (CSV): out, and in with a dry run."""
