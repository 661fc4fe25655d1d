"""One small module per code or identifier, each with the same verbs: `compact`, `parse`, `is_valid`, `format`."""
