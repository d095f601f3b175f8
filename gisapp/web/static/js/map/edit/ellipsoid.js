/** Lengths on the ellipsoid of CGCS2000, in metres. Pure. */

/** Semi-major axis in metres and flattening of CGCS2000 (GB 22021). */
const A = 6378137;
const F = 1 / 298.257222101;
const E2 = F * (2 - F);
const DEGREE = Math.PI / 180;

/**
 * Between two near points: by the radii of curvature at the latitude halfway, which at 1 km is
 * within a millimetre of the geodesic.
 * @param {number[]} from longitude and latitude in degrees
 * @param {number[]} to
 */
export function distance([lon1 = 0, lat1 = 0], [lon2 = 0, lat2 = 0]) {
  const latitude = ((lat1 + lat2) / 2) * DEGREE;
  const w2 = 1 - E2 * Math.sin(latitude) ** 2;
  const meridian = (A * (1 - E2)) / w2 ** 1.5;
  const prime = A / Math.sqrt(w2);
  return Math.hypot(meridian * (lat2 - lat1) * DEGREE, prime * Math.cos(latitude) * (lon2 - lon1) * DEGREE);
}

/** @param {number[][]} line longitudes and latitudes in degrees */
export function lengthOf(line) {
  return line.slice(1).reduce((sum, position, index) => sum + distance(line[index] ?? position, position), 0);
}
