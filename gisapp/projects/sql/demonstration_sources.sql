-- What invented projects of past years paid for: every demonstration feature built, renewed or
-- helped since the first year, with the programme and year of the project and the feature's share.
-- One scan of each table; the temporary table is read twice, for the projects and for their links.
CREATE TEMPORARY TABLE demonstration_source ON COMMIT DROP AS
SELECT county, year, programme, layer, feature_id, role, round(share, -2) AS share
FROM (
    -- An asset names its project: 演示·2023年花垣县产业发展项目.
    SELECT county, acquired_year AS year, 'assets' AS layer, id AS feature_id, 'builds' AS role,
           funds_yuan AS share,
           regexp_replace(source_project, '^.*年' || division.name || '(.*)项目$', '\1')
               AS programme
    FROM layers_asset JOIN layers_division AS division ON division.code = county || '000000'
    WHERE demonstration
    UNION ALL
    -- Roads by the metre; what was rebuilt was renewed by the later project.
    SELECT county, coalesce(rebuilt_year, built_year), 'roads', id,
           CASE WHEN rebuilt_year IS NULL THEN 'builds' ELSE 'renovates' END,
           length_m * CASE admin_class WHEN 'county' THEN 900 WHEN 'township' THEN 600 ELSE 350 END,
           '道路建设'
    FROM layers_road WHERE demonstration
    UNION ALL
    SELECT county, built_year, 'water-works', id, 'builds', people_served * 450 + 20000, '饮水安全'
    FROM layers_water_work WHERE demonstration
    UNION ALL
    -- Household toilets were built by the hundred thousand: only public ones are followed singly.
    SELECT county, extract(year FROM completed_on)::int, 'toilets', id, 'builds',
           coalesce(squat_places, 6) * 12000, '人居环境'
    FROM layers_toilet WHERE demonstration AND category = 'public'
    UNION ALL
    SELECT county, %(first_year)s + (id %% (%(last_year)s - %(first_year)s + 1))::int,
           'resettlement-sites', id, 'benefits', households * 600, '搬迁后扶'
    FROM layers_resettlement_site WHERE demonstration
) AS source
WHERE year BETWEEN %(first_year)s AND %(last_year)s AND share > 0
