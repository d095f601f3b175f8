"""Repeated texts are found in any batch, with the row they came in first."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from importers.comparison.seen import Seen

TEXTS = st.lists(st.none() | st.text("ab一", max_size=3), max_size=40)


@given(batches=st.lists(TEXTS, max_size=8))
def test_what_comes_again_is_known_by_the_row_it_came_in_first(batches):
    seen, first, number = Seen(), {}, 0
    for batch in batches:
        numbers = np.arange(number + 1, number + 1 + len(batch))
        expected = {}
        for row, text in enumerate(batch):
            if text in first:
                expected[row] = first[text]
            elif text is not None:
                first[text] = number + 1 + row
        assert seen.again(pa.array(batch, pa.string()), numbers) == expected
        number += len(batch)
