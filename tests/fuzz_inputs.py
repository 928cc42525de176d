"""What fuzzing starts from: for each reader small sources, words that mean something to it, and ways to change them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from sphinxcontrib_raci.model import Party
from sphinxcontrib_raci.schemes import SCHEMES
from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.writers import write

SETTINGS = Settings(parties={'staff': Party('staff', 'Staff'), 'boss': Party('boss', 'Boss', 'Signs')}, schemes=SCHEMES)
"""The settings of the project that all of them are in."""

RICH = """\
raci: 1
title: Rich
revision: "2024-11-25"
review-by: "2025-06-30"
intro: |
  First words.

  More *words*.
scheme:
  R: {name: Responsible, meaning: does it, per-activity: 1..*}
  A: {name: Accountable, per-activity: 1, includes: R}
  VS: Verifies
parties: {us: Us, them: {name: Them & others, description: All others}}
scopes: {bare: On bare metal, vm: On machines}
markup: rst
rules: {several-accountable: false, overloaded-party: 80}
waive: {many-consulted: Nobody asks}
activities:
  - name: Wait
    who: {}
sections:
  - title: Running
    sections:
      - id: incidents
        title: Incidents
        intro: Some words.
        activities:
          - id: tickets
            name: Answer tickets
            who: {us: {letters: A, note: says what is broken}, them: R VS}
            note: Around the clock.
            links: [{text: Hours, url: "https://example.org/hours"}]
            tags: [support, night shift]
            scopes: [bare]
            formerly: [mail]
            waive: {several-accountable: Each side answers}
"""
PLAIN = """\
raci: 1
title: Plain
parties: [staff, boss]
activities:
  - {name: Order, who: {staff: RA, boss: I}}
  - name: Check
    id:
    who:
      staff: [R, C]
      boss: "-"
"""
ALMOST = (
    'title: T\nteams: [{name: Baker}, {id: shop, name: Shop}]\ntasks:\n- {task: Bake, description: at night,'
    ' who: {Baker: RA, Shop: I}}\n- name: Sell\n  raci: {R: Shop, A: [Baker]}\n',
    'groups:\n  Spring:\n  - {name: Sow, responsible: Ann, accountable: [Ann, Bo]}\n  Autumn:\n    pick: {name: Pick,'
    ' roles: {Ann: "Responsible, Accountable"}}\n    Press: {Bo: R}\nlegend: {R: Responsible, A: Accountable}\n',
    '- {Task: Dig, Ann: R, Bo: A, Note: x}\n- {Task: Rake, Ann: "", Bo: "R/A"}\n',
    'title: T\nactivities:\n- name: a\n  assignments: [{party: Ann, letters: R}, {role: Bo, type: Accountable}]\n',
)
CSV = (
    'Activity,Ann,Bo\nSow,R,A\n"Reap, then\nsell",RA,"C (is asked)"\n',
    'sep=;\nBereich;Aufgabe;Kunde;Anbieter;X\nStart;Bestellen;RA;I;x\n;Prüfen;;"R";\n\nR = Responsible;;;;\n',
    'Task\tR\tA\tC\tI\nSow\tAnn\tBo\t\tCyd, Dee\n',
    'Task,Party,Letter\nSow,Ann,R\nSow,Bo,A\n',
)
MARKDOWN = (
    '# Matrix\n\nIntro with **words**.\n\n| Activity | Ann | Bo |\n| --- | :-: | --- |\n| **First** | | |\n'
    '| Sow[^1] | R | A |\n| [Reap](http://a/b) | RA | C |\n\n[^1]: By hand.\n\n* R: Responsible\n* A: Accountable\n',
    '---\ntitle: Front\nparties.ann: Ann\n---\n\n## One\n\nTask | Ann\n--- | ---\na | R\n\nb | A\n\n## Two\n\n'
    '<table><tr><th>Task</th><th>Ann</th></tr><tr><td colspan="2">x</td></tr></table>\n',
    '> | Task | R | A |\n> |---|---|---|\n> | Dig &amp; rake | Ann, Bo | Bo<br>Cyd |\n\n<!-- id: x -->\n\n```\ncode'
    '\n```\n',
)
RST = (
    'Bakery\n======\n\n:parties.shop: The shop\n\n+------+-------+------+\n| Do   | Baker | Shop |\n'
    '+======+=======+======+\n'
    '| Bake | R A   | I    |\n|      |       | too  |\n+------+-------+------+\n| **By day**          |\n'
    '+------+-------+------+\n',
    'A\n=\n\n.. list-table:: Who\n   :header-rows: 1\n   :widths: 1 1\n\n   * - Activity\n     - Ann\n   * - Bake\n'
    '     - R [1]_\n   * - `Sell <http://a>`__\n     - RA\n\n.. [1] By hand.\n',
    '.. csv-table:: Who\n   :header: Do, "Ann, first", Bo\n   :delim: ,\n\n   "Bake", R A, I\n   Close, R\n',
    '=====  ===  ===\n Do    Who knows\n-----  --------\n..     Ann  Bo\n=====  ===  ===\nBake   R    I\n       A\n'
    '=====  ===  ===\n\n.. |x| replace:: y\n\n.. id: z\n\n* R -- Responsible\n',
)
CONFIG = (
    '[tool.sphinxcontrib-raci]\nsources = ["**/*.raci.yaml"]\nexclude = ["old"]\n'
    '[tool.sphinxcontrib-raci.parties]\nann = "Ann"\nbo = {name = "Bo", description = "x"}\n'
    '[tool.sphinxcontrib-raci.schemes.sign]\nS = {name = "Signs", per-activity = "1..2", includes = "T"}\nT = "Tells"\n'
    '[tool.sphinxcontrib-raci.rules]\nno-accountable = false\noverloaded-party = 80\n',
)

KEYS = (
    *('raci', 'id', 'title', 'intro', 'revision', 'review-by', 'scheme', 'letters', 'parties', 'scopes', 'markup'),
    *('rules', 'waive', 'sections', 'activities', 'name', 'who', 'note', 'links', 'tags', 'formerly', 'text', 'url'),
    *('meaning', 'per-activity', 'includes', 'extends', 'description', 'accountable', 'responsible', 'own', 'Legend'),
)
WORDS = (
    *('R', 'A', 'C', 'I', 'RA', 'VS', 'R/A', 'N/A', '-', 'X', 'us', 'them', 'staff', 'rasci', 'daci', 'rst', 'plain'),
    *('1', '1..*', '0..1', '2024-11-25', 'false', 'true', 'null', '~', 'https://a', 'javascript:x', 'party', 'id: x'),
    *('R = Responsible', 'Accountable', 'Section', 'Activity', 'Task', 'Ann', 'Total', '[^1]', '(1)', '*', '†'),
    *('\r', '\n', '\r\n', '\x85', '\u2028', '\t', ' ', '\0', '\x1b', '\x0b', '\x0c', '\x1c', '\u00a0', '\u200b'),
    *('\ufeff', '\u0301', '\U0001f600', '\ud800', 'ſ', 'İ', 'ß', '½', '²', '١', '<br>', '&amp;', '&#0;', '..', '>'),
)
YAML = (
    *(': ', '- ', '? ', '{', '}', '[', ']', ',', '#', '&a ', '*a', '!!str ', '|', '>', '>-', '|+2', '"', "'", '%'),
    *('---', '...', '<<: ', '\n  ', '\n      ', '\\u0041', '\\x', '@', '`', '%YAML 1.1\n', '%TAG ! a:\n', '\\ud800'),
)
PIPES = (
    *('|', '||', '\\|', '---', ':-:', '| --- | --- |\n', '#', '## ', '> ', '- ', '* ', '1. ', '    ', '```', '~~~'),
    *('**', '_', '`', '[', '](', ')', '![', '<table>', '<tr>', '<td rowspan="3">', '</td>', '<th colspan=9>', '<!--'),
    *('-->', '[^1]: ', '\n\n', '\n---\n', '&nbsp;', '$', '\\'),
)
RST_WORDS = (
    *('+---', '+===', '|   ', '====', '====  ', '----', '~~~~', '.. ', '.. list-table::\n', '.. csv-table::\n', '   '),
    *(':header-rows: 1\n', ':widths: 1 2\n', ':delim: ;\n', ':stub-columns: 1\n', '* - ', '  - ', '::\n', '`', '``'),
    *('`x`_', '[1]_', '|x|', '.. [1] ', '.. |x| replace:: ', ':raci: 1\n', ':ref:`x`', '_', '__', '\\', '>>> '),
    *('.. include:: /etc/passwd\n', '.. raw:: html\n', '.. table::\n', '.. image:: x\n', '.. _x: y\n', '\n\n'),
    *('* * * * a\n', ':a: :b: :c:\n', ':a:`b` ', '`c <d>`_ ', '|e| ', '[#]_ ', '*b* ', '1. a\n\n'),
)
QUOTES = ('"', '""', ',', ';', '\t', '|', 'sep=,\n', 'raci,1\n', 'parties.us,Us\n', '\n', "'=", '=1+1')
XML = (
    *('<c r="A1" t="inlineStr"><is><t>', '</t></is></c>', '<c r="B2" t="s"><v>', '</v></c>', '<row r="', '</row>'),
    *('<mergeCell ref="A1:B3"/>', '<v>1e999</v>', '<v>nan</v>', 't="d"', 't="b"', 't="e"', 't="n"', 's="99"', 's="1"'),
    *('<f>1+1</f>', 'r="XFD1048576"', 'r="1048576"', 'hidden="1"', 'state="hidden"', '_x0041_', '_xD800_', '&#10;'),
    *('<hyperlink ref="A1" r:id="rId1"/>', '<col min="1" max="99" hidden="1"/>', 'name="Matrix"', 'name="Legend"'),
    *('xml:space="preserve"', '<!DOCTYPE a>', '<![CDATA[', ']]>', 'numFmtId="14"', 'rId1', '<sheetData/>', '-1', '1e5'),
    *('Target="/xl/worksheets/sheet1.xml"', '<si><r><t>x</t></r></si>', 'date1904="1"', '&amp;', '&lt;'),
)
TOML = ('[', ']', '=', '"', "'''", '[[', '{', '}', '.', '1979-05-27', '0x1', 'inf', 'tool.sphinxcontrib-raci', 'rules')

BOOK = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
    'Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd'
    '.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    'xl/workbook.xml': '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="One" sheetId="1" '
    'r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheetData><row r="1"><c r="A1" t='
    '"inlineStr"><is><t>Task</t></is></c><c r="B1" t="inlineStr"><is><t>Ann</t></is></c></row><row r="2"><c r="A2" '
    't="inlineStr"><is><t>Sow</t></is></c><c r="B2" t="str"><v>RA</v></c></row><row r="3"><c r="A3"><v>45000.5</v></c>'
    '<c r="B3"><f>1</f></c></row></sheetData><mergeCells><mergeCell ref="A3:B3"/></mergeCells></worksheet>',
}


class Edit(NamedTuple):
    """One change: what to do, where (in thousandths), with how many characters, and which token."""

    kind: str
    at: int
    length: int
    token: bytes


KINDS = ('insert', 'insert', 'replace', 'delete', 'copy', 'repeat', 'cut')


def edited(data: bytes, edits: Sequence[Edit]) -> bytes:
    """The bytes after some changes."""
    for kind, at, length, token in edits:
        start = at * len(data) // 1000
        end = min(start + length, len(data))
        middle = {
            'insert': token + data[start:end],
            'replace': token,
            'delete': b'',
            'copy': data[start:end] + token + data[start:end],
            'repeat': data[start:end] * (2 + len(token)),
        }.get(kind)
        data = data[:end] if middle is None else data[:start] + middle + data[end:]
    return data


@dataclass(frozen=True)
class Reader:
    """A reader: what its files are called, what fuzzing starts from, and words that it knows."""

    name: str
    file: str
    texts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()

    @property
    def tokens(self) -> tuple[bytes, ...]:
        """Pieces to put into files."""
        return tuple(word.encode('utf-8', 'surrogatepass') for word in (*self.words, *KEYS, *WORDS))

    def seeds(self) -> tuple[bytes, ...]:
        """The files that fuzzing starts from."""
        made = [write(matrix, fmt, self.file) for fmt in self.formats for matrix in _matrices()]
        return (*(text.encode() for text in self.texts), *made)

    def changed(self, data: bytes, part: int, change: Callable[[bytes], bytes]) -> bytes:
        """The file with something changed in it."""
        return change(data)


_VALUE = re.compile(rb'(?<=")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)')
_ELEMENT = re.compile(rb'<(\w+)\b[^>]*/>|<(c|row|mergeCells|si|sheet|Relationship)\b[^>]*>.*?</\2>', re.DOTALL)


def escape(text: bytes) -> bytes:
    """A text as XML has it, in quotes too."""
    return text.replace(b'&', b'&amp;').replace(b'<', b'&lt;').replace(b'"', b'&quot;')


class Workbooks(Reader):
    """Files that are archives: what is changed is one of the parts."""

    def seeds(self) -> tuple[bytes, ...]:
        return (packed({name: part.encode() for name, part in BOOK.items()}), *super().seeds())

    def changed(self, data: bytes, part: int, change: Callable[[bytes], bytes]) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                parts = {info.filename: archive.read(info) for info in archive.infolist()}
        except Exception:  # Whatever is wrong with it.
            return change(data)
        # The sheets most often, and at times the archive as such.
        names = [name for name in parts if 'sheets/' in name or 'Strings' in name] * 3 + list(parts)
        if not names or part % 20 == 0:
            return change(data)
        name = names[part % len(names)]
        if part % 5 == 0:
            return packed({**parts, name: change(parts[name])})
        # What stays XML as before: a value or a text that is changed, an element that is there once more or not at all.
        pattern = _ELEMENT if part % 5 == 1 else _VALUE
        spans = [found.span() for found in pattern.finditer(parts[name])] or [(0, len(parts[name]))]
        start, end = spans[part * 7919 % len(spans)]
        new = parts[name][start:end] * (part % 3) if pattern is _ELEMENT else escape(change(parts[name][start:end]))
        return packed({**parts, name: parts[name][:start] + new + parts[name][end:]})


def packed(parts: Mapping[str, bytes]) -> bytes:
    """An archive of these parts, the same each time."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, 'w') as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


@cache
def _matrices() -> tuple[object, ...]:
    found = [read_bytes(text.encode(), 'fuzz.raci.yaml', SETTINGS).matrix for text in (RICH, PLAIN)]
    return tuple(found)


FRONT = tuple(
    f'---\n{text.partition("activities")[0]}---\n\n| Activity | {party} |\n| --- | --- |\n| a | R |\n'
    for text, party in ((RICH, 'Us'), (PLAIN, 'Staff'))
)
READERS = {
    reader.name: reader
    for reader in (
        Reader('yaml', 'fuzz.raci.yaml', (RICH, PLAIN), YAML),
        Reader('json', 'fuzz.raci.json', ('{"raci": 1}',), (*YAML, '\\n', '":', '",'), ('json',)),
        Reader('almost', 'fuzz.yaml', ALMOST, (*YAML, 'tasks', 'groups', 'teams', 'role', 'assigned', 'legend')),
        Reader('csv', 'fuzz.raci.csv', CSV, QUOTES, ('csv',)),
        Reader('markdown', 'fuzz.raci.md', MARKDOWN, PIPES, ('markdown',)),
        Reader('front', 'fuzz.raci.md', FRONT, YAML),
        Reader('rst', 'fuzz.rst', RST, RST_WORDS, ('rst',)),
        Workbooks('xlsx', 'fuzz.raci.xlsx', (), XML, ('xlsx',)),
        Reader('config', 'pyproject.toml', CONFIG, TOML),
    )
}
