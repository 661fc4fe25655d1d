"""Show the `>>>` examples of docstrings as code: an extension of griffe, which reads the docstrings for the site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from griffe import Extension

if TYPE_CHECKING:
    from griffe import Object

SESSION = re.compile(r"^>>> .*(?:\n.*\S.*)*", re.MULTILINE)


class Examples(Extension):
    """Put each session of a docstring, up to the next blank line, in a fence."""

    def on_object(self, *, obj: Object, **_: object) -> None:
        """Fence the sessions of one docstring."""
        if obj.docstring:
            obj.docstring.value = SESSION.sub(r"```pycon\n\g<0>\n```", obj.docstring.value)
