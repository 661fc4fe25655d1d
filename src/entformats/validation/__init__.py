"""Check files before they are sent or imported: whatever is wrong is a finding, never an exception."""

from entformats.validation.crossing import CROSSINGS, Crossing, Together
from entformats.validation.diagnostics import Diagnostic, explained
from entformats.validation.grammars import grammar_of, structure
from entformats.validation.profile import DEFAULT, LENIENT, PROFILES, STRICT, CheckProfile, Level
from entformats.validation.registry import RULES, About, Rule
from entformats.validation.runner import check

__all__ = [
    "CROSSINGS",
    "DEFAULT",
    "LENIENT",
    "PROFILES",
    "RULES",
    "STRICT",
    "About",
    "CheckProfile",
    "Crossing",
    "Diagnostic",
    "Level",
    "Rule",
    "Together",
    "check",
    "explained",
    "grammar_of",
    "structure",
]
