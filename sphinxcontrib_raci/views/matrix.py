"""``.. raci::``: the tables of one matrix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from os.path import relpath
from pathlib import PurePath
from typing import Literal

from sphinxcontrib_raci.content import (
    Block,
    Bullets,
    Cell,
    Column,
    Group,
    Inline,
    Notice,
    Object,
    Paragraph,
    Prose,
    Ref,
    Row,
    Table,
    Tags,
    Url,
    View,
)
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Activity, Matrix, Party, Section
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.views import filters
from sphinxcontrib_raci.views.common import CannotShow, legend, letters_of, narrow_widths, prose, text_of
from sphinxcontrib_raci.views.downloads import offered
from sphinxcontrib_raci.views.sections import alone, around, find_section
from sphinxcontrib_raci.views.waivers import Waived, waived_in
from sphinxcontrib_raci.wording import file_name, nearest, path_text

TICK = '\N{CHECK MARK}'


@dataclass(frozen=True, slots=True)
class MatrixQuery:
    """Show a matrix, named by id or by the path of its source; the rest are the options of the directive."""

    key: str
    layout: Literal['sections', 'table'] = 'sections'
    section: str = ''
    parties: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    numbered: bool = False
    legend: bool = True
    filter_from: int = filters.NEVER
    downloads: tuple[str, ...] = ()

    def view(self, project: Project) -> View:
        """The tables, with the intro, the revision and the legend before them.

        :raises CannotShow: where there is no such matrix, section, party or tag.
        """
        matrix = project.find(self.key)
        if matrix is None:
            raise CannotShow(_why_not(project, self.key))
        tree = _Tree(matrix, _columns(matrix, self.parties), self, waived_in(project, matrix))
        number = find_section(matrix, self.section) if self.section else ()
        _check_tags(matrix, self.tags)
        shown = _keep(alone(matrix.root, number), self.tags)
        blocks: list[Block] = [*_unread(matrix)]
        partial = bool(self.section or self.tags)
        if self.tags and not matrix.unread and not any(shown.walk()):
            raise CannotShow(_("no activity of the matrix '%s' is in that section with those tags") % matrix.id)
        if partial or self.parties:
            blocks.append(_extract(matrix))
        else:
            blocks += prose(matrix, matrix.root.intro, matrix.line)
            blocks += [Prose((_('Revision %s') % matrix.revision,))] if matrix.revision else []
        for part in around(matrix.root, number):
            blocks += map(Prose, tree.waived.section(part, shown.walk(), whole=not (partial or self.parties)))
        if self.legend:
            blocks.append(legend(matrix.scheme))
        blocks += offered(self, matrix, project)
        blocks += filters.of_matrix(matrix, tree.parties, list(shown.walk()), self.filter_from)
        # A section that is shown alone keeps the number that it has in the whole.
        place = (number[:-1], number[-1]) if number else ((), 1)
        blocks += tree.table(shown, *place) if self.layout == 'table' else tree.blocks(shown, *place)
        objects = (
            Object('matrix', matrix.id, f'raci-{matrix.id}', matrix.title),
            *(entry for activity in shown.walk() for entry in _objects(matrix, activity)),
        )
        needs = frozenset(f'party {matrix.parties[index].id}' for index in tree.parties)
        foot = matrix.title + (_(', revision %s') % matrix.revision if matrix.revision else '')
        return View(tuple(blocks), objects, f'raci-{matrix.id}', partial, needs, foot)


def _why_not(project: Project, key: str) -> str:
    for path in project.broken:
        if key in {path, PurePath(path).name.partition('.')[0]}:
            return _("the matrix '%s' could not be read; the messages of its source say why") % file_name(path)
    if PurePath(key).is_absolute():
        known = ', '.join(sorted(path_text(relpath(path, PurePath(key).parent)) for path in project.paths))
        return _("no source '%s'; known are: %s") % (file_name(key), known or _('none; see raci_sources'))
    if near := nearest(key, project.matrices):
        return _("unknown matrix '%s'; did you mean '%s'?") % (key, near)
    return _("unknown matrix '%s'; known are: %s") % (key, ', '.join(project.matrices) or _('none; see raci_sources'))


def _extract(matrix: Matrix) -> Prose:
    """What says that this is not the whole matrix, and where that is."""
    revision = _(', revision %s') % matrix.revision if matrix.revision else ''
    return Prose((_('Extract of '), Ref('matrix', matrix.id, matrix.title), revision))


def _check_tags(matrix: Matrix, tags: tuple[str, ...]) -> None:
    known = sorted({tag for activity in matrix.walk() for tag in activity.tags})
    for tag in tags:
        # Of a matrix with rows that could not be read, not all tags are known.
        if tag not in known and not matrix.unread:
            message = _("no activity of the matrix '%s' has the tag '%s'; known are: %s")
            raise CannotShow(message % (matrix.id, tag, ', '.join(known) or _('none')))


def _columns(matrix: Matrix, wanted: tuple[str, ...]) -> list[int]:
    """The indices of the parties to show, in order."""
    if not wanted:
        return list(range(len(matrix.parties)))
    columns = [matrix.column(party) for party in wanted]
    for party, column in zip(wanted, columns, strict=True):
        if column is None:
            known = ', '.join(entry.id for entry in matrix.parties)
            raise CannotShow(_("unknown party '%s' of the matrix '%s'; known are: %s") % (party, matrix.id, known))
    return [column for column in columns if column is not None]


def _keep(section: Section, tags: tuple[str, ...]) -> Section:
    """The section with only the activities that have one of these tags; all of it where none are given."""
    if not tags:
        return section
    activities = tuple(activity for activity in section.activities if set(tags) & set(activity.tags))
    sections = tuple(_keep(child, tags) for child in section.sections)
    return replace(section, activities=activities, sections=sections)


def _objects(matrix: Matrix, activity: Activity) -> Iterator[Object]:
    title = text_of(matrix, activity.name, activity.line)
    for name in (activity.id, *activity.formerly):
        full = f'{matrix.id}.{name}'
        yield Object('activity', full, f'raci-{full}', title, name != activity.id)


def _unread(matrix: Matrix) -> list[Block]:
    """A notice that names the rows that could not be read: a page must not look complete where it is not."""
    if not matrix.unread:
        return []
    lead = _('This table is not complete. These rows of its source could not be read:')
    named, unnamed = _('%s (line %d)'), _('whatever stands from line %d on')
    rows = tuple((named % (name, line) if name else unnamed % line,) for name, line in matrix.unread)
    return [Notice((Prose((lead,)), Bullets(rows)))]


@dataclass(frozen=True, slots=True)
class _Tree:
    """A matrix and the choice of what to show of it, while its sections are walked."""

    matrix: Matrix
    parties: list[int]
    query: MatrixQuery
    waived: Waived

    def blocks(self, section: Section, number: tuple[int, ...], start: int = 1) -> list[Block]:
        """The activities of a section as a table, each section in it as a group."""
        blocks: list[Block] = []
        if section.activities:
            label = ': '.join(filter(None, (self.matrix.title, section.title)))
            rows = tuple(self.row(activity) for activity in section.activities)
            blocks.append(Table(self.columns(), rows, label))
        for child, its_number in self.children(section, number, start):
            intro = self.intro(child)
            anchor = f'raci-{self.matrix.id}.{child.id}' if child.id else ''
            inner = (*map(Prose, intro), *self.blocks(child, its_number))
            blocks.append(Group(child.title, inner, anchor, self.number(its_number)))
        return blocks

    def table(self, section: Section, number: tuple[int, ...], start: int = 1) -> list[Block]:
        """All of a section as one table, in which section titles span the columns."""
        rows = tuple(self.rows(section, number, start))
        return [Table(self.columns(), rows, self.matrix.title)] if rows else []

    def rows(self, section: Section, number: tuple[int, ...], start: int = 1) -> Iterator[Row]:
        for activity in section.activities:
            yield self.row(activity)
        for child, its_number in self.children(section, number, start):
            title = ' '.join(filter(None, (self.number(its_number), child.title)))
            intro = self.intro(child)
            anchors = (f'raci-{self.matrix.id}.{child.id}',) if child.id else ()
            yield (Cell(((title,), *intro), anchors, 'rowgroup', len(its_number)),)
            yield from self.rows(child, its_number)

    def intro(self, section: Section) -> list[Paragraph]:
        """What a section says before its activities."""
        text = [part.content for part in prose(self.matrix, section.intro, section.line)]
        return [*text, *self.waived.section(section, section.walk())]

    def children(
        self, section: Section, number: tuple[int, ...], start: int
    ) -> Iterator[tuple[Section, tuple[int, ...]]]:
        """The sections to show in this one, each with its number in the whole matrix."""
        for index, child in enumerate(section.sections, start):
            if not self.query.tags or any(child.walk()):
                yield child, (*number, index)

    def number(self, number: tuple[int, ...]) -> str:
        return '.'.join(map(str, number)) if self.query.numbered else ''

    def columns(self) -> tuple[Column, ...]:
        wide, narrow = narrow_widths(len(self.matrix.scopes) + len(self.parties))
        parties = [self.matrix.parties[index] for index in self.parties]
        return (
            Column(_('Activity'), wide),
            *(Column(name, narrow) for _id, name in self.matrix.scopes),
            *(Column(Ref('party', party.id, party.name), narrow) for party in parties),
        )

    def row(self, activity: Activity) -> Row:
        ticks = [
            TICK if activity.scopes is None or scope in activity.scopes else '' for scope, _name in self.matrix.scopes
        ]
        letters = [letters_of(self.matrix.scheme, activity.assignments[index].letters) for index in self.parties]
        return (self.head(activity), *ticks, *letters)

    def head(self, activity: Activity) -> Cell:
        """The first cell: the name, and all that is said of the activity beside its letters."""
        matrix, line = self.matrix, activity.line
        marks = [part for mark in self.waived.marked(activity) for part in ('\N{NO-BREAK SPACE}', mark)]
        paragraphs: list[Paragraph] = [(text_of(matrix, activity.name, line), *marks)]
        if activity.note:
            paragraphs.append((text_of(matrix, activity.note, line),))
        for index in self.parties:
            if note := activity.assignments[index].note:
                paragraphs.append(_note_of(matrix, matrix.parties[index], note, line))
        if activity.links:
            paragraphs.append(_separated([Url(link.text, link.url) for link in activity.links]))
        if activity.tags:
            paragraphs.append((Tags(activity.tags),))
        paragraphs += self.waived.notes(activity)
        anchors = tuple(f'raci-{matrix.id}.{name}' for name in (activity.id, *activity.formerly))
        return Cell(tuple(paragraphs), anchors, 'row')


def _note_of(matrix: Matrix, party: Party, note: str, line: int) -> Paragraph:
    return (f'{party.name}: ', text_of(matrix, note, line))


def _separated(parts: list[Url]) -> Paragraph:
    separated: list[Inline] = []
    for part in parts:
        separated += [', ', part] if separated else [part]
    return tuple(separated)
