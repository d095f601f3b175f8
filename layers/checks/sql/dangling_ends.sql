-- Ends of lines that stop short of another line. Each end of each part is one probe of the GiST
-- index; the nearest other line decides: one that is touched (as near as snapping gets) settles the
-- end, else the gap is what is reported. Web Mercator's metres are brought to the ground's by the
-- cosine of the latitude, which is right to a millimetre over ten metres.
SELECT
    a.id, a.version, a.geom, a.method, a.accuracy_m, e.part, e.is_end, near.id, near.metres,
    ST_AsBinary(ST_Transform(near.place, 4490))
FROM {table} AS a
CROSS JOIN LATERAL ST_Dump(a.geom) AS d
CROSS JOIN LATERAL (
    VALUES
        (d.path[1] - 1, FALSE, ST_StartPoint(d.geom)),
        (d.path[1] - 1, TRUE, ST_EndPoint(d.geom))
) AS e (part, is_end, point)
CROSS JOIN LATERAL (SELECT ST_Transform(e.point, 3857) AS point) AS m
CROSS JOIN LATERAL (
    SELECT
        b.id,
        ST_ClosestPoint(b.geom_3857, m.point) AS place,
        ST_Distance(b.geom_3857, m.point) * cos(radians(ST_Y(e.point))) AS metres
    FROM {table} AS b
    WHERE b.geom_3857 && ST_Expand(m.point, {reach})
        AND b.id <> a.id
        AND ST_DWithin(b.geom_3857, m.point, {reach})
        AND {visible}
    ORDER BY metres, b.id
    LIMIT 1
) AS near
WHERE {window} AND NOT ST_IsClosed(d.geom) AND near.metres > {touching} AND near.metres <= {within}
ORDER BY a.id, e.part, e.is_end
