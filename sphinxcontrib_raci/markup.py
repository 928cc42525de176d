"""Inline reStructuredText of sources, as far as it does no harm: not all who write sources may write documents."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from docutils import nodes
from docutils.parsers.rst import languages
from docutils.parsers.rst.states import Inliner
from docutils.utils import unescape
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from sphinxcontrib_raci.content import Markup
from sphinxcontrib_raci.links import is_allowed
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.wording import quoted

logger = logging.getLogger(__name__)
MOST_BRACKETS = 4
"""So many opening brackets a role gets: the time that Sphinx takes to look for names of C++ doubles with each."""


class MarkupReader:
    """Reads inline reStructuredText of a source, whatever the markup of the document that shows it.

    What could do harm becomes text, with a warning: links that a browser would run, files from elsewhere, formulas and
    other commands for TeX, raw HTML.
    """

    def __init__(self, document: nodes.document) -> None:
        self.document = document
        # A subclass of Inliner would not find its own patterns.
        self.inliner = cast('Any', Inliner())
        self.inliner.init_customizations(document.settings)
        self.inliner.interpreted = partial(self.role, self.inliner.interpreted)
        self.markup = Markup('', '', 0)
        language = languages.get_language(document.settings.language_code, document.reporter)
        self.memo = SimpleNamespace(
            document=document, reporter=document.reporter, language=language, inliner=self.inliner, title_styles=[]
        )

    def __call__(self, markup: Markup) -> nodes.inline:
        """The text as one inline node; its messages, and those of the roles in it, name the place in the source."""
        reporter: Any = self.document.reporter
        before = reporter.get_source_and_line
        reporter.get_source_and_line = lambda lineno=None: (markup.path, markup.line)
        self.markup = markup
        try:
            parsed, messages = self.inliner.parse(markup.text, markup.line, self.memo, self.document)
        finally:
            reporter.get_source_and_line = before
        made = nodes.inline('', '', *parsed, *messages)
        for node in list(made.findall(nodes.Element)):
            if why := _refused(node, self.document.settings.env):
                _warn(markup, why)
                # Not replace_self(), which wants a place for classes.
                node.parent.replace(node, node.children or [nodes.Text(node.get('alt', ''))])
            elif isinstance(node, nodes.target) and not is_allowed(node.get('refuri', '')):
                # Other texts of the document may lead here by its name; the link beside it has been reported.
                del node['refuri']
        return made

    def role(self, interpreted: Callable[..., Any], rawsource: str, text: str, role: str, lineno: int) -> Any:
        """What a role makes of a text; the text where the role cannot stand it."""
        plain = unescape(text)
        if plain.count('(') + plain.count('<') > MOST_BRACKETS:
            message = _("%s is shown as text, as it has more than %d of '(' and '<'; write it without the role")
            _warn(self.markup, message % (quoted(plain), MOST_BRACKETS))
            return [nodes.Text(plain)], []
        try:
            return interpreted(rawsource, text, role, lineno)
        except Exception as error:  # That of an extension may raise anything.
            message = _('%s is shown as text, as its role failed (%s: %s); write it in another way or without the role')
            _warn(self.markup, message % (quoted(plain), type(error).__name__, error))
            return [nodes.Text(plain)], []


def _refused(node: nodes.Element, env: BuildEnvironment) -> str:
    """Why a node must not stand on a page as it is; empty where it may."""
    match node:
        case nodes.reference() if not is_allowed(address := node.get('refuri', '')):
            return _link(address)
        case addnodes.download_reference() | nodes.image():
            return _file(node.get('reftarget', node.get('uri', '')), env)
        case nodes.math() | nodes.math_block():
            message = _('the formula %s is shown as text; write it in words, as a matrix can hold no formulas')
            return message % quoted(node.astext())
        case nodes.raw():
            message = _('%s is shown as text; write it without the role, as a source can hold nothing raw')
            return message % quoted(node.astext())
        # Sphinx takes the title for a template.
        case addnodes.pending_xref() if node['reftype'] == 'numref' and '{' in node.astext():
            return _("%s is shown as text; write it without '{'") % quoted(node.astext())
    return ''


def _file(target: str, env: BuildEnvironment) -> str:
    """Why there is no link to a file, or none to an address in place of one."""
    if '://' in target:
        return '' if is_allowed(target) else _link(target)
    path = Path(os.path.realpath(env.relfn2path(target, env.docname)[1]))
    if path.is_relative_to(os.path.realpath(env.srcdir)):
        return ''
    message = _('there is no link to the file %s, as it is not in the source folder; write the path of one that is')
    return message % quoted(target)


def _link(address: str) -> str:
    hint = _("write an address that starts with 'https://', 'http://' or 'mailto:', or one without a scheme")
    return _('the link to %s is shown as text; %s') % (quoted(address), hint)


def _warn(markup: Markup, text: str) -> None:
    logger.warning('%s', text, location=f'{markup.path}:{markup.line}', type='raci', subtype='source')
