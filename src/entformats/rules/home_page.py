"""Whose child a pupil of the home-page feed is: by the identifier first, then by the names (pronote 7.4)."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from entformats.names import compact
from entformats.problems import Findings, Location, Report
from entformats.pronote.feed import Feed, PupilPages

__all__ = ["Child", "Tie", "tie_children"]


@frozen(repr=False)
class Child:
    """Enfant: a child of the parent who called, as the ENT knows them; `key` is the account's.

    >>> Child("c1", "LANTERNIER", "Maël", "M5R94HUNK6WA8JQV")
    <Child c1>
    """

    key: str
    family: str
    given: str
    pronote_id: str = ""

    def __repr__(self) -> str:
        """Show the account."""
        return f"<Child {self.key}>"


@frozen
class Tie:
    """Rattachement: the pages of a pupil, and the account they belong to; None where nothing says so for sure.

    >>> Tie(PupilPages(), None).by
    ''
    """

    pages: PupilPages
    child: str | None
    by: str = ""
    """`identifier` or `names`; "" where there is no account."""


def tie_children(feed: Feed, children: Iterable[Child]) -> tuple[tuple[Tie, ...], Report]:
    """Rattacher les élèves du flux d'un parent à ses enfants, and to nobody else.

    The identifier decides; without an account that has it, folded names do, where they are those of one child only
    that has no other identifier. Problems: `feed_child_by_names`, `feed_child_unknown`. Source: pronote 7.4.

    >>> from entformats.identity import Profile
    >>> feed = Feed(Profile.GUARDIAN, (PupilPages("LANTERNIER", "MAEL"),))
    >>> [tie.child for tie in tie_children(feed, [Child("c1", "Lanternier", "Maël")])[0]]
    ['c1']
    """
    known = tuple(children)
    findings = Findings()
    ties: list[Tie] = []
    for rank, pages in enumerate(feed.pupils, 1):
        tie = _tie(pages, known)
        if tie.by != "identifier":
            slug = "feed_child_by_names" if tie.child else "feed_child_unknown"
            findings.found(slug, Location(kind="Eleve", key=str(rank)))
        ties.append(tie)
    return tuple(ties), findings.report()


def _tie(pages: PupilPages, children: tuple[Child, ...]) -> Tie:
    same = {one.key for one in children if pages.pronote_id and one.pronote_id == pages.pronote_id}
    if len(same) == 1:
        return Tie(pages, same.pop(), "identifier")
    named = {one.key for one in children if _names(one) == _names(pages) and not (one.pronote_id and pages.pronote_id)}
    if not same and len(named) == 1:
        return Tie(pages, named.pop(), "names")
    return Tie(pages, None)


def _names(one: Child | PupilPages) -> tuple[str, str]:
    """Fold both names; those of another script are compared as they are."""
    return compact(one.family) or one.family.casefold(), compact(one.given) or one.given.casefold()
