"""From a draft to what citizens get, and back: versions, review, publishing, stopping, recall, files."""
