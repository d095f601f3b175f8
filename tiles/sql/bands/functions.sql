-- The first zoom at which a shape in EPSG:3857 is drawn as itself: the one at which its box becomes
-- {visible} units of a tile wide or high; so many zooms `earlier` for features that matter more.
CREATE OR REPLACE FUNCTION tiles_first_zoom(shape geometry, earlier integer) RETURNS smallint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT greatest(0, least(24, ceil(log(2.0, ({visible_at_0} / greatest(
        public.ST_XMax(shape) - public.ST_XMin(shape),
        public.ST_YMax(shape) - public.ST_YMin(shape),
        0.01
    ))::numeric))) - earlier)::smallint
$$;
