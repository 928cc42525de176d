"""What the projects have in common: their settings, titles and tables of contents, in reStructuredText."""

from collections.abc import Iterable, Iterator

from content import Activity, Content, Matrix, Part, count_letters

CONF = """\
project = 'Responsibilities'
copyright = 'the authors'
extensions = {extensions}
html_theme = 'basic'
html_sidebars = {{'**': ['localtoc.html']}}
html_copy_source = False
"""
UNDERLINES = '=-~'

Files = Iterator[tuple[str, Iterable[str]]]  # paths below the folder of the project, and their lines


def conf(*extensions: str, more: str = '') -> tuple[str, list[str]]:
    """The settings that all projects share, and those of one alone."""
    return 'conf.py', [CONF.format(extensions=list(extensions)) + more]


def heading(title: str, level: int = 0) -> list[str]:
    """A title with its underline."""
    return [title, UNDERLINES[level] * len(title), '']


def toctree(names: Iterable[str]) -> list[str]:
    """A table of contents of one level."""
    return ['.. toctree::', '   :maxdepth: 1', '', *(f'   {name}' for name in names), '']


def index(content: Content) -> tuple[str, list[str]]:
    """The first page of the project."""
    names = ['overview', *(matrix.id for matrix in content.matrices)]
    return 'index.rst', [*heading('Responsibilities'), *toctree(names)]


def overview(content: Content, table: Iterable[str] = ()) -> tuple[str, list[str]]:
    """The page before the party pages; a project may have a table to show there."""
    names = (f'parties/{party}' for party in content.parties)
    return 'overview.rst', [*heading('Overview'), *table, *toctree(names)]


# --- what the hand-written pages have in common


def label(matrix: Matrix, activity: Activity) -> str:
    """The name of the target of an activity."""
    return f'raci-{matrix.id}-{activity.id}'


def party_label(party: str, matrix: Matrix) -> str:
    """The name of the target of a matrix on a party page."""
    return f'raci-party-{party}-{matrix.id}'


def letters_and_note(part: Part | None) -> str:
    """The letters of a party with its note, on one line."""
    return ', '.join(filter(None, (part.letters, part.note))) if part else ''


def totals(content: Content, party: str) -> str:
    """The first sentence of a party page."""
    rows = [activity for matrix in content.matrices for activity in matrix.of(party)]
    counts = ', '.join(f'{letter} {count}' for letter, count in count_letters(rows, party).items())
    return f'A part in {len(rows)} activities: {counts}.'


def others(content: Content, party: str, activity: Activity) -> str:
    """The letters of all parties but one."""
    return ', '.join(f'{content.parties[name]} {part.letters}' for name, part in activity.who.items() if name != party)
