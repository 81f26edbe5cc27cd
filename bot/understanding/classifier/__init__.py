"""Intent classification with calibrated confidence."""
