"""A matrix as the lists and mappings of the source format: what YAML and JSON, and the heads of tables, have in common.

The order of the keys is that in which the format lists them, and nothing is in the tree that goes without saying.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from sphinxcontrib_raci.model import Activity, Assignment, Matrix, Party, Section, Waiver
from sphinxcontrib_raci.schemes import PARTS, RACI, SCHEMES, USUAL, Letter, Scheme, UnknownLetter, read_letters
from sphinxcontrib_raci.sources.ids import Free, slug, stem

Value: TypeAlias = 'str | bool | int | list[Value] | dict[str, Value]'
Tree: TypeAlias = dict[str, Value]

VERSION = 1
"""The version of the format that is written."""

NO_LETTERS = '-'
"""How a cell says "no part" where it has to say something, as it has a note."""


def as_tree(matrix: Matrix, name: str = '') -> Tree:
    """The whole matrix, as the file ``name`` is to hold it."""
    tree = head(matrix, name)
    given = given_ids(matrix.root, list(_in_order(matrix.root)))
    tree |= _content(matrix.root, matrix, given) or {'activities': []}
    return tree


def head(matrix: Matrix, name: str = '') -> Tree:
    """All that a matrix has beside its sections and activities."""
    own = not _is_standard(matrix.scheme)
    standard = '' if matrix.scheme.name == RACI.name else matrix.scheme.name
    return _filled(
        {
            'raci': VERSION,
            'id': '' if matrix.id == stem(name or matrix.path) else matrix.id,
            'title': matrix.title,
            'intro': matrix.root.intro,
            'revision': matrix.revision,
            'review-by': matrix.review_by,
            'scheme': _own(matrix.scheme) if own else standard,
            'letters': {} if own else _overrides(matrix.scheme),
            'parties': {party.id: _party(party) for party in matrix.parties},
            'scopes': dict(matrix.scopes),
            'markup': 'rst' if matrix.markup else '',
            'rules': dict(matrix.rules),
            'waive': _reasons(matrix.root.waive),
        }
    )


def given_ids(root: Section, activities: Sequence[Activity]) -> frozenset[str]:
    """The ids that a file must give, where a reader meets the activities in this order.

    These are all that are not derived, and the derived ones that would come out as another id: of two activities of
    one name, the order decides which gets the plain id.
    """
    given = {section.id for section in walk_sections(root)} | {entry.id for entry in activities if not entry.derived}
    old = {ident for activity in activities for ident in activity.formerly}
    while True:
        free = Free(given | old)
        drafts = (activity for activity in activities if activity.id not in given)
        if not (other := {draft.id for draft in drafts if free(slug(draft.name) or 'activity') != draft.id}):
            return frozenset(given)
        given |= other


def walk_sections(root: Section) -> Iterator[Section]:
    """All sections below this one, each before those in it."""
    for section in root.sections:
        yield section
        yield from walk_sections(section)


def letters_text(letters: Iterable[str], scheme: Scheme) -> str:
    """Letters as they stand in a cell, empty for none: ``RA``, or parted where that would be read otherwise."""
    wanted = tuple(letters)
    for separator in ('', '/'):
        text = separator.join(wanted)
        try:
            if read_letters(text, scheme) == wanted:
                return text
        except UnknownLetter:
            pass
    return ' '.join(wanted)


def _filled(tree: Tree, *keep: str) -> Tree:
    """The tree without what is empty, except for the keys to keep; "false" and 0 are not empty."""
    return {key: value for key, value in tree.items() if key in keep or value not in ('', [], {})}


def _named(name: str, key: str, more: str) -> Value:
    """A name, in the short form where there is nothing more to say."""
    if more:
        return {'name': name, key: more} if name else {key: more}
    return name


def _party(party: Party) -> Value:
    # What only the project names has no name here.
    return _named(party.name if party.named else '', 'description', party.description)


def _reasons(waive: Iterable[Waiver]) -> Value:
    return {waiver.rule: waiver.reason for waiver in waive}


def _own(scheme: Scheme) -> Value:
    """A scheme that no name stands for."""
    letters: Value = {letter.code: _letter(letter, scheme) for letter in scheme.letters}
    parts: Tree = {part: getattr(scheme, part) for part in PARTS if getattr(scheme, part)}
    return {'letters': letters, **parts} if parts else letters


def _letter(letter: Letter, scheme: Scheme) -> Value:
    usual = next((limits for part, limits in USUAL.items() if getattr(scheme, part) == letter.code), (0, None))
    more: Tree = {
        'meaning': letter.meaning,
        'per-activity': '' if (letter.least, letter.most) == usual else letter.per_activity,
        'includes': ', '.join(letter.includes),
    }
    return _filled({'name': letter.name, **more}) if any(more.values()) else letter.name


def _is_standard(scheme: Scheme) -> bool:
    """Whether the scheme is the one of its name, up to other names and meanings: those cannot be taken away."""
    standard = SCHEMES.get(scheme.name)
    if standard is None or scheme.codes != standard.codes:
        return False
    pairs = list(zip(scheme.letters, standard.letters, strict=True))
    usual = tuple(replace(letter, name=usual.name, meaning=usual.meaning) for letter, usual in pairs)
    told = all(letter.name and (letter.meaning or not usual.meaning) for letter, usual in pairs)
    return told and replace(scheme, letters=usual) == standard


def _overrides(scheme: Scheme) -> dict[str, Value]:
    """The names and meanings of letters that are not those of the standard scheme."""
    found: dict[str, Value] = {}
    for letter, usual in zip(scheme.letters, SCHEMES[scheme.name].letters, strict=True):
        name = letter.name if letter.name != usual.name else ''
        if letter.meaning != usual.meaning:
            found[letter.code] = _filled({'name': name, 'meaning': letter.meaning})
        elif name:
            found[letter.code] = name
    return found


def _sections_first(section: Section) -> bool:
    """Whether the source gives the sections before the activities: derived ids depend on it."""
    if not section.activities or not section.sections:
        return False
    return 0 < section.sections[0].line < section.activities[0].line


def _in_order(section: Section) -> Iterator[Activity]:
    """All activities in the order in which they are written."""
    if not _sections_first(section):
        yield from section.activities
    for part in section.sections:
        yield from _in_order(part)
    if _sections_first(section):
        yield from section.activities


def _content(section: Section, matrix: Matrix, given: frozenset[str]) -> Tree:
    """The sections and activities in a section."""
    tree: Tree = {
        'activities': [_activity(activity, matrix, given) for activity in section.activities],
        'sections': [_section(part, matrix, given) for part in section.sections],
    }
    return _filled(dict(reversed(tree.items())) if _sections_first(section) else tree)


def _section(section: Section, matrix: Matrix, given: frozenset[str]) -> Tree:
    texts: Tree = {'id': section.id, 'title': section.title, 'intro': section.intro, 'waive': _reasons(section.waive)}
    return _filled(texts) | _content(section, matrix, given)


def _activity(activity: Activity, matrix: Matrix, given: frozenset[str]) -> Tree:
    cells = zip(matrix.parties, activity.assignments, strict=True)
    who: Value = {party.id: _cell(cell, matrix.scheme) for party, cell in cells if cell.letters or cell.note}
    # That nobody has a part is said, and so is that no scope applies: without the key, all of them do.
    keep = ('who', 'scopes') if activity.scopes is not None else ('who',)
    return _filled(
        {
            'id': activity.id if activity.id in given else '',
            'name': activity.name,
            'who': who,
            'note': activity.note,
            'links': [{'text': link.text, 'url': link.url} for link in activity.links],
            'tags': list(activity.tags),
            'scopes': list(activity.scopes or ()),
            'formerly': list(activity.formerly),
            'waive': _reasons(activity.waive),
        },
        *keep,
    )


def _cell(cell: Assignment, scheme: Scheme) -> Value:
    letters = letters_text(cell.letters, scheme)
    return {'letters': letters or NO_LETTERS, 'note': cell.note} if cell.note else letters
