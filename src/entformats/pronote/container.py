"""The container `ImportChiffre`: a file that an ENT encrypts for Index Éducation (pronote 5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import evolve

from entformats import _envelope
from entformats._envelope import Decryptor, Envelope
from entformats._xml import XmlReader, XmlSpec
from entformats._xml.harvest import local_name
from entformats.frozen import FrozenMap
from entformats.limits import Limits
from entformats.pronote.markup import element, page

__all__ = ["ROOT", "open_container", "read_container", "seal"]

ROOT = "ImportChiffre"
NAMESPACE = "http://www.index-education.com/containeurimportchiffreV1"


def seal(
    document: bytes,
    public_key: bytes,
    *,
    partner: str,
    uai: str,
    at: datetime,
    description: str = "",
    version: str = "1.0",
) -> Iterator[bytes]:
    """Chiffrer un fichier pour Pronote: the container of a document, for the holder of a public RSA key in PEM.

    `partner` is the name that Index Éducation gave to the publisher of the ENT, `uai` the main school of a group, `at`
    the time of production. Each call draws another key. Raises MissingExtra("crypto"), and UsageError for another kind
    of key or a text that XML cannot hold. Source: pronote 5.4.

    >>> list(seal(b"<a/>", b"nothing", partner="NEO", uai="0749999S", at=datetime(2022, 9, 5)))
    Traceback (most recent call last):
    entformats.errors.UsageError: the key is no public RSA key in PEM
    """
    sealed = _envelope.seal(document, public_key)
    told = {
        "Partenaire": partner,
        "Description": description,
        "Cle": sealed.key,
        "Contenu": sealed.content,
        "Verification": sealed.verification,
        "DateExport": at.isoformat(timespec="seconds"),
        "UAI": uai,
    }
    inside = [line for name, text in told.items() for line in element(name, {}, text=text)]
    return page(element(ROOT, {"xmlns": NAMESPACE, "Version": version}, inside))


def read_container(content: bytes, *, file: str = "", limits: Limits = Limits()) -> Envelope:  # noqa: B008 - frozen
    """Lire le conteneur sans clé: who made it and for which school, under any namespace and in any order.

    The only key block is under the name of the partner. Raises what the XML door raises.

    >>> read_container(b"<ImportChiffre><UAI>0749999S</UAI></ImportChiffre>")
    <Envelope 0749999S for nobody>
    """
    wide = evolve(limits, text_chars=max(limits.text_chars, limits.record_bytes))
    reader = XmlReader([content], XmlSpec(frozenset({ROOT}), huge=True), file=file, limits=wide)
    texts: dict[str, str] = {}
    for child in reader.records():
        texts.setdefault(local_name(child), (child.text or "").strip())
    return Envelope(
        version=reader.root.attributes.get("Version", ""),
        keys=FrozenMap({texts.get("Partenaire", ""): "".join(texts.get("Cle", "").split())}),
        content="".join(texts.get("Contenu", "").split()),
        verification="".join(texts.get("Verification", "").split()),
        uai=texts.get("UAI", ""),
    )


def open_container(content: bytes, decrypt: Decryptor | None, *, file: str, limits: Limits) -> bytes:
    """Give the document inside. The key is that of the addressee, so its `partner` is not compared with the file's.

    Raises what `edt.read` raises for an envelope: `Encrypted` without key, `UnreadableInput`, `LimitExceeded`.
    """
    envelope = read_container(content, file=file, limits=limits)
    ours = decrypt and evolve(decrypt, partner=envelope.partners[0])
    return _envelope.opened(envelope, ours, file=file, limits=limits)
