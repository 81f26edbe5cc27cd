"""Where a dialogue's state and its locks are kept."""
