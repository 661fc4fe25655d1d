"""Read the files that feed a French ENT and apply the rules an ENT applies to them."""

from entformats.identify import FileKind, Format, identify

__all__ = ["FileKind", "Format", "identify"]

__version__ = "0.1.0"
