"""The export of Index Éducation (EDT, Pronote): `ExportEmploiDuTemps`, in clear (edt 1 to 3).

`document` collects records, `reader` resolves them with `calendar`, `structures`, `people` and `lessons`, `checks`
looks at the result; `writer` goes the other way. `record` is how each element is taken apart without losing anything.
"""

from entformats.edt.index.reader import read_index
from entformats.edt.index.writer import Layout, write_index

__all__ = ["Layout", "read_index", "write_index"]
