-- Cells of one level around a tile, as the pyramid has them: (code, nonce), base and deltas.
-- The cast matters: of bigints a long list is hashed, mixed integers are compared one by one.
SELECT code, nonce
FROM tiles_cell
WHERE layer = %(layer)s AND level = {level} AND code = ANY({codes}::bigint[]) AND {counties}
UNION ALL
SELECT {cell}, nonce
FROM tiles_cell_delta
WHERE layer = %(layer)s AND {cell} = ANY({codes}::bigint[]) AND {counties}
