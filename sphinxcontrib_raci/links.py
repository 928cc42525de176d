"""Where the links of activities lead: an address without a scheme counts from the root of the site."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from sphinx.builders import Builder

from sphinxcontrib_raci.outputs import can_offer

_SCHEME = re.compile('[a-z]+:')
_ALLOWED = re.compile('(https?|mailto):|(?![^/?#]*:)', re.IGNORECASE)


def is_full(url: str) -> bool:
    """Whether an address leads to the same place from everywhere."""
    return bool(_SCHEME.match(url))


def is_allowed(url: str) -> bool:
    """Whether an address leads to a page or to a letter, be it from here; what a browser would run does not."""
    return bool(_ALLOWED.match(url))


def address(url: str, builder: Builder, docname: str) -> str:
    """The address as it is to stand on the page of a document; empty where it leads nowhere from there.

    Out of a PDF or a book nothing leads to the root of the site, unless ``html_baseurl`` says where that is.
    """
    if is_full(url):
        return url
    if can_offer(builder):
        return '../' * builder.get_target_uri(docname).partition('#')[0].count('/') + url
    base = builder.config.html_baseurl
    return urljoin(f'{base.rstrip("/")}/', url) if base else ''
