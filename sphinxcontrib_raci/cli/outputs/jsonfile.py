"""JSON of our own, for programs that users write."""

from __future__ import annotations

import json
from typing import Any

from sphinxcontrib_raci.cli.outputs.report import Entry, Report

VERSION = 1
"""Another one is due when a key is taken away or changes its meaning."""


def json_text(report: Report) -> str:
    """The entries as JSON, those that are waived among them."""
    content = {'version': VERSION, 'findings': [_finding(entry) for entry in report.entries]}
    return json.dumps(content, indent=2, ensure_ascii=False) + '\n'


def _finding(entry: Entry) -> dict[str, Any]:
    place = entry.place
    return {
        'path': place.path,
        'line': place.line or None,
        'column': place.column or None,
        'cell': place.cell or None,
        'level': entry.level,
        'code': entry.code,
        'text': entry.text,
        'matrix': entry.matrix or None,
        'activity': entry.activity or None,
        'party': entry.party or None,
        'waived': entry.waived or None,
    }
