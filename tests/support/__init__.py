"""What several tests use; nothing here is a test."""
