"""What is supported is tested: nothing deprecated is used, and each Python has its environment."""

from __future__ import annotations

import os
import tomllib
import warnings
from importlib.metadata import version

import pytest
import sphinx
from conftest import EXAMPLE
from sphinx.deprecation import RemovedInNextVersionWarning

CONFIGURATION = tomllib.loads((EXAMPLE.parent / 'pyproject.toml').read_text('utf-8'))


@pytest.mark.parametrize('kind', [DeprecationWarning, PendingDeprecationWarning, RemovedInNextVersionWarning])
def test_a_warning_that_code_of_the_package_brings_about_is_an_error_in_every_test(kind: type[Warning]) -> None:
    def deprecated() -> None:
        warnings.warn('use something else', kind, stacklevel=2)

    with pytest.raises(kind, match='use something else'):
        exec('deprecated()', {'__name__': 'sphinxcontrib_raci.views.party', 'deprecated': deprecated})
    with pytest.warns(kind):
        exec('deprecated()', {'__name__': 'sphinx.builders.html', 'deprecated': deprecated})


def test_each_python_that_is_supported_has_its_environment() -> None:
    kinds = CONFIGURATION['project']['classifiers']
    pythons = {kind.rpartition(' ')[2] for kind in kinds if kind.startswith('Programming Language :: Python :: 3.')}

    environments = CONFIGURATION['tool']['tox']['env_list']

    assert {f'py{python.replace(".", "")}' for python in pythons} == {
        name.partition('-')[0] for name in environments if name.startswith('py')
    }
    assert CONFIGURATION['tool']['tox']['env'].keys() <= set(environments)


@pytest.mark.skipif('-' not in os.environ.get('TOX_ENV_NAME', ''), reason='no environment that names its versions')
def test_an_environment_has_the_versions_that_it_is_called_after() -> None:
    name = os.environ['TOX_ENV_NAME']
    wanted = CONFIGURATION['tool']['tox']['env'][name]['deps']

    assert ''.join(map(str, sphinx.version_info[:2])) in name
    assert all(
        version(requirement.partition('==')[0]).startswith(requirement[:-1].partition('==')[2])
        for requirement in wanted
    )
