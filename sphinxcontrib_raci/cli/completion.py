"""The JSON Schema of the source format, and the same one with completions for some matrices."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from sphinxcontrib_raci.model import Matrix, Party


def schema_text() -> str:
    """The schema as it is in the package."""
    return files('sphinxcontrib_raci').joinpath('schema/raci.schema.json').read_text(encoding='utf-8')


def completed(matrices: Iterable[Matrix]) -> dict[str, Any]:
    """The schema with the parties and letters of some matrices, for an editor to complete.

    It accepts all that the plain one accepts: another order of letters is right as well, and a new party begins as one
    that no file has yet.
    """
    known = tuple(matrices)
    schema: dict[str, Any] = json.loads(schema_text())
    # Under the address of the plain one, an editor might take either for the other.
    del schema['$id']
    definitions = schema['definitions']
    definitions['known-letters'] = {
        'description': 'Letters as these matrices write them.',
        'enum': _combinations(known),
    }
    letters = {'$ref': '#/definitions/known-letters'}
    cell = definitions['assignment']['anyOf'][-1]['properties']['letters']
    cell['anyOf'].insert(0, letters)
    definitions['letters']['items'] = {'anyOf': [{'enum': _codes(known)}, definitions['letters']['items']]}
    definitions['activity']['properties']['who']['properties'] = {
        ident: _cell(parties, letters) for ident, parties in _parties(known).items()
    }
    return schema


def _cell(parties: tuple[Party, ...], letters: dict[str, str]) -> dict[str, Any]:
    """What an editor knows of the cell of one party; files may name it differently."""
    names = list(dict.fromkeys(party.name for party in parties))
    told = list(dict.fromkeys(party.description for party in parties if party.description))
    return {
        'title': ', '.join(names),
        'description': ' '.join(told) or f'The part of {", ".join(names)} in the activity.',
        'anyOf': [letters, {'$ref': '#/definitions/assignment'}],
    }


def _parties(matrices: tuple[Matrix, ...]) -> dict[str, tuple[Party, ...]]:
    found: dict[str, tuple[Party, ...]] = {}
    for matrix in matrices:
        for party in matrix.parties:
            found[party.id] = (*found.get(party.id, ()), party)
    return found


def _codes(matrices: tuple[Matrix, ...]) -> list[str]:
    return list(dict.fromkeys(code for matrix in matrices for code in matrix.scheme.codes))


def _combinations(matrices: tuple[Matrix, ...]) -> list[str]:
    """Each letter of the schemes, and the letters that stand together in a cell somewhere."""
    together = {
        ('' if max(map(len, cell.letters)) == 1 else ', ').join(cell.letters)
        for matrix in matrices
        for activity in matrix.walk()
        for cell in activity.assignments
        if len(cell.letters) > 1
    }
    return list(dict.fromkeys([*_codes(matrices), *sorted(together, key=lambda letters: (len(letters), letters))]))
