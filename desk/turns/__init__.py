"""Takes an accepted event to an answer, or hands its conversation off to a person."""
