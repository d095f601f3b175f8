-- Metres on the ellipsoid from each visit's position to its feature; by primary key.
SELECT feature.id,
       ST_Distance(feature.geom::geography,
                   ST_SetSRID(ST_MakePoint(visit.x, visit.y), 4490)::geography, TRUE)
FROM unnest(%(ids)s::bigint[], %(x)s::float8[], %(y)s::float8[]) AS visit (id, x, y)
JOIN {table} AS feature USING (id)
