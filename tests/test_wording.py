"""What messages say of names that are not known."""

from __future__ import annotations

import pytest

from sphinxcontrib_raci.wording import nearest


@pytest.mark.parametrize(
    ('name', 'known', 'meant'),
    [
        ('servce', ['service', 'customer'], 'service'),
        ('sales', ['service', 'customer'], ''),
        # The next of a series is another thing, whatever else it looks like.
        ('service-2', ['service-1', 'service-13'], ''),
        ('level 12', ['level 1', 'level 2'], ''),
        ('servce-2', ['service-2', 'service-1'], 'service-2'),
        ('2service', ['service'], 'service'),
        # Who asks without regard to capitals may have found the name itself.
        ('title', ['title', 'titles'], 'title'),
    ],
)
def test_the_name_that_was_probably_meant(name: str, known: list[str], meant: str) -> None:
    assert nearest(name, known) == meant
