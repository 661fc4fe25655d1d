"""Read the files that feed a French ENT and apply the rules an ENT applies to them."""

__version__ = "0.1.0"
