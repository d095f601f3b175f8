-- What the pyramid keeps of one tile and the counties of a scope: rows of (code of a cell of the
-- level asked for, counts, nonce), base and deltas, to be summed by whoever reads.
-- Plan: the keys' index, one contiguous range; the deltas' index, the same range.
SELECT code, {counts}, nonce
FROM tiles_cell
WHERE layer = %(layer)s AND level = {level} AND {counties}
    AND code BETWEEN %(first)s >> {coarse_shift} AND %(last)s >> {coarse_shift}
UNION ALL
SELECT code >> {coarser_by}, {counts}, nonce
FROM tiles_cell_delta
WHERE layer = %(layer)s AND {counties}
    AND code BETWEEN %(first)s >> {finest_shift} AND %(last)s >> {finest_shift}
