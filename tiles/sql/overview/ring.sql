-- Nonces of the cells around a tile that its buffer reaches into, base and deltas.
SELECT nonce
FROM tiles_cell
WHERE layer = %(layer)s AND level = {level} AND code = ANY(%(ring)s) AND {counties}
UNION ALL
SELECT nonce
FROM tiles_cell_delta
WHERE layer = %(layer)s AND code >> {coarser_by} = ANY(%(ring)s) AND {counties}
