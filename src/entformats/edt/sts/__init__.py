"""STS-Web (`sts_emp`, `emp_sts`) and SIECLE (pupils, guardians, nomenclatures, structures), joined (sts 1 to 10).

`document` reads one file, known by its root; `joining` keeps those of one school and year; `reader` resolves them with
`years`, `structures`, `people`, `services` and `pupils`; `checks` looks at the result. `writer` goes the other way with
`plan`, `pupils_writer` and `guardians_writer`.
"""

from entformats.edt.sts.reader import read_sts
from entformats.edt.sts.writer import write_sts

__all__ = ["read_sts", "write_sts"]
