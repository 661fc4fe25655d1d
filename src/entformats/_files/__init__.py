"""The one door to paths, folders, archives, file objects, bytes and chunks.

A source is a sequence of named parts. A part is opened when its chunks are asked for, and everything read of a source
is counted against its `Limits` while it is read. A zip, tar, tar.gz or gzip is known by its content and gives its
members; an archive inside a folder or an archive is refused. Nothing else in the library opens a file.
"""

from __future__ import annotations

from entformats._files.part import CHUNK, Part
from entformats._files.sources import Content, Source, contents, is_folder, one, parts, peek

__all__ = ["CHUNK", "Content", "Part", "Source", "contents", "is_folder", "one", "parts", "peek"]
