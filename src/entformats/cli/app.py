"""The commands, and nothing else: each reads its arguments, calls the library, shows the result."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from entformats import __version__
from entformats.cli import (
    checking,
    converting,
    differing,
    generating,
    importing,
    matching,
    planning,
    publishing,
    schemas,
    showing,
)
from entformats.cli import demo as demos
from entformats.cli.keys import decryptor
from entformats.identity import Profile
from entformats.problems import Lang
from entformats.reports.bilan import Form as BilanForm
from entformats.reports.checks import Form
from entformats.rules import GroupMode
from entformats.rules.identifiers import ImportMode
from entformats.timetable.ical import Privacy

app = App(
    name="entformats",
    help="Lit les fichiers qui alimentent un ENT (AAF, EDT) et applique les règles de l'ENT.",
    version=__version__,
    suppress_keyboard_interrupt=False,
)

ShowNames = Annotated[bool, Parameter(negative="", help="Afficher les noms des personnes, cachés par défaut.")]


@app.command
def demo(*, seed: int = 0, pupils: int = 420) -> int:
    """Montrer tout le travail sur un collège fictif, de la livraison AAF au bilan validé.

    Args:
        seed: graine du générateur ; une graine donne toujours le même collège.
        pupils: nombre d'élèves.
    """
    return demos.demo(seed, pupils)


@app.command
def generate(
    output: Path,
    *,
    seed: int = 0,
    pupils: int = 420,
    dialect: Annotated[tuple[str, ...], Parameter(negative="")] = (),
) -> int:
    """Écrire les fichiers d'un collège fictif : une livraison AAF et deux emplois du temps successifs.

    Args:
        output: dossier, vide ou à créer.
        seed: graine du générateur ; une graine donne toujours les mêmes octets.
        pupils: nombre d'élèves.
        dialect: edt, udt ou sts, autant de fois qu'il faut ; par défaut les trois.
    """
    return generating.generate(seed, pupils, dialect, output)


@app.command
def show(*files: Path, key: Path | None = None, partner: str | None = None) -> int:
    """Décrire des fichiers : format, établissement, contenu, anomalies ; un paragraphe par fichier.

    Args:
        files: fichiers ou dossiers.
        key: clé privée du partenaire (PEM ou DER), pour un export chiffré.
        partner: nom du partenaire, à la lettre, tel que l'export le porte.
    """
    return showing.show(files, decryptor(key, partner))


@app.command
def check(  # noqa: PLR0913 - the options of the command
    *files: Annotated[Path, Parameter(allow_leading_hyphen=True)],
    format: Form = Form.TEXT,  # noqa: A002 - the name of the option
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    report: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    profile: str = "default",
    select: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    ignore: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    fail_on: Literal["error", "warning", "info", "never"] = "error",
    today: date | None = None,
    only: str | None = None,
    lang: Lang = "fr",
    limit: int = 1_000,
    show_names: ShowNames = False,
    key: Path | None = None,
    partner: str | None = None,
) -> int:
    """Contrôler des fichiers avant de les envoyer ou de les importer ; plusieurs sources sont aussi comparées.

    Args:
        files: fichiers, archives ou dossiers ; - pour l'entrée standard.
        format: forme du rapport.
        output: fichier du rapport (sortie standard par défaut).
        report: un rapport de plus, FORME=FICHIER, autant de fois qu'il faut.
        profile: strict, default, lenient, ou un fichier TOML.
        select: ne garder que ce code, ce nom ou cette famille (AAF, AAF-3), autant de fois qu'il faut.
        ignore: faire taire ce code, ce nom ou cette famille, autant de fois qu'il faut.
        fail_on: gravité à partir de laquelle le code de sortie est 1.
        today: jour du contrôle, qui dit l'année scolaire attendue ; par défaut aujourd'hui.
        only: UAI du seul établissement à contrôler.
        lang: langue du rapport.
        limit: nombre d'anomalies de chaque code gardées avec leur endroit ; les nombres restent exacts.
        show_names: afficher les noms des personnes, cachés par défaut.
        key: clé privée du partenaire (PEM ou DER), pour un export chiffré.
        partner: nom du partenaire, à la lettre, tel que l'export le porte.
    """
    order = checking.CheckOrder(
        files,
        today,
        profile,
        select,
        ignore,
        only,
        fail_on,
        lang,
        format,
        output,
        report,
        limit,
        show_names,
        decryptor(key, partner),
    )
    return checking.run(order)


@app.command
def explain(code: str, *, lang: Lang = "fr") -> int:
    """Expliquer une anomalie : ce qu'elle dit, pourquoi, et que faire.

    Args:
        code: code ou nom, comme AAF-002 ou missing_part.
        lang: langue.
    """
    return checking.explain(code, lang)


@app.command
def codes(*, json: Annotated[bool, Parameter(negative="")] = False, lang: Lang = "fr") -> int:
    """Lister toutes les anomalies.

    Args:
        json: tout le catalogue, dans les deux langues.
        lang: langue de la liste.
    """
    return checking.codes(lang, as_json=json)


@app.command
def schema(name: str | None = None, *, file: Path | None = None, show_names: ShowNames = False) -> int:
    """Lister les schémas publiés (XSD, DTD, JSON), en écrire un, ou expliquer ce qui s'en écarte dans un fichier.

    Args:
        name: nom d'un schéma, comme edt.xsd ; sans lui, la liste.
        file: fichier à comparer au schéma nommé, ou à celui de son format.
        show_names: afficher les valeurs, cachées par défaut.
    """
    return schemas.run(name, file, show_names=show_names)


@app.command
def match(  # noqa: PLR0913 - the options of the command
    *,
    aaf: Path,
    timetable: Annotated[tuple[Path, ...], Parameter(name=["--timetable", "--identifiers"], consume_multiple=True)],
    decisions: Path | None = None,
    state: Path | None = None,
    school: str | None = None,
    accept_names: Annotated[bool, Parameter(negative="")] = False,
    everybody: Annotated[bool, Parameter(name="--all", negative="")] = False,
    show_names: ShowNames = False,
    key: Path | None = None,
    partner: str | None = None,
    profile: Profile | None = None,
) -> int:
    """Rapprocher les personnes d'un emploi du temps, ou d'un export d'identifiants Pronote, des comptes de l'AAF.

    Args:
        aaf: livraison AAF complète.
        timetable: export d'emploi du temps, ou ses fichiers ; ou export d'identifiants Pronote.
        decisions: décisions sur les personnes, un tableau JSON.
        state: fichier d'état de l'établissement, dont les décisions comptent aussi.
        school: UAI, quand l'export contient plusieurs établissements.
        accept_names: reconnaître sans date de naissance des noms uniques des deux côtés.
        everybody: montrer aussi les personnes reconnues sans aucun doute.
        show_names: afficher les noms des personnes, cachés par défaut.
        key: clé privée du partenaire (PEM ou DER), pour un export chiffré.
        partner: nom du partenaire, à la lettre, tel que l'export le porte.
        profile: catégorie des personnes d'un export d'identifiants qui n'en a pas.
    """
    order = matching.MatchOrder(
        aaf, timetable, decisions, state, school, accept_names, everybody, show_names, decryptor(key, partner), profile
    )
    return matching.match(order)


@app.command
def plan(
    export: Path,
    *,
    aaf: Path,
    links: Path | None = None,
    mode: ImportMode = ImportMode.MERGE,
    school: str | None = None,
    profile: Profile | None = None,
    validate: Annotated[bool, Parameter(negative="")] = False,
    confirm: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Préparer l'import d'un export d'identifiants Pronote ; avec --validate, écrire les liens.

    Args:
        export: export d'identifiants de Pronote.
        aaf: livraison AAF complète.
        links: fichier JSON des liens entre comptes et identifiants ; absent ou inexistant, aucun lien n'existe.
        mode: replace (annule et remplace), merge (ajout et mise à jour) ou add-only (ajout seul).
        school: UAI, quand le fichier ne le dit pas.
        profile: catégorie des personnes d'un export qui n'en a pas.
        validate: écrire les liens après l'import.
        confirm: confirmer un effacement massif.
    """
    return planning.run(planning.PlanOrder(export, aaf, links, mode, school, profile, validate, confirm))


@app.command
def bilan(  # noqa: PLR0913 - the options of the command
    *,
    aaf: Path,
    timetable: Annotated[tuple[Path, ...], Parameter(consume_multiple=True)],
    state: Path | None = None,
    decisions: Path | None = None,
    mode: GroupMode = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS,
    at: datetime | None = None,
    school: str | None = None,
    validate: Annotated[bool, Parameter(negative="")] = False,
    show_names: ShowNames = False,
    key: Path | None = None,
    partner: str | None = None,
    format: BilanForm = BilanForm.TEXT,  # noqa: A002 - the name of the option
) -> int:
    """Préparer un import d'emploi du temps et afficher son bilan ; avec --validate, le valider.

    Args:
        aaf: livraison AAF complète.
        timetable: export d'emploi du temps ; les fichiers de STS-Web et de SIECLE, ensemble.
        state: fichier d'état de l'établissement ; absent ou inexistant, aucun import n'a encore été validé cette année.
        decisions: décisions sur les personnes, un tableau JSON.
        mode: pilotage des classes et des groupes ; par défaut celui de l'« Option 2 ».
        at: instant de l'import ; par défaut maintenant.
        school: UAI, quand l'export contient plusieurs établissements.
        show_names: afficher les noms des personnes, cachés par défaut.
        key: clé privée du partenaire (PEM ou DER), pour un export chiffré.
        partner: nom du partenaire, à la lettre, tel que l'export le porte.
        validate: valider l'import et écrire le nouvel état dans le fichier d'état.
        format: l'écran de l'ENT (text), ou le bilan et ses détails en markdown, html, json ou csv, seul sur la sortie.
    """
    order = importing.Order(
        aaf, timetable, state, decisions, mode, at, school, validate, show_names, decryptor(key, partner), format
    )
    return importing.bilan(order)


@app.command
def convert(
    *sources: Path,
    to: converting.Target | Literal["ics"] = "jsonl",
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    for_: Annotated[str | None, Parameter(name="--for")] = None,
    privacy: Privacy = Privacy.NOBODY,
    zone: str = "Europe/Paris",
    school: str | None = None,
    key: Path | None = None,
    partner: str | None = None,
) -> int:
    """Convertir une livraison AAF ou un emploi du temps (JSON Lines, tables CSV), ou en publier un calendrier (ics).

    Args:
        sources: livraison ou export (fichier, archive ou dossier) ; les fichiers de STS-Web et de SIECLE, ensemble.
        to: format de sortie ; JSON Lines et CSV portent les noms des personnes.
        output: fichier de sortie (sortie standard par défaut), ou dossier des tables CSV.
        for_: pour ics, de qui ou de quoi est le calendrier, comme class:6A, room:12 ou "teacher:Odile VALMOND".
        privacy: pour ics, les noms montrés ; personne par défaut, ceux du personnel, ou de tout le monde.
        zone: pour ics, fuseau horaire de l'établissement.
        school: UAI, quand l'export contient plusieurs établissements.
        key: clé privée du partenaire (PEM ou DER), pour un export chiffré.
        partner: nom du partenaire, à la lettre, tel que l'export le porte.
    """
    if to == "ics":
        wanted = publishing.Wanted(sources, for_, output, zone, privacy, school, decryptor(key, partner))
        return publishing.publish(wanted)
    return converting.convert(sources, to, output, school=school, decrypt=decryptor(key, partner))


@app.command
def diff(old: Path, new: Path, *, to: differing.Form = "text", show_names: ShowNames = False) -> int:
    """Comparer deux livraisons AAF, ou une livraison et les modifications qui la suivent.

    Args:
        old: livraison complète de départ.
        new: livraison complète suivante, ou livraison de modifications.
        to: un résumé, ou une ligne JSON par fiche modifiée.
        show_names: écrire les valeurs avant et après, données personnelles comprises.
    """
    return differing.diff(old, new, to, show_names=show_names)
