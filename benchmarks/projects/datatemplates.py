"""With sphinxcontrib.datatemplates: a data file per matrix, and templates for the pages of the list-table project.

The data is JSON, which the extension reads faster than YAML.
"""

import json
from dataclasses import asdict

from content import Content

from .common import Files, conf, heading, index, overview

MATRIX = """\
{%- for chapter in data.chapters %}
{{ chapter.title }}
{{ '-' * chapter.title|length }}
{% for section in chapter.sections %}
{{ section.title }}
{{ '~' * section.title|length }}

.. list-table::
   :header-rows: 1
   :widths: 60{{ ' 20' * config.datatemplates_parties|length }}

   * - Activity
{%- for name in config.datatemplates_parties.values() %}
     - {{ name }}
{%- endfor %}
{%- for activity in section.activities %}
   * - .. _raci-{{ data.id }}-{{ activity.id }}:

       {{ activity.name }}
{%- if activity.note %}

       {{ activity.note }}
{%- endif %}
{%- for party in config.datatemplates_parties %}
{%- set part = activity.who.get(party, {}) %}
     - {{ part.letters }}
{%- if part.note %}

       {{ part.note }}
{%- endif %}
{%- endfor %}
{%- endfor %}
{% endfor %}
{%- endfor %}
"""
PARTY = """\
{%- set party = options.party %}
{%- for name in data %}
{%- set matrix = load('/' + name + '.json') %}
{%- set rows = matrix.chapters|map(attribute='sections')|sum(start=[])|map(attribute='activities')|sum(start=[]) %}
.. _raci-party-{{ party }}-{{ matrix.id }}:

{{ matrix.title }}
{{ '-' * matrix.title|length }}
{% for activity in rows if party in activity.who %}
* :ref:`{{ activity.name }} <raci-{{ matrix.id }}-{{ activity.id }}>` **{{ activity.who[party].letters }}**
{%- if activity.who[party].note %}, {{ activity.who[party].note }}{% endif %}
{%- for other, part in activity.who.items() if other != party %}
{{- ' (' if loop.first else ', ' }}{{ config.datatemplates_parties[other] }} {{ part.letters }}{{ ')' if loop.last }}
{%- endfor %}
{%- endfor %}
{% endfor %}
"""
SETTINGS = """\
templates_path = ['_templates']
datatemplates_parties = {parties}


def setup(app):
    app.add_config_value('datatemplates_parties', {{}}, 'env')
"""


def files(content: Content) -> Files:
    yield conf('sphinxcontrib.datatemplates', more=SETTINGS.format(parties=dict(content.parties)))
    yield index(content)
    yield overview(content)
    yield '_templates/matrix.txt', [MATRIX]
    yield '_templates/party.txt', [PARTY]
    yield 'matrices.json', [json.dumps([matrix.id for matrix in content.matrices], indent=1)]
    for matrix in content.matrices:
        directive = f'.. datatemplate:json:: {matrix.id}.json'
        yield f'{matrix.id}.rst', [*heading(matrix.title), directive, '   :template: matrix.txt']
        yield f'{matrix.id}.json', [json.dumps(asdict(matrix), indent=1)]
    for party, name in content.parties.items():
        directive = '.. datatemplate:json:: /matrices.json'
        yield f'parties/{party}.rst', [*heading(name), directive, '   :template: party.txt', f'   :party: {party}']
