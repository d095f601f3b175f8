-- The rows in a tile and its buffer, by the index on their places and no other: who sees nearly all of
-- them needs no second one. So one plan does for all tiles (OFFSET 0 keeps the planner to it).
(SELECT * FROM {table}
WHERE geom_3857 && (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => {margin}))
OFFSET 0)
