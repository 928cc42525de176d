"""Workflow commands, which GitHub turns into remarks beside lines."""

from __future__ import annotations

import os

from sphinxcontrib_raci.cli.outputs.report import Entry, Report
from sphinxcontrib_raci.cli.reports import printable

_MESSAGE = str.maketrans({'%': '%25', '\r': '%0D', '\n': '%0A'})
_PROPERTY = _MESSAGE | str.maketrans({':': '%3A', ',': '%2C'})


def github(report: Report) -> str:
    """A command for each entry that is not waived, each in a line of its own."""
    return ''.join(f'{_command(entry)}\n' for entry in report.open())


def _command(entry: Entry) -> str:
    place = entry.place
    properties = {'file': printable(place.path.replace(os.sep, '/'))}
    # The rows of a spreadsheet are no lines of its file.
    if place.line and not place.cell:
        properties['line'] = str(place.line)
        if place.column:
            properties['col'] = str(place.column)
    properties['title'] = entry.code
    listed = ','.join(f'{name}={value.translate(_PROPERTY)}' for name, value in properties.items())
    text = f'{place.cell}: {entry.text}' if place.cell else entry.text
    return f'::{entry.level} {listed}::{text.translate(_MESSAGE)}'
