"""What is written in one format and read back is the same matrix: whatever is in it, and in every format."""

from __future__ import annotations

import pytest
from conftest import often
from hypothesis import HealthCheck, given, settings
from matrices import matrices

from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.writers import write
from sphinxcontrib_raci.writers.lost import lost

SUFFIXES = {'yaml': '.yaml', 'json': '.json', 'csv': '.csv', 'xlsx': '.xlsx', 'markdown': '.md', 'rst': '.rst'}
slow = settings(max_examples=often(25), deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize('form', SUFFIXES)
@slow
@given(matrix=matrices())
def test_any_matrix(form: str, matrix: Matrix) -> None:
    name = f'x.raci{SUFFIXES[form]}'
    reading = read_bytes(write(matrix, form, name), name)
    assert reading.problems == ()
    assert lost(matrix, reading.matrix) == []


@slow
@given(matrix=matrices())
def test_yaml_of_ours_is_written_byte_for_byte(matrix: Matrix) -> None:
    data = write(matrix, 'yaml', 'x.raci.yaml')
    reading = read_bytes(data, 'x.raci.yaml')
    assert reading.matrix is not None
    assert write(reading.matrix, 'yaml', 'x.raci.yaml') == data
