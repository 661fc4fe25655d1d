"""Prove that an installed wheel is whole: importable, typed, with its catalogue and its schemas."""

import importlib
import pkgutil
from importlib.metadata import version
from importlib.resources import files

import entformats
from entformats import schema
from entformats.problems import CATALOGUE

assert version("entformats") == entformats.__version__
assert "site-packages" in entformats.__file__
package = files("entformats")
assert package.joinpath("py.typed").is_file()
assert package.joinpath("schemas").is_dir()
for name in schema.names():
    assert schema.read(name) == package.joinpath("schemas", name).read_bytes() != b""
    assert schema.title(name)
assert {"aaf.dtd", "aaf.xsd", "edt.xsd", "udt.xsd", "report.schema.json", "state.schema.json"} <= {*schema.names()}
assert len(CATALOGUE) > 0
for info in pkgutil.walk_packages(entformats.__path__, "entformats."):
    if not info.name.startswith("entformats.testing.strategies"):
        importlib.import_module(info.name)
