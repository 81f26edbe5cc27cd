"""Training the model: inputs, fingerprint and report."""
