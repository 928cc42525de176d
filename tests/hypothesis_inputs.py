"""Files for readers as hypothesis makes them: small sources with something changed in them."""

from __future__ import annotations

from fuzz_inputs import KINDS, Edit, Reader, edited
from hypothesis import strategies as st


def inputs(reader: Reader) -> st.SearchStrategy[bytes]:
    """Seeds of a reader after some changes."""
    tokens = st.sampled_from(reader.tokens) | st.binary(max_size=4)
    edits = st.builds(Edit, st.sampled_from(KINDS), st.integers(0, 1000), st.integers(0, 60), tokens)
    return st.builds(
        lambda seed, part, found: reader.changed(seed, part, lambda data: edited(data, found)),
        st.sampled_from(reader.seeds()),
        st.integers(0, 999),
        st.lists(edits, max_size=6),
    )
