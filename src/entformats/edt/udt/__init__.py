"""The export of UDT (Omega Thêta): the archive of `UDCal_NN.xml` members, and the search export as a table.

`document` collects records, `reader` resolves them with `calendar`, `structures`, `people` and `lessons`; `weekly`
compares the theoretical week with the actual ones, `checks` looks at the result; `search` reads the table; `writer`
goes the other way.
"""

from entformats.edt.udt.reader import read_udt
from entformats.edt.udt.writer import write_udt

__all__ = ["read_udt", "write_udt"]
