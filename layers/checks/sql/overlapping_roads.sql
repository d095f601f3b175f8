-- Pairs of lines that run together. Both are within the tolerance of each other somewhere (GiST);
-- how far they run together is the length of one inside a strip along the other. Lines that only
-- meet or cross are dropped by the box of what they share before the strip is made.
SELECT a.id, b.id, ST_AsBinary(ST_Transform(s.shared, 4490)), s.metres
FROM {table} AS a
JOIN {table} AS b
    ON b.geom_3857 && ST_Expand(a.geom_3857, {tolerance})
    AND ST_DWithin(a.geom_3857, b.geom_3857, {tolerance})
CROSS JOIN LATERAL (
    SELECT ST_CollectionExtract(
        ST_Intersection(a.geom_3857, ST_Buffer(b.geom_3857, {tolerance}, 'endcap=flat')), 2
    ) AS shared
) AS i
CROSS JOIN LATERAL (
    SELECT i.shared, ST_Length(i.shared) * cos(radians(ST_YMax(a.geom))) AS metres
) AS s
WHERE {window} AND {pairs} AND {visible} {unmarked} AND s.metres > {least}
