"""The exception family."""

from __future__ import annotations

import pickle

import pytest

from entformats import errors
from entformats.problems import Location, problem

FOUND = problem("io_failed", Location("a.xml", line=7), reason="EIO")
SAMPLES: list[errors.EntFormatsError] = [
    errors.EntFormatsError("base"),
    errors.UnreadableInput(FOUND),
    errors.WrongFormat(FOUND),
    errors.Encrypted(FOUND),
    errors.LimitExceeded(FOUND),
    errors.InvalidValue("expected"),
    errors.UsageError("mistake"),
    errors.MissingExtra("match"),
    errors.StalePreview("prepare again"),
]


def test_every_error_is_here() -> None:
    """A new error joins the samples below, and has a docstring."""
    assert {type(one).__name__ for one in SAMPLES} == set(errors.__all__)
    assert all(getattr(errors, name).__doc__ for name in errors.__all__)


@pytest.mark.parametrize("error", SAMPLES, ids=lambda e: type(e).__name__)
def test_it_is_caught_by_the_base_and_survives_pickling(error: errors.EntFormatsError) -> None:
    """Whatever crosses a process is still the same error, with its message and its problem."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert isinstance(error, errors.EntFormatsError)
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert getattr(again, "problem", None) == getattr(error, "problem", None)


@pytest.mark.parametrize(
    ("child", "parents"),
    [
        (errors.WrongFormat, {errors.UnreadableInput}),
        (errors.Encrypted, {errors.UnreadableInput}),
        (errors.LimitExceeded, {errors.UnreadableInput}),
        (errors.UnreadableInput, {errors.EntFormatsError}),
        (errors.InvalidValue, {errors.EntFormatsError, ValueError}),
        (errors.MissingExtra, {errors.UsageError}),
        (errors.StalePreview, {errors.UsageError}),
    ],
)
def test_the_family_tree(child: type[Exception], parents: set[type[Exception]]) -> None:
    """Parents are those of the tree in the module's docstring, nothing else."""
    assert set(child.__bases__) == parents


def test_an_unreadable_input_shows_place_code_and_message() -> None:
    """The text of the exception is that of its problem."""
    error = errors.UnreadableInput(FOUND)
    assert error.problem is FOUND
    assert str(error) == "a.xml:7: IO-003 the system could not read this file to its end (EIO)"


def test_a_missing_extra_is_named() -> None:
    """The message is the command that repairs it."""
    error = errors.MissingExtra("crypto")
    assert error.extra == "crypto"
    assert "pip install 'entformats[crypto]'" in str(error)
