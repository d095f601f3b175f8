-- Pairs of the same kind and name near each other. One probe of the GiST index on the drawn place
-- for each row looked at; the distance on the ellipsoid is reckoned for what that finds.
SELECT a.n, a.id, a.version, b.id, b.version, {ones}, {others}
FROM {subjects} AS a
JOIN {table} AS b
    ON b.geom_3857 && ST_Expand(a.geom_3857, {reach})
    AND b.name = a.name
    AND b.{kind} = a.{kind}
WHERE {pairs} AND {visible} AND {apart} <= {within}
