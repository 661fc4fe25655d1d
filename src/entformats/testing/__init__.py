"""Help for those who test programs built on this library: generated schools, hypothesis strategies, redaction.

Nothing is imported here: `entformats.testing.strategies` needs the extra `testing`, the rest does not.
"""
