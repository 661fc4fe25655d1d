"""Measures of speed and memory, as ratios: see README.md."""
