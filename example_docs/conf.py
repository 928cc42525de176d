"""Sphinx configuration of this manual, which is also the example that the tests build."""

from sphinxcontrib_raci import __version__

project = 'sphinxcontrib-raci'
author = 'the sphinxcontrib-raci authors'
copyright = author
version = release = __version__

extensions = ['sphinxcontrib_raci', 'myst_parser']
templates_path = ['_templates']
# The page that the guide moves is shown as it is.
exclude_patterns = ['guide/examples/moving/**.md']

raci_party_pages = 'parties'
raci_parties = {
    'customer': 'Customer',
    'provider': {'name': 'Cloud provider', 'description': 'Runs the platform'},
}

html_theme = 'furo'
html_title = f'{project} {release}'

raci_latex_footer = True
latex_documents = [
    ('index', 'sphinxcontrib-raci.tex', project, author, 'manual'),
    # What one party has to do, as a document of its own.
    ('parties/provider', 'provider.tex', 'Duties of the cloud provider', author, 'howto'),
]
latex_elements = {
    'papersize': 'a4paper',
    # Sections of a matrix have the numbers that ':numbered:' gives them, and no second ones.
    # The guide shows a Cyrillic letter that somebody took for an A; pdfLaTeX has none.
    'preamble': r'\setcounter{secnumdepth}{0}\DeclareUnicodeCharacter{0410}{A}',
}

man_pages = [('index', 'sphinxcontrib-raci', 'Responsibility matrices (RACI) in Sphinx', author, '7')]
texinfo_documents = [
    (
        'index',
        'sphinxcontrib-raci',
        project,
        author,
        'sphinxcontrib-raci',
        'Responsibility matrices (RACI) in Sphinx',
        'Documentation tools',
    )
]
