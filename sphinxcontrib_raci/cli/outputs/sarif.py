"""SARIF 2.1.0, the format in which programs that check something tell others what they found."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sphinxcontrib_raci import __version__
from sphinxcontrib_raci.cli.outputs.report import Entry, Report
from sphinxcontrib_raci.model import Place
from sphinxcontrib_raci.schemes import RACI

SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'

_KINDS = {
    'syntax': 'a file that cannot be read',
    'structure': 'something that is not as the format has it',
    'meaning': 'something that is said, but cannot be',
    'row': 'a row that is not in the matrix',
    'cell': 'a cell that is read in another way than it is written',
    'read': 'something that was perhaps not understood as it is meant',
    'fault': 'a fault of the program itself',
}


def sarif(report: Report) -> str:
    """The entries as a log of one run; those that are waived are suppressed there."""
    others = {entry.code: entry.code for entry in report.entries if entry.code not in report.rules}
    rules = [_rule(code, title, 'error') for code, title in {**others, **_KINDS}.items()]
    rules += [
        _rule(code, rule.titled(RACI), 'warning', enabled=rule.default is not False)
        for code, rule in report.rules.items()
    ]
    numbers = {rule['id']: number for number, rule in enumerate(rules)}
    run = {
        'tool': {'driver': {'name': 'sphinx-raci', 'version': __version__, 'rules': rules}},
        'columnKind': 'unicodeCodePoints',
        'results': [_result(entry, numbers) for entry in report.entries],
    }
    return json.dumps({'$schema': SCHEMA, 'version': '2.1.0', 'runs': [run]}, indent=2, ensure_ascii=False) + '\n'


def _rule(code: str, title: str, level: str, *, enabled: bool = True) -> dict[str, Any]:
    return {
        'id': code,
        'shortDescription': {'text': title},
        'defaultConfiguration': {'enabled': enabled, 'level': level},
    }


def _result(entry: Entry, numbers: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        'ruleId': entry.code,
        'ruleIndex': numbers[entry.code],
        'level': entry.level,
        'message': {'text': entry.text},
        'locations': [_location(entry.place)],
    }
    # Either all results have it, or none (section 3.27.23).
    result['suppressions'] = [{'kind': 'inSource', 'justification': entry.waived}] if entry.waived else []
    return result


def _location(place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {'artifactLocation': {'uri': _uri(place.path)}}
    if place.cell:
        # The rows of a spreadsheet are no lines of its file.
        return {'physicalLocation': physical, 'logicalLocations': [{'fullyQualifiedName': place.cell}]}
    if place.line:
        column = {'startColumn': place.column} if place.column else {}
        physical['region'] = {'startLine': place.line, **column}
    return {'physicalLocation': physical}


def _uri(path: str) -> str:
    if os.path.isabs(path):
        return Path(path).as_uri()
    return quote(os.fsencode(path.replace(os.sep, '/')))
