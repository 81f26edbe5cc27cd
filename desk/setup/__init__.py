"""What administrators change while the desk runs: teams and agents."""
