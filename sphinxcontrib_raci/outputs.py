"""Files beside the pages of an output, with a record of what they were made from."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders import Builder

from sphinxcontrib_raci import __version__, files
from sphinxcontrib_raci.domain import domain_of


def can_offer(builder: Builder) -> bool:
    """Whether an output has pages from which files can be had."""
    # Nobody can have a file out of a book or a help file.
    kept = getattr(builder, 'embedded', False) or not getattr(builder, 'download_support', False)
    return builder.format == 'html' and not kept


def digest(value: object) -> str:
    """A short text that differs where two values print differently."""
    return blake2b(repr(value).encode(), digest_size=16).hexdigest()


def key_of(app: Sphinx) -> str:
    """A short text that tells this output from others of the same documentation."""
    return blake2b(f'{app.builder.name} {app.outdir}'.encode(), digest_size=8).hexdigest()


class Record:
    """What some files in one output were made from: making them takes longer than to see that nothing has changed.

    ``entries`` has the names of the files in ``folder``, each with whatever its maker wants to keep.
    """

    def __init__(self, app: Sphinx, what: str, folder: Path, *how: object) -> None:
        domain = domain_of(app.env)
        # What the files say is a function of the sources and of what was read.
        self.how = (__version__, app.config.language, sorted(app.tags), *how)
        self.state = digest((self.how, domain.registry.fingerprint, domain.data['state']))
        self.path = Path(app.doctreedir, f'raci-{what}-{key_of(app)}.pickle')
        self.folder = folder
        self.known, self.entries = files.load(self.path)

    def holds(self) -> bool:
        """Whether all files are there, as they are to be."""
        return self.known == self.state and all((self.folder / name).is_file() for name in self.entries)

    def store(self, entries: Mapping[str, object], *, complete: bool = True) -> None:
        """Keep what was made; where that is not all, the next build tries again.

        :raises OSError: where that cannot be written.
        """
        if entries or self.entries:
            files.store(self.path, self.state if complete else '', entries)
        self.entries = dict(entries)
