-- Each project's features with their shares; the code says which project is meant.
INSERT INTO projects_projectfeature (project_id, layer, feature_id, role, funds_share_yuan)
SELECT project.id, source.layer, source.feature_id, source.role, source.share
FROM unnest(%(codes)s::text[], %(counties)s::text[], %(years)s::int[], %(programmes)s::text[])
         AS made (code, county, year, programme)
JOIN projects_project AS project ON project.code = made.code
JOIN demonstration_source AS source USING (county, year, programme)
