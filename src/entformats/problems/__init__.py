"""Findings: what is wrong with the data, as values that a program can read and a person can act on.

A `Problem` is a code of the catalogue, a place and parameters; its text is made when it is shown, in French or English.
The catalogue is data: `catalogue/*.toml`, one file a prefix, one table a code. A `Report` is what was found, counted.
"""

from entformats.problems.catalogue import CATALOGUE, Entry, Lang, Layer, Severity, entry
from entformats.problems.problem import Location, Param, Problem, problem
from entformats.problems.report import Findings, Input, Report, Verdict
from entformats.problems.stages import SKIPPED, Ran, SkipReason, Stage, StageState

__all__ = [
    "CATALOGUE",
    "SKIPPED",
    "Entry",
    "Findings",
    "Input",
    "Lang",
    "Layer",
    "Location",
    "Param",
    "Problem",
    "Ran",
    "Report",
    "Severity",
    "SkipReason",
    "Stage",
    "StageState",
    "Verdict",
    "entry",
    "problem",
]
