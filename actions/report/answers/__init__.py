"""What the citizen answers to each question of a report. Pure."""
