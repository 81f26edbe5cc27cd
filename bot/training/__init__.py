"""Training inputs: content/ as training data, and the sentences of answers."""
