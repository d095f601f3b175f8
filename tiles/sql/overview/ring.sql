-- Cells of one level around a tile, as the pyramid has them: (code, nonce), base and deltas.
SELECT code, nonce
FROM tiles_cell
WHERE layer = %(layer)s AND level = {level} AND code = ANY({codes}) AND {counties}
UNION ALL
SELECT code >> {coarser_by}, nonce
FROM tiles_cell_delta
WHERE layer = %(layer)s AND code >> {coarser_by} = ANY({codes}) AND {counties}
