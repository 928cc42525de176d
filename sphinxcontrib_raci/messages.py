"""Words of this extension's own, in the language of the build."""

from __future__ import annotations

from pathlib import Path

from sphinx.locale import get_translation

CATALOG = 'sphinxcontrib_raci'
FOLDER = Path(__file__).with_name('locale')

lazy = get_translation(CATALOG)
"""For what is translated later than it is said, such as the names of a class."""


def _(message: str) -> str:
    """The message in the language of the build; as it stands where there is none."""
    return str(lazy(message))
