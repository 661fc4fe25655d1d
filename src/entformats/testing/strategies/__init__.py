"""Stratégies: hypothesis strategies for the values of this library. Needs the extra `testing`.

Names, dates and identifiers come from small pools, so that collisions happen.
"""
