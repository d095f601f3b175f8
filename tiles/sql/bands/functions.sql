-- The first zoom at which a shape in EPSG:3857 is drawn as itself: the one at which a line's box becomes
-- {visible} units of a tile wide or high, and an area as large as a square of so many; so many zooms
-- `earlier` for features that matter more.
CREATE OR REPLACE FUNCTION tiles_first_zoom(shape geometry, earlier integer) RETURNS smallint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT greatest(0, least(24, ceil(log(2.0, ({visible_at_0} / greatest(
        CASE WHEN public.ST_Dimension(shape) = 2 THEN sqrt(public.ST_Area(shape)) ELSE greatest(
            public.ST_XMax(shape) - public.ST_XMin(shape),
            public.ST_YMax(shape) - public.ST_YMin(shape)
        ) END,
        0.01
    ))::numeric))) - earlier)::smallint
$$;
-- A shape without what a tile cannot show. A line without the vertices that lie within `tolerance` of it.
-- The vertices of an area one by one on a grid: where two areas have the same border, they have the
-- same afterwards, which each simplified for itself would not. An area that would vanish stays.
CREATE OR REPLACE FUNCTION tiles_generalised(shape geometry, tolerance float8) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN public.ST_Dimension(shape) < 2 THEN public.ST_Simplify(shape, tolerance, true)
        WHEN public.ST_IsEmpty(coalesce(public.ST_SnapToGrid(shape, tolerance), 'POINT EMPTY'))
        THEN shape
        ELSE public.ST_SnapToGrid(shape, tolerance)
    END
$$;
