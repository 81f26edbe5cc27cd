"""Editor-approved answers: loading, checking and composing them."""
