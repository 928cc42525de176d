"""Where ids go in a CSV file: into the column that is there for them, or into a new first one."""

from __future__ import annotations

from collections.abc import Iterator

from sphinxcontrib_raci.cli.insert import Draft, Insertion, Refused, derived
from sphinxcontrib_raci.model import Activity, Matrix, Place, Problem
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.sheets.archive import Refused as Unreadable
from sphinxcontrib_raci.sources.sheets.csvfile import Field, Layout, detect, scan
from sphinxcontrib_raci.wording import quoted

_HEAD = 'id'
_HEADS = frozenset({'id', 'ids', 'key'})


def drafts(data: bytes, name: str, matrix: Matrix) -> Iterator[Draft]:
    """The ways in which the ids may go in, the most likely first; which one is right, reading the result shows.

    :raises Refused: where the file is no table.
    """
    layout = detect(data, Problems(name))
    if layout is None or not layout.separator:
        raise Refused('the file has no columns that an id could stand in')
    try:
        records = list(scan(layout.text, layout.separator, layout.start))
    except Unreadable as error:
        raise Refused(str(error)) from error
    table = _Table(name, layout, records, derived(matrix))
    first = min((activity.line for activity in table.activities), default=0)
    # What stands above the table as keys and values is none of it.
    texts = [[field.text for field in record] for record in records]
    blank = next((index for index, record in enumerate(texts) if not any(record)), 0) if texts[0][:1] == ['raci'] else 0
    heads = [index for index, record in enumerate(records) if blank <= index and record[0].line < first]
    columns = [(index, column) for index in heads for column, field in enumerate(records[index]) if _is_id(field)]
    # Where an activity goes over several rows, its id may be wanted in each.
    for everywhere in (False, True):
        for _, column in columns:
            yield table.filled(column, everywhere)
        for head in reversed(heads):
            if sum(bool(field.text.strip()) for field in records[head]) > 1:
                yield table.widened(head, everywhere)


def _is_id(field: Field) -> bool:
    return field.text.strip().lower() in _HEADS


class _Table:
    """The records of a file, and the activities that wait for their ids."""

    def __init__(self, name: str, layout: Layout, records: list[list[Field]], activities: tuple[Activity, ...]) -> None:
        self.activities = activities
        self._name = name
        self._layout = layout
        self._records = records
        self._by_line = {record[0].line: index for index, record in enumerate(records)}
        for index, record in enumerate(records):
            for field in record:
                self._by_line.setdefault(field.line, index)

    def filled(self, column: int, everywhere: bool) -> Draft:
        """The ids in a column that exists."""
        insertions, written, left = [], [], []
        for activity in self.activities:
            records = [self._records[index] for index in self._rows(activity, everywhere)]
            found = [self._in_record(record, column, activity.id) for record in records]
            good = [insertion for insertion in found if insertion]
            if found and len(good) == len(found):
                insertions += good
                written.append(activity)
            else:
                left.append(self._left(activity))
        return self._draft(insertions, written, left)

    def widened(self, head: int, everywhere: bool) -> Draft:
        """The ids in a new first column."""
        title = [field.text for field in self._records[head]]
        ids = {index: activity.id for activity in self.activities for index in self._rows(activity, everywhere)}
        insertions = []
        for index, record in enumerate(self._records[head:], start=head):
            blank = len(record) == 1 and record[0].start == record[0].end
            if not blank:
                # A head may be there again, further down.
                ident = _HEAD if [field.text for field in record] == title else ids.get(index, '')
                insertions.append(Insertion(record[0].start, ident + self._layout.separator))
        return self._draft(insertions, list(self.activities), [])

    def _rows(self, activity: Activity, everywhere: bool) -> list[int]:
        """The records of an activity."""
        index = self._by_line.get(activity.line)
        if index is None:
            return []
        if not everywhere:
            return [index]
        columns = {(field.line, field.column): at for at, field in enumerate(self._records[index])}
        at = columns.get((activity.line, activity.column), 0)
        text = self._records[index][at].text
        return [row for row, record in enumerate(self._records) if at < len(record) and record[at].text == text]

    def _in_record(self, record: list[Field], column: int, ident: str) -> Insertion | None:
        """The id in one cell, which may be missing at the end of the record."""
        missing = column + 1 - len(record)
        if missing > 0:
            return Insertion(record[-1].end, self._layout.separator * missing + ident)
        field = record[column]
        if field.text.strip():
            return None
        quote = self._layout.text[field.start : field.start + 1] == '"'
        return Insertion(field.start + quote, ident)

    def _left(self, activity: Activity) -> Problem:
        place = Place(self._name, activity.line, activity.column)
        text = f'{quoted(activity.name)} gets no id; mend what stands in the cell for it'
        return Problem(place, text, 'derived', 'warning')

    def _draft(self, insertions: list[Insertion], written: list[Activity], left: list[Problem]) -> Draft:
        return Draft(self._layout.text, self._layout.encoded, tuple(insertions), tuple(written), tuple(left))
