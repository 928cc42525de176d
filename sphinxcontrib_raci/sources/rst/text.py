"""The words of docutils nodes."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from docutils import nodes

from sphinxcontrib_raci.wording import squeezed

_UNSEEN = (
    nodes.comment,
    nodes.substitution_definition,
    nodes.system_message,
    nodes.footnote,
    nodes.citation,
)

_ROMAN = ('I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X')


def words(node: nodes.Element, skip: type | tuple[type, ...] = ()) -> str:
    """The text of a node without markup, one line for each paragraph and each line of a line block.

    A reference to a footnote is ``[^label]``, an image its alternative text.  ``skip`` names what is left out.
    """
    unseen = (*_UNSEEN, *(skip if isinstance(skip, tuple) else (skip,)))
    return '\n'.join(line for line in _lines(node, unseen) if line)


def joined(node: nodes.Element) -> str:
    """The text of a node on one line."""
    return squeezed(words(node))


def elements(node: nodes.Node) -> list[nodes.Element]:
    """The children of a node, without bare text."""
    return [child for child in node.children if isinstance(child, nodes.Element)]


def seen(node: nodes.Node) -> list[nodes.Element]:
    """The children of a node that its readers see."""
    return [child for child in elements(node) if not isinstance(child, _UNSEEN)]


def is_strong(node: nodes.Element) -> bool:
    """Whether the node has text and all of it is strong."""
    texts = [text for text in node.findall(nodes.Text) if text.strip()]
    return bool(texts) and all(_within(text, node) for text in texts)


def links(node: nodes.Element) -> tuple[tuple[str, str], ...]:
    """The words and the target of each link that leads to an address."""
    return tuple(
        (joined(reference), reference['refuri'])
        for reference in node.findall(nodes.reference)
        if reference.get('refuri')
    )


def _within(text: nodes.Node, top: nodes.Element) -> bool:
    parent = text.parent
    while parent is not None and parent is not top:
        if isinstance(parent, nodes.strong):
            return True
        parent = parent.parent
    return isinstance(top, nodes.strong)


def _lines(node: nodes.Element, unseen: tuple[type, ...]) -> Iterator[str]:
    if isinstance(node, nodes.FixedTextElement):
        yield from node.astext().split('\n')
    elif isinstance(node, nodes.TextElement | nodes.Inline | nodes.image):
        yield squeezed(_inline(node))
    elif isinstance(node, nodes.enumerated_list):
        for number, item in enumerate(node.children, start=node.get('start', 1)):
            # What looks like a list to docutils is a letter, or a number before a title, to the author of a table.
            texts = list(_lines(item, unseen)) if isinstance(item, nodes.Element) else []
            sign = f'{node["prefix"]}{_enumerator(number, node["enumtype"])}{node["suffix"]}'
            yield f'{sign} {"".join(texts[:1])}'.strip()
            yield from texts[1:]
    else:
        for child in node.children:
            if isinstance(child, nodes.Element) and not isinstance(child, unseen):
                yield from _lines(child, unseen)


def _enumerator(number: int, kind: str) -> str:
    if kind.endswith('alpha'):
        text = chr(ord('A') + (number - 1) % 26)
    else:
        text = _ROMAN[number - 1] if kind.endswith('roman') and number <= len(_ROMAN) else str(number)
    return text.lower() if kind.startswith('lower') else text


def _inline(node: nodes.Node) -> str:
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.footnote_reference | nodes.citation_reference):
        return f'[^{node.astext()}]'
    if isinstance(node, nodes.image):
        return node.get('alt') or basename(node.get('uri', ''))
    if isinstance(node, _UNSEEN):
        return ''
    return ''.join(_inline(child) for child in node.children)
