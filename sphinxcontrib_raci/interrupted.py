"""What a build was reading when it was killed.

Its doctrees may be newer than the environment, or half written.  Sphinx sees that by the times of files; documents that
are read again for what they show (:mod:`sphinxcontrib_raci.build`) may have no newer file, nor show anything else than
the environment knows, when the change to a source has been taken back.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinxcontrib_raci import files


def _note(app: Sphinx) -> Path:
    return Path(app.doctreedir, 'raci-reading.pickle')


def on_env_get_outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """The documents that the last build began to read, where it did not come to its end."""
    _key, docnames = files.load(_note(app))
    return [docname for docname in docnames if docname in env.all_docs and docname not in removed]


def on_env_before_read_docs(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Note what is about to be read."""
    if docnames:
        # Where that is not possible, nothing is lost unless the build is killed.
        with suppress(OSError):
            files.write_atomically(_note(app), files.dumped('', dict.fromkeys(docnames)))


def on_env_check_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Forget it: the environment has been stored."""
    with suppress(OSError):
        _note(app).unlink()


def setup(app: Sphinx) -> None:
    """Register the handlers."""
    app.connect('env-get-outdated', on_env_get_outdated)
    app.connect('env-before-read-docs', on_env_before_read_docs)
    app.connect('env-check-consistency', on_env_check_consistency)
