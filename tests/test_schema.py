"""The published schemas: found wherever the library is, valid, and the same grammar as the reader and the writer."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from entformats import aaf, schema
from entformats.aaf.degrees import PRIMARY
from entformats.aaf.table import TABLES, Attribute
from entformats.errors import UsageError
from entformats.testing.school import generate, primary
from entformats.testing.strategies.directories import directory_successions

ROOT = Path(__file__).parents[1]
XS = "{http://www.w3.org/2001/XMLSchema}"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


@cache
def engines() -> tuple[etree.XMLSchema, xmlschema.XMLSchema10]:
    """Give the schema of AAF compiled by both engines."""
    content = schema.read("aaf.xsd")
    return etree.XMLSchema(etree.fromstring(content, PARSER)), xmlschema.XMLSchema10(content.decode())


@cache
def dtd() -> etree.DTD:
    """Give the DTD of AAF."""
    return etree.DTD(io.StringIO(schema.read("aaf.dtd").decode()))


def verdicts(content: bytes) -> tuple[bool, bool]:
    """Give what the DTD and the schema say of a document; both engines of the schema must say the same."""
    tree = etree.fromstring(content, PARSER)
    libxml, pure = engines()
    verdict = libxml.validate(tree)
    assert pure.is_valid(io.BytesIO(content)) is verdict
    return dtd().validate(tree), verdict


HEAD = '<operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>'
ID = "<identifier><id>310</id></identifier>"
SN = '<attr name="sn"><value>A</value></attr>'
ADD = f"<addRequest>{HEAD}{ID}<attributes>{SN}</attributes></addRequest>"
CHANGE = '<modification name="sn" operation="replace"><value>B</value></modification>'
MODIFY = f"<modifyRequest>{HEAD}{ID}<modifications>{CHANGE}</modifications></modifyRequest>"
DELETE = f"<deleteRequest>{HEAD}{ID}</deleteRequest>"
WHOLE = f"<ficAlimMENESR>{ADD}{MODIFY}{DELETE}</ficAlimMENESR>"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("", "", id="nothing changed"),
        pytest.param(ADD + MODIFY + DELETE, "", id="no request"),
        pytest.param(ADD + MODIFY + DELETE, DELETE + ADD + MODIFY, id="any order"),
        pytest.param('name="sn"', 'name="ENTNouveau"', id="unknown attribute"),
        pytest.param("<value>A</value>", "<value/><value> a  b </value>", id="several values, one empty"),
        pytest.param("<value>A</value>", "<value><!-- c -->A&#233;</value>", id="comment"),
        pytest.param(ADD, ADD + ADD.replace("310", "311"), id="two records"),
        pytest.param(ADD, ADD + ADD.replace(">Eleve<", ">PersEducNat<"), id="one identifier in two categories"),
        pytest.param(MODIFY, MODIFY + MODIFY, id="two modifications of one record"),
        pytest.param("categoriePersonne", "categorieMatiere", id="another operational name"),
    ],
)
def test_what_the_grammar_accepts(old: str, new: str) -> None:
    """The DTD and the schema accept it, whatever the order of the requests and the names of the attributes."""
    content = WHOLE.replace(old, new, 1).encode()
    assert verdicts(content) == (True, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(HEAD, "", id="no category"),
        pytest.param(HEAD + ID, ID + HEAD, id="identifier first"),
        pytest.param(ID, "", id="no identifier"),
        pytest.param("<id>310</id>", "<id>310</id><id>311</id>", id="two identifiers"),
        pytest.param("<id>310</id>", "<id><b/>310</id>", id="element in an identifier"),
        pytest.param(f"<attributes>{SN}</attributes>", "", id="addition of nothing"),
        pytest.param(SN, "", id="no attribute"),
        pytest.param(SN, f"{SN}text", id="stray text"),
        pytest.param(' name="sn"', "", id="attribute without a name"),
        pytest.param(' name="sn"', ' name="sn" lang="fr"', id="attribute of an attribute"),
        pytest.param("<value>A</value>", "", id="attribute without a value"),
        pytest.param("<value>A</value>", "<value>A<b>B</b></value>", id="element in a value"),
        pytest.param("addRequest", "putRequest", id="unknown request"),
        pytest.param("<ficAlimMENESR>", "<ficAlimMENESR>text", id="text under the root"),
        pytest.param("<ficAlimMENESR>", '<ficAlimMENESR xmlns="urn:x">', id="namespace"),
        pytest.param(' operation="replace"', "", id="no operation"),
        pytest.param('"replace"', '"add"', id="another operation"),
        pytest.param(CHANGE, "", id="modification of nothing"),
        pytest.param(DELETE, DELETE.replace(ID, ID + f"<attributes>{SN}</attributes>"), id="deletion with content"),
        pytest.param("</ficAlimMENESR>", "<addRequest/></ficAlimMENESR>", id="empty addition"),
    ],
)
def test_what_the_grammar_refuses(old: str, new: str) -> None:
    """The DTD refuses it, and both engines of the schema too."""
    content = WHOLE.replace(old, new) if old == "addRequest" else WHOLE.replace(old, new, 1)
    assert content != WHOLE
    assert verdicts(content.encode()) == (False, False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("categoriePersonne", "categorie", id="operational name"),
        pytest.param(">Eleve<", "><", id="empty category"),
        pytest.param(">Eleve<", ">Eleve</value><value>Eleve<", id="two categories"),
        pytest.param("<id>310</id>", "<id/>", id="empty identifier"),
        pytest.param("<id>310</id>", "<id>3 10</id>", id="blank in an identifier"),
        pytest.param(ADD, ADD + ADD, id="one identifier twice"),
        pytest.param("<id>310</id>", "<id> 310 </id>", id="blanks around an identifier"),
        pytest.param(SN, SN + SN, id="one attribute twice"),
        pytest.param(CHANGE, CHANGE + CHANGE, id="one attribute modified twice"),
        pytest.param('name="sn"', 'name=""', id="empty name"),
    ],
)
def test_what_the_schema_refuses_alone(old: str, new: str) -> None:
    """The DTD cannot say it; both engines of the schema do."""
    content = WHOLE.replace(old, new, 1).encode()
    assert verdicts(content) == (True, False)


PIECES = [HEAD, ID, SN, CHANGE, "<value>A</value>", "<id>310</id>", "<attributes>", "</attributes>", ' name="sn"']


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", *PIECES[:6]])), max_size=3))
def test_engines_agree_on_any_mutant(changes: list[tuple[str, str]]) -> None:
    """Whatever is moved, removed or repeated, both engines agree; what the DTD refuses the schema refuses."""
    text = WHOLE
    for old, new in changes:
        text = text.replace(old, new, 1)
    try:
        etree.fromstring(text, PARSER)
    except etree.XMLSyntaxError:
        return
    by_dtd, by_schema = verdicts(text.encode())
    assert by_dtd or not by_schema


def test_the_samples_are_valid(corpus: Callable[[str], Path]) -> None:
    """Every file of the sample delivery is valid, and the DTD delivered with it says what ours says."""
    folder = corpus("aaf")
    for path in sorted(folder.glob("*.xml")):
        tree = etree.parse(path, PARSER)
        assert dtd().validate(tree), path.name
        assert engines()[0].validate(tree), path.name
    assert verdicts((folder / "FULL_ENTTSSERVICES_Complet_20130117_PersRelEleve_0001.xml").read_bytes()) == (True, True)
    assert grammar((folder / "ficAlimMENESR.dtd").read_text("utf-8")) == grammar(schema.read("aaf.dtd").decode())


def grammar(text: str) -> dict[str, list[object]]:
    """Give what a DTD declares: each element, its content, its attributes."""
    found = etree.DTD(io.StringIO(text))
    return {
        str(element.name): [
            str(element.content),
            content(element.content),
            sorted((str(a.name), str(a.type), str(a.default), list(a.values())) for a in element.attributes()),
        ]
        for element in found.elements()
    }


def content(node: object) -> object:
    """Give a content model as tuples."""
    if node is None:
        return None
    kind, occur = getattr(node, "type", None), getattr(node, "occur", None)
    return (
        kind,
        occur,
        getattr(node, "name", None),
        content(getattr(node, "left", None)),
        content(getattr(node, "right", None)),
    )


def test_what_is_written_is_valid() -> None:
    """Complete deliveries and deltas are valid for the DTD and for the schema, file after file."""
    school = generate(7, pupils=24)
    written = [*aaf.write(school.directory), *aaf.write_delta(aaf.compare(aaf.Directory(), school.directory))]
    assert len(written) == 12
    for name, chunks in written:
        assert verdicts(b"".join(chunks)) == (True, True), name


@given(directory_successions(length=2))
@settings(max_examples=40)
def test_any_directory_is_written_validly(successive: tuple[aaf.Directory, ...]) -> None:
    """Whatever directories hold, the files of a complete delivery and of the delta to the next one are valid."""
    old, new = successive
    for name, chunks in (*aaf.write(new), *aaf.write_delta(aaf.compare(old, new))):
        assert verdicts(b"".join(chunks)) == (True, True), name


def test_names_and_content() -> None:
    """Schemas are known by name; another name is a mistake of the caller."""
    assert schema.names() == tuple(sorted(schema.names()))
    assert {"aaf.dtd", "aaf.xsd"} <= set(schema.names())
    with pytest.raises(UsageError, match=r"aaf\.xsd"):
        schema.read("../pyproject.toml")


LIBRARIES = [path for path in sys.path if path.endswith("site-packages")]
ASK = """
import site, sys
{where}
sys.path += {libraries!r}
from entformats import schema
print(schema.__file__)
for name in schema.names():
    print(name, len(schema.read(name)), schema.title(name) != "")
"""


def installed(folder: Path) -> str:
    """Lay out the package as the wheel does, which tells the folders that it adds; say how it is found."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    for package in wheel["packages"]:
        shutil.copytree(ROOT / package, folder / Path(package).name, ignore=shutil.ignore_patterns("__pycache__"))
    for source, target in wheel["force-include"].items():
        shutil.copytree(ROOT / source, folder / target)
    return f"sys.path.insert(0, {str(folder)!r})"


def editable(folder: Path) -> str:
    """Refer to the sources as an editable install does, by a `.pth` file; say how it is found."""
    (folder / "entformats.pth").write_text(str(ROOT / "src"), "utf-8")
    return f"site.addsitedir({str(folder)!r})"


def checkout(folder: Path) -> str:
    """Use the sources where they are; say how they are found."""
    del folder
    return f"sys.path.insert(0, {str(ROOT / 'src')!r})"


@pytest.mark.parametrize("layout", [checkout, editable, installed])
def test_schemas_are_found_however_the_library_is_installed(layout: Callable[[Path], str], tmp_path: Path) -> None:
    """From the checkout, an editable install and a wheel, another process finds the same schemas."""
    text = ASK.format(where=layout(tmp_path), libraries=LIBRARIES)
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-I", "-S", "-c", text], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    place, *found = done.stdout.splitlines()
    assert place.startswith(str(tmp_path if layout is installed else ROOT))
    assert found == [f"{name} {len(schema.read(name))} True" for name in schema.names()]


def test_titles() -> None:
    """Each schema says what it is, in one line; a schema that says nothing is its name."""
    titles = [schema.title(name) for name in schema.names()]
    assert len(set(titles)) == len(titles)
    assert all(20 < len(title) < 120 and "\n" not in title and not title.endswith((".", ":")) for title in titles)
    with pytest.raises(UsageError, match="no schema"):
        schema.title("word.xsd")


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("<!-- Grammaire -->", "Grammaire"),
        ("<xs:schema/>", "x.xsd"),
        ('<!-- a --><xs:documentation xml:lang="fr">\n Un  titre. Une suite.</xs:documentation>', "a"),
    ],
)
def test_the_title_of_any_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, title: str) -> None:
    """It is what the schema says first, else its name."""
    (tmp_path / "x.xsd").write_text(content, "utf-8")
    monkeypatch.setattr(schema, "folder", lambda _: tmp_path)
    assert schema.title("x.xsd") == title


def test_deliveries_of_both_degrees_are_valid() -> None:
    """Complete deliveries of the 1er degré and deltas with every operation are of the same grammar as the 2nd degré."""
    before, after = primary(3, pupils=20), primary(3, pupils=24)
    headers = {"degre": "1D"}
    deltas = [aaf.write_delta(aaf.compare(*pair), headers=headers) for pair in ((before, after), (after, before))]
    written = [*aaf.write(before, headers=headers), *chain(*deltas)]
    contents = [b"".join(chunks) for _, chunks in written]
    assert all(f"<{tag}Request>".encode() in b"".join(contents) for tag in ("add", "modify", "delete"))
    assert [verdicts(content) for content in contents] == [(True, True)] * len(contents)


def test_schemas_are_found_in_the_package_or_beside_its_sources(tmp_path: Path) -> None:
    """An installed package holds its schemas; a checkout has them beside `src`."""
    inside = tmp_path / "site-packages" / "entformats"
    (inside / "schemas").mkdir(parents=True)
    assert schema.folder(inside) == inside / "schemas"
    beside = tmp_path / "checkout" / "src" / "entformats"
    beside.mkdir(parents=True)
    assert schema.folder(beside) == tmp_path / "checkout" / "schemas"


def test_the_schema_tells_the_attributes_of_the_table() -> None:
    """The documentation of the schema holds each attribute of each category, as the table has it, and no other."""
    tree = etree.fromstring(schema.read("aaf.xsd"), PARSER)
    told = {
        (node.get("degree"), node.get("file"), node.get("operational"), node.get("value")): [row(one) for one in node]
        for node in tree.iter("category")
    }
    assert told == {
        (degree, table.category.value, *table.operational): [expected(one) for one in table.attributes]
        for degree, tables in (("2D", TABLES), ("1D", PRIMARY))
        for table in tables.values()
    }


def row(node: etree._Element) -> dict[str, str]:
    """Give one attribute as the schema tells it."""
    return {str(name): str(value) for name, value in node.attrib.items()}


def expected(one: Attribute) -> dict[str, str]:
    """Give one attribute as the table has it."""
    found = {
        "name": one.name,
        "values": one.values.name.lower(),
        "type": one.type.name.lower(),
        "target": one.target.value if one.target else "",
        "since": one.since,
        "mark": one.mark,
        "sure": one.sure,
    }
    return {name: value for name, value in found.items() if value}


def test_the_schema_says_what_each_type_is() -> None:
    """Each type of the schema is documented, and the operational names are those of the table."""
    tree = etree.fromstring(schema.read("aaf.xsd"), PARSER)
    types = [node for node in tree if node.tag in {f"{XS}complexType", f"{XS}simpleType"}]
    assert len(types) > 10
    assert [node.get("name") for node in types if node.find(f"{XS}annotation/{XS}documentation") is None] == []
    names = {
        node.get("value") for node in tree.iterfind(f".//{XS}simpleType[@name='operationalNameType']//{XS}enumeration")
    }
    assert names == {table.operational[0] for table in TABLES.values()}
