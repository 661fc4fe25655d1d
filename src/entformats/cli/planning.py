"""`entformats plan`: what an import of Pronote identifiers would change; nothing is, unless the plan is validated."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from entformats import aaf, pronote, rules
from entformats.cli import ExitCode
from entformats.cli.screen import Screen, counted, watched
from entformats.cli.whole import read_text, write_whole
from entformats.errors import UsageError
from entformats.identity import Profile
from entformats.problems import Report, Severity
from entformats.rules import Policy
from entformats.rules.identifiers import ImportMode, Links, Plan, Status, plan, with_links

__all__ = ["PlanOrder", "run"]

_LABELS = {
    Status.ATTACHED: "rattachés",
    Status.CHANGED: "changés",
    Status.UNCHANGED: "inchangés",
    Status.KEPT_EXISTING: "gardés (un autre identifiant existe)",
    Status.CLEARED: "effacés",
    Status.UNMATCHED: "sans compte",
    Status.AMBIGUOUS: "ambigus",
    Status.CONFLICT: "contradictoires",
}
_MODES = {
    ImportMode.REPLACE: "Annule et remplace",
    ImportMode.MERGE: "Ajout et mise à jour",
    ImportMode.ADD_ONLY: "Ajout seul",
}


@frozen
class PlanOrder:
    """What `entformats plan` was asked."""

    export: Path
    aaf: Path
    links: Path | None = None
    mode: ImportMode = ImportMode.MERGE
    school: str | None = None
    profile: Profile | None = None
    validate: bool = False
    confirm: bool = False


def run(order: PlanOrder) -> int:
    """Plan the import, show it, and write the links where it is validated."""
    if order.validate and order.links is None:
        raise UsageError("--validate needs --links FILE, where the links are kept")
    screen = Screen()
    links = _links(order.links)
    export = pronote.read(watched(order.export), default_profile=order.profile)
    delivery = aaf.read(watched(order.aaf))
    school = order.school or export.uai
    if not school:
        raise UsageError("this file does not name its school: give --school UAI")
    accounts = tuple(with_links(delivery.directory.identities(school=school), links))
    matching = rules.match(export.identities(school=school), accounts, policy=Policy(table=rules.PRONOTE))
    whole = delivery.complete and not delivery.manifest.incomplete
    present = {one.ref for one in accounts} if whole else None
    found = plan(links, export, matching, mode=order.mode, school=school, present=present)
    _show(screen, order, delivery.report.merged(export.report), found)
    if not whole:
        screen.line("La livraison AAF est incomplète : des comptes manquent, rien ne sera écrit.", "red")
        return ExitCode.PROBLEMS
    if not order.validate:
        return ExitCode.PROBLEMS if export.report.count(Severity.ERROR) or found.problems else ExitCode.OK
    return _validate(screen, order, found, links)


def _links(path: Path | None) -> Links:
    return Links.from_json(read_text(path)) if path is not None and path.exists() else Links()


def _show(screen: Screen, order: PlanOrder, report: Report, found: Plan) -> None:
    counts = found.counts
    screen.title(f"Import des identifiants Pronote, mode « {_MODES[order.mode]} »")
    screen.line(f"{counted(counts.read, 'ligne lue', 'lignes lues')}, {counts.rejected} écartées.")
    rows = [(label, str(getattr(counts, status.value))) for status, label in _LABELS.items()]
    screen.table(("Identifiants", "Nombre"), rows)
    screen.line(f"{counted(counts.imported, 'identifiant Pronote importé', 'identifiants Pronote importés')}.")
    everything = report.merged(Report.of(found.problems))
    if everything.counts:
        screen.line("À regarder :")
        screen.report(everything)


def _validate(screen: Screen, order: PlanOrder, found: Plan, links: Links) -> int:
    """Write the links, unless the plan is not usable or must be confirmed first."""
    if not found.usable:
        screen.line("Rien n'est écrit : ce fichier ne peut pas être importé.", "red")
        return ExitCode.PROBLEMS
    if found.requires_confirmation and not order.confirm:
        screen.line("Rien n'est écrit : confirmer l'effacement avec --confirm, ou choisir un autre mode.", "red")
        return ExitCode.PROBLEMS
    assert order.links is not None, "asked for above"
    write_whole(order.links, found.apply(links, confirmed=order.confirm).to_json())
    screen.line(f"Liens écrits dans {order.links.name}.", "green")
    return ExitCode.OK
