"""Pages that lost their tables when they were copied as text: nobody can tell whose letters are whose any more."""

from __future__ import annotations

import re
from itertools import takewhile

from sphinxcontrib_raci.schemes import RACI
from sphinxcontrib_raci.sources.page import Page, Table
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.vocabulary import ACTIVITY, key
from sphinxcontrib_raci.wording import quoted

_LETTERS = re.compile(rf'[{"".join(RACI.codes)}]+|-|N/A')


def refuse_flattened(text: str, page: Page, problems: Problems) -> bool:
    """Whether the text holds rows of tables but no table; that is reported, with the rows that cannot be assigned."""
    if any(isinstance(block, Table) for block in page.blocks):
        return False
    rows: list[tuple[int, str, int]] = []
    columns = head = 0
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        # The first word is the name, or begins it.
        letters = sum(1 for _ in takewhile(_LETTERS.fullmatch, reversed(words[not line[:1].isspace() :])))
        if len(words) > 1 and key(words[0]) in ACTIVITY and not letters:
            columns, head = max(columns, len(words) - 1), head or number
        elif head and letters:
            rows.append((number, ' '.join(words[: len(words) - letters]), letters))
    if not rows:
        return False
    # Names of parties may have several words: what rows really have says more than the head.
    columns = min(columns, max(count for _, _, count in rows)) or columns
    short = [(number, name) for number, name, count in rows if count < columns]
    named = ', '.join(f'{number} {quoted(name)}' for number, name in short)
    lost = f'; {len(short)} rows cannot be assigned, in the lines {named}' if short else ''
    problems.add_at(
        head,
        1,
        'the tables on this page have lost their columns, as happens when a page is copied as text: a row with fewer '
        f'letters than there are parties does not say whose they are{lost}; convert the file that the page was made '
        'from, or copy the table into a spreadsheet and convert that',
        'row',
    )
    return True
