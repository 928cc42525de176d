"""Files for readers: links to them on the pages, and the files in the output, which are made when all pages are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sphinxcontrib_raci import files
from sphinxcontrib_raci.domain import RaciDomain, domain_of
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.nodes import raci_download, raci_downloads
from sphinxcontrib_raci.outputs import Record, can_offer, digest
from sphinxcontrib_raci.views import MatrixQuery, PartyQuery
from sphinxcontrib_raci.views.downloads import usable
from sphinxcontrib_raci.views.part import Part, part_of, records, rows
from sphinxcontrib_raci.writers import csvfile, jsonfile, write, xlsxfile
from sphinxcontrib_raci.writers.whole import NAME, whole

logger = logging.getLogger(__name__)

FOLDER = 'raci'
"""The folder of our files, in the one that Sphinx has for downloads; nobody else has a file there."""

Content = Matrix | Part


def asked(directive: SphinxDirective, choices: Collection[str]) -> tuple[str, ...]:
    """The formats that a directive asks for; by default those of the project, with one of ``choices`` none."""
    options: Mapping[str, Any] = directive.options
    if 'download' not in options:
        return () if choices & options.keys() else tuple(directive.config.raci_downloads)
    if options['download'] == ('none',):
        return ()
    warn = partial(logger.warning, '%s', location=directive.get_location(), type='raci', subtype='directive')
    return usable(options['download'], ':download:', warn)


class LinkDownloads(SphinxPostTransform):
    """Make links of the files that a document offers, or take them out of an output that can offer none.

    Sphinx would look for files among the sources, had it seen the links when it read the document.
    """

    default_priority = 980

    def run(self, **kwargs: object) -> None:
        """Treat every such line of the document."""
        can = can_offer(domain_of(self.env).builder)
        for line in list(self.document.findall(raci_downloads)):
            if not can:
                line.parent.remove(line)
            for file in list(line.findall(raci_download)):
                link = addnodes.download_reference('', '', *file.children, filename=f'{FOLDER}/{file["filename"]}')
                file.replace_self(link)


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the files that pages offer and that are not there yet as they should be; remove the others."""
    if exception is None and hasattr(app.env, 'all_docs') and can_offer(app.builder):
        folder = Path(app.outdir, '_downloads', FOLDER)
        try:
            _Output(app, folder).update()
        except OSError as error:
            _warn(folder, error)


def _warn(path: Path, error: OSError) -> None:
    message = _('the files to download cannot be written or removed: %s')
    logger.warning(message, error.strerror or error, location=f'{path}:', type='raci', subtype='page')


def wanted(domain: RaciDomain) -> dict[str, Content]:
    """The names of all files that pages offer, and what is to be in them."""
    found: dict[str, Content] = {}
    for _docname, shown in domain.all_shown():
        new = [name for name in shown.files if name not in found]
        if new:
            found |= dict.fromkeys(new, _content(domain, shown.query))
    return found


def _content(domain: RaciDomain, query: object) -> Content:
    project = domain.registry.project
    if isinstance(query, PartyQuery):
        return part_of(query, project)
    assert isinstance(query, MatrixQuery)
    matrix = project.find(query.key)
    assert matrix is not None, 'or the page would not offer it'
    return whole(matrix)


def written(content: Content, fmt: str) -> bytes:
    """The bytes of a file."""
    if isinstance(content, Matrix):
        return write(content, fmt, NAME)
    if fmt == 'json':
        return jsonfile.encoded(records(content))
    return csvfile.encoded(rows(content)) if fmt == 'csv' else xlsxfile.saved(xlsxfile.begun(rows(content)))


class _Output:
    """The files in one output.  The record has the digest of what each was made from."""

    def __init__(self, app: Sphinx, folder: Path) -> None:
        self.domain = domain_of(app.env)
        self.folder = folder
        self.record = Record(app, 'downloads', folder)

    def update(self) -> None:
        """Make the folder hold the files that pages offer, and nothing else."""
        if not self.record.holds():
            contents = wanted(self.domain)
            new = self.write(contents, self.record.entries)
            # The next build tries again where a file could not be written.
            self.record.store(new, complete=len(new) == len(contents))
        if self.folder.is_dir():
            names = self.record.entries
            _remove(path for path in self.folder.iterdir() if path.name not in names and not path.is_dir())

    def write(self, contents: Mapping[str, Content], old: Mapping[str, str]) -> dict[str, str]:
        """Write what is not there as it should be; the digest of what each file was made from."""
        new = {name: digest((self.record.how, content)) for name, content in contents.items()}
        for name, content in contents.items():
            path = self.folder / name
            if old.get(name) != new[name] or not path.is_file():
                try:
                    files.write_atomically(path, written(content, name.rpartition('.')[2]))
                except OSError as error:
                    del new[name]
                    _warn(path, error)
        return new


def _remove(paths: Iterable[Path]) -> None:
    for path in list(paths):
        path.unlink()
        for folder in (path.parent, path.parent.parent):
            if not any(folder.iterdir()):
                folder.rmdir()


def setup(app: Sphinx) -> None:
    """Register the links, and the files that they lead to."""
    app.add_post_transform(LinkDownloads)
    app.connect('build-finished', on_build_finished)
