"""A fictitious AAF delivery of any size in one file, written as a stream: same seed, same bytes.

An académie in small: its schools, subjects and MEFs first, then families (pupils with one or two guardians) and staff,
in the proportions and with the weight of real records (about 2.7 kB for a pupil, 0.9 kB for a guardian, 1.7 kB for
staff). All is made of small pools of invented names, so that values repeat as they do in reality.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

__all__ = ["chunks", "write"]

Values: TypeAlias = str | Sequence[str]

HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n'
    '<ficAlimMENESR>\n<!-- versionAF="AAF-VE1301" -->\n'
)
OPERATIONAL: Final = {
    "EtabEducNat": "categorieStructure",
    "MatEducNat": "categorieMatiere",
    "MefEducNat": "categorieMef",
}
_SYLLABLES: Final = "ba bé car dri é fau gé hau jo ké la lè mor nu ou pré qui ro sé tho ü va wi xa yé zo çai mar"
_WORDS: Final = "ANGLAIS FRANCAIS HISTOIRE GEOGRAPHIE SCIENCES LV1 LV2 MATHEMATIQUES EDUCATION PHYSIQUE SPORTIVE"
SYLLABLES: Final = _SYLLABLES.split()
WORDS: Final = _WORDS.split()
SCHOOLS: Final = [str(number) for number in range(52_000, 52_300)]
SUBJECTS: Final = [f"{number:06}" for number in range(3_000, 603_000, 1_500)]
MEFS: Final = [f"1{number * 7919 % 10**10:010}" for number in range(1, 301)]
LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXY"


def request(category: str, key: str, attributes: Mapping[str, Values]) -> str:
    """Write one `addRequest`."""
    rows = []
    for name, values in attributes.items():
        texts = (values,) if isinstance(values, str) else values or ("",)
        inner = "".join(f"<value>{text}</value>" if text else "<value/>" for text in texts)
        rows.append(f'<attr name="{name}">{inner}</attr>\n')
    operational = OPERATIONAL.get(category, "categoriePersonne")
    return (
        f'<addRequest>\n<operationalAttributes><attr name="{operational}"><value>{category}</value></attr>'
        f"</operationalAttributes>\n<identifier><id>{key}</id></identifier>\n<attributes>\n{''.join(rows)}</attributes>\n"
        "</addRequest>\n\n"
    )


class _Academy:
    """Académie fictive."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.number = 2_000_000
        self.family = [self._name(2, 4).upper() for _ in range(15_000)]
        self.given = sorted({self._name(2, 3).capitalize() for _ in range(8_000)})
        self.labels = {code: " ".join(self.random.choices(WORDS, k=3)) for code in SUBJECTS}

    def _name(self, least: int, most: int) -> str:
        return "".join(self.random.choices(SYLLABLES, k=self.random.randint(least, most)))

    def nomenclatures(self) -> Iterator[str]:
        """Write schools with their classes and groups, subjects and MEFs."""
        for key in SCHOOLS:
            uai = _uai(int(key) * 20)
            classes = [f"{level}{letter}${level}EME {letter}$$" for level in "6543" for letter in LETTERS[:7]]
            groups = [f"{level}GR{number}$$$" for level in "6543" for number in range(12)]
            attributes: dict[str, Values] = {
                "ENTStructureJointure": key,
                "ENTStructureUAI": uai,
                "ENTEtablissementUAI": uai,
                "ENTStructureNomCourant": f"CLG${self.random.choice(self.family)}$VALFICTIF",
                "ENTStructureTypeStruct": "COLLEGE",
                "ENTServAcAcademie": "GRENOBLE",
                "ENTStructureClasses": [text.removesuffix("$$") for text in classes],
                "ENTStructureGroupes": [text.removesuffix("$$") for text in groups],
            }
            yield request("EtabEducNat", key, attributes)
        for key, label in self.labels.items():
            yield request("MatEducNat", key, {"ENTMatJointure": key, "ENTLibelleMatiere": label})
        for number, key in enumerate(MEFS):
            yield request("MefEducNat", key, {"ENTMefJointure": key, "ENTLibelleMef": f"{number % 4 + 3}EME"})

    def people(self) -> Iterator[str]:
        """Write families and staff, without end."""
        while True:
            for _ in range(11):
                yield from self._household()
            yield self._staff()

    def _person(self, title: str, born: str) -> tuple[str, dict[str, Values]]:
        self.number += 1
        key, family = str(self.number), self.random.choice(self.family)
        return key, {
            "ENTPersonJointure": key,
            "ENTPersonDateNaissance": born,
            "ENTPersonNomPatro": family,
            "sn": family,
            "givenName": self.random.choice(self.given),
            "personalTitle": title,
        }

    def _born(self, first: int, years: int) -> str:
        pick = self.random.randrange
        return f"{pick(28) + 1:02}/{pick(12) + 1:02}/{first + pick(years)}"

    def _household(self) -> Iterator[str]:
        guardians = []
        for _ in range(self.random.choice((1, 1, 2, 2))):
            key, attributes = self._person(self.random.choice(("M.", "Mme", "")), "")
            guardians.append(key)
            attributes |= {
                "homePhone": f"+33 4 50 {key[-6:-4]} {key[-4:-2]} {key[-2:]}",
                "telephoneNumber": "",
                "ENTPersonAdresse": f"{key[-2:]} RUE DES TILLEULS FICTIFS {key[-4:]}$BATIMENT {key[-1]}$$",
                "ENTPersonCodePostal": f"74{self.random.randrange(1000):03}",
                "ENTPersonVille": f"VILLE SUR {self.random.choice(SYLLABLES).upper()}",
                "ENTPersonPays": "FRANCE",
            }
            yield request("PersRelEleve", key, attributes)
        yield self._pupil(guardians)

    def _pupil(self, guardians: list[str]) -> str:
        key, attributes = self._person(self.random.choice(("M.", "Mlle")), self._born(2012, 8))
        pick, sample = self.random.choice, self.random.sample
        school, level = pick(SCHOOLS), pick("6543")
        codes = sample(SUBJECTS, self.random.randint(6, 12))
        attributes |= {
            "ENTPersonAutresPrenoms": sample(self.given, self.random.randint(1, 3)),
            "ENTEleveStructRattachId": key[-6:],
            "ENTEleveParents": guardians,
            "ENTElevePere": guardians[1:],
            "ENTEleveMere": guardians[:1],
            "ENTEleveAutoriteParentale": guardians,
            "ENTElevePersRelEleve1": "",
            "ENTEleveQualitePersRelEleve1": "",
            "ENTElevePersRelEleve2": "",
            "ENTEleveQualitePersRelEleve2": "",
            "ENTElevePersRelEleve": [f"{one}${2 - place}$1$1$0$0" for place, one in enumerate(guardians)],
            "ENTEleveBoursier": pick("NNNO"),
            "ENTEleveRegime": pick(("EXTERNE LIBRE", "DEMI-PENSIONNAIRE DANS L'ETABLISSEMENT")),
            "ENTEleveTransport": pick("NO"),
            "ENTEleveStatutEleve": "SCOLAIRE",
            "ENTEleveMEF": pick(MEFS),
            "ENTEleveLibelleMEF": f"{level}EME",
            "ENTEleveNivFormation": f"{level}EME GENERALE",
            "ENTEleveFiliere": f"{level}EME GENERALE",
            "ENTEleveEnseignements": [self.labels[code] for code in codes],
            "ENTEleveCodeEnseignements": codes,
            "ENTPersonStructRattach": school,
            "ENTEleveClasses": f"{school}${level}{pick(LETTERS[:7])}",
            "ENTEleveGroupes": [
                f"{school}${level}GR{number}" for number in sample(range(12), self.random.randint(0, 4))
            ],
        }
        return request("Eleve", key, attributes)

    def _staff(self) -> str:
        key, attributes = self._person(self.random.choice(("M.", "Mme")), self._born(1960, 40))
        pick, sample = self.random.choice, self.random.sample
        school, subject = pick(SCHOOLS), pick(SUBJECTS)
        classes = [f"{school}${level}{pick(LETTERS[:7])}" for level in sample("6543", 3)]
        groups = [f"{school}${level}GR{pick(range(12))}" for level in sample("6543", 2)]
        attributes |= {
            "mail": f"personne{key}@ac-exemple.fr",
            "ENTPersonStructRattach": school,
            "ENTAuxEnsCategoDiscipline": f"{subject[1:3]}${self.labels[subject]}",
            "ENTAuxEnsDisciplinesPoste": f"{self.labels[subject]}${subject[1:3]}",
            "ENTAuxEnsMEF": [f"{school}${mef}$ENSEIGNEMENT" for mef in sample(MEFS, 4)],
            "ENTAuxEnsMatiereEnseignEtab": f"{school}${self.labels[subject]}",
            "ENTAuxEnsClasses": classes,
            "ENTAuxEnsGroupes": groups,
            "ENTAuxEnsClassesMatieres": [f"{one}${subject}" for one in classes],
            "ENTAuxEnsGroupesMatieres": [f"{one}${subject}" for one in groups],
            "ENTAuxEnsClassesPrincipal": classes[: pick((0, 1))],
            "ENTPersonFonctions": f"{school}$ENS$ENSEIGNEMENT$L{subject[:4]}${self.labels[subject]}",
            "PersEducNatPresenceDevantEleves": "O",
        }
        return request("PersEducNat", key, attributes)


def _uai(number: int) -> str:
    """Make a valid UAI: seven digits and their check letter."""
    digits = f"{number:07}"
    return digits + "ABCDEFGHJKLMNPRSTUVWXYZ"[int(digits) % 23]


def chunks(size: int, *, seed: int = 7, changed: float = 0.0) -> Iterator[bytes]:
    """Give a delivery of about `size` bytes; `changed` is the part of the people who have another name than before."""
    academy, change = _Academy(seed), random.Random(seed + 1)
    yield HEAD.encode()
    written = len(HEAD)
    for text in academy.nomenclatures():
        yield text.encode()
        written += len(text)
    for text in academy.people():
        if written >= size:
            break
        other = text.replace('name="sn"><value>', 'name="sn"><value>DE ', 1) if change.random() < changed else text
        data = other.encode()
        yield data
        written += len(data)
    yield b"</ficAlimMENESR>\n"


def write(path: Path, size: int, *, seed: int = 7, changed: float = 0.0) -> None:
    """Write such a delivery to a file."""
    with path.open("wb") as out:
        out.writelines(chunks(size, seed=seed, changed=changed))
