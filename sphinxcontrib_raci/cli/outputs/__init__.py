"""What ``sphinx-raci check`` found, as a text for a person or for another program."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sphinxcontrib_raci.cli.outputs.github import github
from sphinxcontrib_raci.cli.outputs.jsonfile import json_text
from sphinxcontrib_raci.cli.outputs.report import Entry, Report
from sphinxcontrib_raci.cli.outputs.sarif import sarif
from sphinxcontrib_raci.cli.outputs.text import text

__all__ = ['FORMATS', 'Entry', 'Report']

FORMATS: Mapping[str, Callable[[Report], str]] = {'text': text, 'json': json_text, 'sarif': sarif, 'github': github}
"""The formats by their names; each makes the whole of a text."""
