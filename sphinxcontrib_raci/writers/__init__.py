"""Writing a matrix: a model in, the bytes of a file out; the way back of :mod:`sphinxcontrib_raci.sources`."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from sphinxcontrib_raci.model import Matrix

__all__ = ['FORMATS', 'SUFFIXES', 'write']

FORMATS = ('yaml', 'json', 'csv', 'xlsx', 'markdown', 'rst')
"""What can be written."""

SUFFIXES = {
    '.yaml': 'yaml',
    '.yml': 'yaml',
    '.json': 'json',
    '.csv': 'csv',
    '.xlsx': 'xlsx',
    '.md': 'markdown',
    '.markdown': 'markdown',
    '.rst': 'rst',
}
"""The format that the end of a file's name asks for."""

_MODULES = {
    'yaml': 'yamlfile',
    'json': 'jsonfile',
    'csv': 'csvfile',
    'xlsx': 'xlsxfile',
    'markdown': 'markdown',
    'rst': 'rst',
}


def write(matrix: Matrix, fmt: str, name: str = '') -> bytes:
    """The bytes of a file that holds the matrix, the same each time.

    ``name`` is that of the file to be written: where it gives the id of the matrix already, the file does not.

    :raises KeyError: where the format is none of :data:`FORMATS`.
    :raises ImportError: where the library that writes the format is not installed.
    """
    # A format is loaded when it is wanted: not every installation has the library for each.
    module = import_module(f'{__name__}.{_MODULES[fmt]}')
    writer: Callable[[Matrix, str], bytes] = module.write
    return writer(matrix, name)
