"""The request book as a table (CSV): export, and import with a preview."""
