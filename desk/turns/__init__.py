"""From a row to an answer or to a person."""
