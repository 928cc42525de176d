"""What readers can have as files: which formats there are, and how the files are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sphinxcontrib_raci.content import Download, Downloads
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.sources.ids import slug
from sphinxcontrib_raci.views.common import unknown

if TYPE_CHECKING:
    from sphinxcontrib_raci.views.matrix import MatrixQuery
    from sphinxcontrib_raci.views.party import PartyQuery

LABELS = {'csv': 'CSV', 'xlsx': 'Excel', 'json': 'JSON'}
"""The formats, and what pages call them."""

LONGEST = 100
"""So many characters of the name of a file say what was chosen."""

_NEEDED = {'xlsx': 'openpyxl'}


def usable(formats: Iterable[str], what: str, warn: Callable[[str], None]) -> tuple[str, ...]:
    """The known ones of these formats, each once; ``warn`` is told of the others, and of what is not installed.

    ``what`` says in messages where they stand.
    """
    found = tuple(dict.fromkeys(formats))
    for fmt in found:
        if fmt not in LABELS:
            warn(unknown(_("unknown format '%s'"), fmt, LABELS) + _(' (in %s)') % what)
        elif not _installed(fmt):
            message = _("%s: %s files need %s, so there is no link to them; pip install 'sphinxcontrib-raci[%s]'")
            warn(message % (what, fmt, _NEEDED[fmt], fmt))
    return tuple(fmt for fmt in found if fmt in LABELS)


def offered(query: MatrixQuery, matrix: Matrix, project: Project) -> list[Downloads]:
    """The files of a matrix, always of the whole one.

    There are none where rows are missing: a file cannot say so.  Of two matrices with one id, only one has files.
    """
    if matrix.unread or project.matrices.get(matrix.id) is not matrix:
        return []
    extract = query.section or query.parties or query.tags
    lead = _('Download the whole matrix: ') if extract else _('Download: ')
    # An id has no dot, so that no other matrix can have a file of this name.
    return _line(lead, '.'.join(filter(None, (matrix.id, slug(matrix.revision)))), query.downloads)


def offered_part(query: PartyQuery) -> list[Downloads]:
    """The files of what a party has a part in."""
    return _line(_('Download: '), _part_name(query), query.downloads)


def _part_name(query: PartyQuery) -> str:
    """``party.customer``, and what was chosen: ``party.customer_r-a.kms.mail``.  No two choices have one name."""
    letters = '-'.join(query.letters).lower()
    choice = '.'.join([f'_{letters}' if letters else '', *query.matrices])
    if len(choice) > LONGEST:
        choice = '_' + blake2b(repr((query.letters, query.matrices)).encode(), digest_size=8).hexdigest()
    # No matrix has the id "party", no id has a dot or a low line, and codes of letters are short and of ASCII.
    return f'party.{query.party}{choice}'


def _line(lead: str, name: str, formats: Iterable[str]) -> list[Downloads]:
    files = tuple(Download(LABELS[fmt], f'{name}.{fmt}') for fmt in formats if _installed(fmt))
    return [Downloads(lead, files)] if files else []


def _installed(fmt: str) -> bool:
    return fmt not in _NEEDED or find_spec(_NEEDED[fmt]) is not None
