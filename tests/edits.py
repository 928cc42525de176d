"""A small project as data, and all that may be done to it: one edit after the other, each of them by chance."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from conftest import SILENT, Project
from trees import is_stub

T = TypeVar('T')
Pick = Callable[[Sequence[T]], T]
"""Chooses one of several things."""

PARTIES = ('customer', 'provider', 'auditor', 'carrier')
NAMES = ('Customer', 'The “client”', 'Provider -- ours', 'Auditor', None)
WORDS = ('Order the service', 'Restore *one* file', 'Watch "machines" all day', 'Pay', 'Keep logs for :doc:`/index`')
LETTERS = ('RA', 'R', 'A', 'C', 'I', 'CI', '', 'XY')
TITLES = ('Hosting', 'Backup', 'Lines', 'A page', 'Überblick & more')
SECTIONS = ('First', 'Second')
BROKEN = ('{"raci": 1', '[]', '{"raci": 1, "title": "Half"}', '')
UNUSABLE = '{{ title'
"""A template that cannot be used."""
TEMPLATES = (
    '{{ title | heading }}\n\n.. raci:party:: {{ id }}\n   :by: letter\n',
    '{{ title | heading }}\n\nAsk {{ name | e }}.\n\n.. raci:party:: {{ id }}\n',
    UNUSABLE,
)
EDITED = '.. Written by sphinxcontrib-raci (0123456789abcdef). Keep.\n\nUs\n==\n\n.. raci:party:: customer\n\nOurs.\n'
"""A stub that was edited afterwards."""
STYLES = ('.raci-table { color: red }\n', '.raci-table { color: blue }\n')
OPTIONS = (
    '',
    '',
    ':layout: table',
    ':no-index:',
    ':section: First',
    ':section: Second\n   :no-index:',
    ':parties: provider',
    ':download: csv, json',
    ':numbered:',
    ':no-legend:',
    ':caption: What is *done*',
)
OTHERS = (
    '.. raci:parties::',
    '.. raci:parties::\n   :toctree:',
    '.. raci:parties::\n   :by: section',
    '.. raci:legend::',
    '.. raci:findings::',
    '.. raci:load::',
    '.. raci:party:: customer',
    '.. raci:party:: auditor\n   :no-index:\n   :by: letter',
    'See :raci:party:`provider`, :any:`carrier` and :raci:matrix:`a`.',
    'See :raci:activity:`a.one`, :raci:activity:`b.two` and :any:`b.three`.',
)
VALUES: dict[str, Sequence[object]] = {
    'raci_party_pages': ('parties', 'parties', 'who/does', ''),
    'raci_filter': (10, 1, 0),
    'raci_legend': (True, False),
    'raci_downloads': ([], ['csv'], ['json', 'csv', 'xlsx'], ['pdf']),
    'raci_rules': (SILENT, {}, {**SILENT, 'no-accountable': True}),
    'raci_parties': (
        {},
        {'customer': 'Buyer', 'onlooker': 'Onlooker'},
        {'carrier': {'name': 'Carrier', 'description': 'Carries'}, 'customer': 'Customer'},
    ),
    'raci_schemes': ({}, {'raci': {'extends': 'rasci', 'letters': {'A': 'Answerable'}}}),
    'raci_party_rows': (5000, 3, 1, 0),
    'raci_latex_footer': (False, True),
    'raci_json': ('raci.json', 'who.json', ''),
    'raci_sources': (['**/*.raci.*'], ['**/*.raci.yaml'], ['deep/**']),
    'language': ('en', 'de', 'fr'),
}


@dataclass
class Activity:
    """One row."""

    id: str
    name: str
    who: dict[str, str]
    note: str = ''
    formerly: list[str] = field(default_factory=list)

    def tree(self) -> dict[str, Any]:
        """What a source says of it."""
        more = {'note': self.note, 'formerly': self.formerly}
        return {'id': self.id, 'name': self.name, 'who': self.who} | {key: text for key, text in more.items() if text}


@dataclass
class Source:
    """A matrix of two sections.  ``broken`` is what the file holds instead, while it is not empty."""

    title: str
    parties: dict[str, str | None]
    sections: tuple[list[Activity], list[Activity]]
    more: dict[str, str] = field(default_factory=dict)
    broken: str | None = None

    def text(self) -> str:
        """The file: JSON is YAML as well."""
        if self.broken is not None:
            return self.broken
        sections = [
            {'title': title, 'id': title.lower(), 'activities': [activity.tree() for activity in activities]}
            for title, activities in zip(SECTIONS, self.sections, strict=True)
            if activities
        ]
        tree = {'raci': 1, 'title': self.title, **self.more, 'parties': self.parties, 'sections': sections}
        return json.dumps(tree, indent=1, ensure_ascii=False) + '\n'


@dataclass
class Document:
    """A page."""

    title: str
    blocks: list[str]

    def text(self) -> str:
        """The file."""
        return '\n'.join([self.title, '=' * 60, '', *(f'{block}\n' for block in self.blocks)])


def first_source(letter: str) -> Source:
    """A matrix to begin with."""
    return Source(
        f'Matrix {letter}',
        {'customer': 'Customer', 'provider': 'Provider -- ours'},
        (
            [Activity('one', WORDS[0], {'customer': 'RA', 'provider': 'I'})],
            [
                Activity('two', WORDS[2], {'provider': 'RA'}, note='Soon.'),
                Activity('three', WORDS[3], {'customer': 'C', 'provider': 'RA'}),
            ],
        ),
    )


class Site:
    """The whole project.  ``files`` beside those of sources and documents are templates, styles and own pages."""

    def __init__(self) -> None:
        self.sources = {f'{letter}.raci.yaml': first_source(letter) for letter in 'ab'}
        self.documents = {
            'one': Document('One', ['.. raci:: a']),
            'two': Document('Two', ['.. raci:: b', OTHERS[-1]]),
            'three': Document('Three', ['.. raci:parties::\n   :toctree:']),
            'four': Document('Four', ['Words.']),
        }
        self.conf: dict[str, object] = {'raci_party_pages': 'parties'}
        self.files: dict[str, str] = {'_static/own.css': '/* So that the folder is there. */'}

    @property
    def unusable(self) -> bool:
        """Whether the template of party pages cannot be used; stubs stay as they are then."""
        return self.files.get('_templates/raci/party.rst') == UNUSABLE

    def state(self) -> object:
        """All that a build depends on."""
        return self.texts(), {**self.conf}

    def texts(self) -> dict[str, str]:
        """All files but ``conf.py``, which the project itself writes."""
        entries = ''.join(f'   {name}\n' for name in self.documents)
        index = f'Index\n=====\n\n.. toctree::\n\n{entries}'
        documents = {f'{name}.rst': document.text() for name, document in self.documents.items()}
        sources = {name: source.text() for name, source in self.sources.items()}
        return {'index.rst': index, **documents, **sources, **self.files}

    def write(self, project: Project, before: dict[str, str]) -> dict[str, str]:
        """Write what differs from ``before`` and remove what is no more; what has been written now."""
        texts = self.texts()
        for name in before.keys() - texts.keys():
            if (path := project.folder / name).exists() and not is_stub(path):
                path.unlink()
        project.write({name: text for name, text in texts.items() if before.get(name) != text})
        project.conf(templates_path=['_templates'], html_static_path=['_static'], today='today', **self.conf)
        return texts

    def activities(self, pick: Pick[Any]) -> tuple[Source, list[Activity]]:
        """A section of some matrix."""
        source = pick(list(self.sources.values()))
        return source, pick(source.sections)

    def source(self, pick: Pick[Any]) -> Source:
        """Some matrix."""
        return pick(list(self.sources.values()))  # type: ignore[no-any-return]

    def document(self, pick: Pick[Any]) -> Document:
        """Some page."""
        return pick(list(self.documents.values()))  # type: ignore[no-any-return]


Edit = Callable[[Site, Pick[Any]], object]
EDITS: list[Edit] = []


def edit(function: Edit) -> Edit:
    """Register an edit."""
    EDITS.append(function)
    return function


# -- activities --------------------------------------------------------------------------------------------------------


@edit
def reword(site: Site, pick: Pick[Any]) -> None:
    for activity in site.activities(pick)[1][:1]:
        activity.name = pick(WORDS)


@edit
def letters(site: Site, pick: Pick[Any]) -> None:
    source, activities = site.activities(pick)
    for activity in activities[-1:]:
        activity.who = {party: text for party in source.parties if (text := pick(LETTERS))}


@edit
def note(site: Site, pick: Pick[Any]) -> None:
    for activity in site.activities(pick)[1][:1]:
        activity.note = pick(('', 'By noon.', 'At `night`'))


@edit
def move(site: Site, pick: Pick[Any]) -> None:
    """Within a matrix, or into another one."""
    old, new = site.activities(pick)[1], site.activities(pick)[1]
    if old:
        new.insert(0, old.pop())


@edit
def add(site: Site, pick: Pick[Any]) -> None:
    site.activities(pick)[1].append(Activity(pick(('four', 'five', 'one')), pick(WORDS), {'provider': 'RA'}))


@edit
def remove(site: Site, pick: Pick[Any]) -> None:
    del site.activities(pick)[1][:1]


@edit
def change_id(site: Site, pick: Pick[Any]) -> None:
    for activity in site.activities(pick)[1][-1:]:
        activity.formerly = pick(([], [activity.id]))
        activity.id = pick(('one', 'two', 'six'))


# -- parties -----------------------------------------------------------------------------------------------------------


@edit
def rename_party(site: Site, pick: Pick[Any]) -> None:
    """In one matrix or in all of them."""
    party, name = pick(PARTIES), pick(NAMES)
    chosen = list(site.sources.values()) if pick((True, False)) else [site.source(pick)]
    for source in chosen:
        if party in source.parties:
            source.parties[party] = name


@edit
def add_party(site: Site, pick: Pick[Any]) -> None:
    source, party = site.source(pick), pick(PARTIES)
    source.parties.setdefault(party, pick(NAMES))
    for activity in source.sections[0]:
        activity.who[party] = 'C'


@edit
def remove_party(site: Site, pick: Pick[Any]) -> None:
    """With or without what it does."""
    source, party = site.source(pick), pick(PARTIES)
    source.parties.pop(party, None)
    for activities in source.sections if pick((True, True, False)) else ():
        for activity in activities:
            activity.who.pop(party, None)


@edit
def order_parties(site: Site, pick: Pick[Any]) -> None:
    source = site.source(pick)
    source.parties = dict(reversed(source.parties.items()))


# -- sources -----------------------------------------------------------------------------------------------------------


@edit
def add_source(site: Site, pick: Pick[Any]) -> None:
    letter = pick('abc')
    site.sources[pick((f'{letter}.raci.yaml', f'deep/{letter}.raci.json'))] = first_source(letter)


@edit
def delete_source(site: Site, pick: Pick[Any]) -> None:
    if len(site.sources) > 1:
        del site.sources[pick(list(site.sources))]


@edit
def rename_source(site: Site, pick: Pick[Any]) -> None:
    """With its id, or without."""
    name = pick(list(site.sources))
    source = site.sources.pop(name)
    if pick((True, False)):
        source.more = {'id': name.removeprefix('deep/').partition('.')[0], **source.more}
    site.sources[pick(('a.raci.yaml', 'c.raci.yaml', 'z.raci.json', 'deep/a.raci.yml'))] = source


@edit
def break_source(site: Site, pick: Pick[Any]) -> None:
    site.source(pick).broken = pick(BROKEN)


@edit
def mend_sources(site: Site, pick: Pick[Any]) -> None:
    for source in site.sources.values():
        source.broken = None


@edit
def head_of_source(site: Site, pick: Pick[Any]) -> None:
    source = site.source(pick)
    key = pick(('title', 'revision', 'markup', 'scheme', 'intro', 'id'))
    choices = {
        'revision': ('2025-01-02', ''),
        'markup': ('rst', ''),
        'scheme': ('rasci', ''),
        'intro': ('Day & night.', 'Never.', ''),
        'id': ('a', 'b', 'q', ''),
    }
    if key == 'title':
        source.title = pick(TITLES)
    else:
        source.more = {name: text for name, text in {**source.more, key: pick(choices[key])}.items() if text}


# -- documents ---------------------------------------------------------------------------------------------------------


def matrix_block(site: Site, pick: Pick[Any]) -> str:
    """A directive that shows some matrix, under some condition."""
    name = pick(list(site.sources))
    key = pick((name.removeprefix('deep/').partition('.')[0], f'/{name}'))
    options = pick(OPTIONS)
    block = f'.. raci:: {key}' + (f'\n   {options}' if options else '')
    if pick((False, False, True)):
        block = '.. only:: html\n\n' + '\n'.join(f'   {line}' for line in block.splitlines())
    return block


@edit
def add_directive(site: Site, pick: Pick[Any]) -> None:
    site.document(pick).blocks.insert(0, matrix_block(site, pick))


@edit
def add_block(site: Site, pick: Pick[Any]) -> None:
    site.document(pick).blocks.append(pick(OTHERS))


@edit
def change_directive(site: Site, pick: Pick[Any]) -> None:
    document = site.document(pick)
    document.blocks[:1] = [matrix_block(site, pick)]


@edit
def move_block(site: Site, pick: Pick[Any]) -> None:
    """Or only copy it."""
    old, new = site.document(pick), site.document(pick)
    if old.blocks:
        block = pick(old.blocks)
        if pick((True, True, False)):
            old.blocks.remove(block)
        new.blocks.insert(0, block)


@edit
def remove_block(site: Site, pick: Pick[Any]) -> None:
    del site.document(pick).blocks[-1:]


@edit
def title(site: Site, pick: Pick[Any]) -> None:
    site.document(pick).title = pick(TITLES)


@edit
def order_documents(site: Site, pick: Pick[Any]) -> None:
    name = pick(list(site.documents))
    site.documents = {name: site.documents[name], **site.documents}


@edit
def add_document(site: Site, pick: Pick[Any]) -> None:
    site.documents[pick(('a', 'six', 'deep/page'))] = Document(pick(TITLES), [matrix_block(site, pick)])


@edit
def delete_document(site: Site, pick: Pick[Any]) -> None:
    if len(site.documents) > 2:
        del site.documents[pick(list(site.documents))]


@edit
def rename_document(site: Site, pick: Pick[Any]) -> None:
    site.documents[pick(('a', 'zero', 'deep/page'))] = site.documents.pop(pick(list(site.documents)))


# -- everything else ---------------------------------------------------------------------------------------------------


@edit
def configure(site: Site, pick: Pick[Any]) -> None:
    name = pick(list(VALUES))
    site.conf[name] = pick(VALUES[name])


# There are as many values as there are other edits.
EDITS.extend([configure] * 5)


def _file(site: Site, name: str, text: str | None) -> None:
    if text is None:
        site.files.pop(name, None)
    else:
        site.files[name] = text


@edit
def template(site: Site, pick: Pick[Any]) -> None:
    _file(site, '_templates/raci/party.rst', pick((*TEMPLATES, None)))


@edit
def catalogue(site: Site, pick: Pick[Any]) -> None:
    """What Sphinx translates: documents, and party pages of the user."""
    domain, message = pick((('one', 'One'), ('two', 'Two'), ('four', 'Words.'), ('parties', 'Us')))
    text = pick(('Eins', '*Zwei* & drei', None))
    _file(site, f'locales/de/LC_MESSAGES/{domain}.po', text and f'msgid "{message}"\nmsgstr "{text}"\n')
    site.conf['language'] = pick(('de', 'de', 'en'))


@edit
def style(site: Site, pick: Pick[Any]) -> None:
    _file(site, '_static/raci.css', pick((*STYLES, None)))


@edit
def script(site: Site, pick: Pick[Any]) -> None:
    _file(site, '_static/raci.js', pick(('// Nothing.\n', '// Nothing yet.\n', None)))


@edit
def own_page(site: Site, pick: Pick[Any]) -> None:
    """A party page becomes the user's own, or is given back."""
    text = pick(('Us\n==\n\n.. raci:party:: customer\n', 'Us\n==\n\nNothing.\n', EDITED, None))
    _file(site, 'parties/customer.rst', text)
