/**
 * The shapes that the map's modules pass around; the API's are described in /api/docs.
 *
 * @typedef {'ok' | 'due' | 'overdue' | 'defective' | 'none'} UpkeepState
 * @typedef {'point' | 'line' | 'polygon'} GeometryKind
 * @typedef {'text' | 'integer' | 'decimal' | 'date' | 'boolean' | 'code' | 'division' | 'year' | 'personal'} FieldKind
 * @typedef {string | number | boolean | null} FieldValue
 *
 * @typedef {object} FieldDescription
 * @property {string} name
 * @property {string} label
 * @property {string | null} unit
 * @property {FieldKind} kind
 * @property {{code: string, label: string}[] | null} codes
 * @property {boolean} required
 * @property {number | string | null} minimum
 * @property {number | string | null} maximum
 * @property {boolean} readonly
 * @property {string} group
 *
 * @typedef {object} Rights
 * @property {boolean} [create]
 * @property {boolean} [update]
 * @property {boolean} [delete]
 * @property {boolean} [maintain]
 * @property {boolean} [inspect]
 *
 * @typedef {object} LayerDescription
 * @property {string} name
 * @property {string} title
 * @property {GeometryKind} geometry
 * @property {boolean} geometry_may_be_empty
 * @property {string} classify
 * @property {FieldDescription[]} fields
 * @property {{color: string, classes: Record<string, string>, icon: string}} style
 * @property {Rights} can
 *
 * @typedef {'colours' | 'hillshade' | 'slope' | 'terrain-rgb'} RasterRender
 *
 * @typedef {object} RasterDescription
 * @property {string} name
 * @property {string} title
 * @property {'imagery' | 'elevation' | 'thematic'} kind
 * @property {Box} bounds
 * @property {number} minzoom
 * @property {number} maxzoom
 * @property {string} attribution
 * @property {Partial<Record<RasterRender, string>>} tiles addresses by the way it is drawn
 * @property {[number, string][]} slope_classes upper limits in degrees with their colours
 *
 * @typedef {{type: string, coordinates: any}} Geometry GeoJSON, EPSG:4490 longitude and latitude
 *
 * @typedef {object} FeatureRecord
 * @property {number} id
 * @property {string} layer
 * @property {number} version
 * @property {string} code
 * @property {string} name
 * @property {Geometry | null} geometry
 * @property {Record<string, FieldValue>} properties
 * @property {{code: string, name: string, path?: string}} division
 * @property {Rights} can
 * @property {string} [planned] the plan's last edit of it, where the values are those of a plan
 *
 * @typedef {{layer: string, id: number}} FeatureKey
 *
 * @typedef {{total: number, states: Record<UpkeepState, number>}} Counts
 *
 * @typedef {[number, number, number, number]} Box west, south, east, north in degrees
 *
 * @typedef {object} Places
 * @property {Box | null} extent
 * @property {{code: string, name: string, bbox: Box | null}[]} zones
 * @property {{code: string, name: string, level: string, lon: number, lat: number}[]} labels
 *
 * @typedef {object} MapConfig
 * @property {string} language
 * @property {boolean} signedIn
 * @property {string} tiandituKey
 * @property {string} reviewNumber
 * @property {string} places
 * @property {string} login
 * @property {FeatureKey | null} selected
 * @property {string | null} recordsFrom the first day with records; null where the visitor may see none
 * @property {{code: string, name: string, depth: number}[]} planDivisions those a plan may be made for
 *
 * @typedef {'state' | 'class'} Colouring
 */

export {};
