"""What training says of the model it made: one page as text, the same with plots under var/reports/."""
