"""The life of an answer: versions, review, publishing, stopping, recall, files."""
