/** The device's own position: where, how exactly, and when. */

/**
 * @typedef {object} Fix
 * @property {number} longitude degrees
 * @property {number} latitude degrees
 * @property {number} accuracy metres
 * @property {Date} at
 */

/** Why there is no position: the user said no, or the device could not. */
export class NoPosition extends Error {
  /** @param {'denied' | 'failed'} reason */
  constructor(reason) {
    super(reason);
    this.name = 'NoPosition';
    this.reason = reason;
  }
}

export function canBePositioned() {
  return 'geolocation' in navigator && window.isSecureContext;
}

/**
 * Rejects with NoPosition.
 * @returns {Promise<Fix>}
 */
export function takeFix() {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) => resolve({
        longitude: coords.longitude,
        latitude: coords.latitude,
        accuracy: coords.accuracy,
        at: new Date(timestamp),
      }),
      (error) => reject(new NoPosition(error.code === error.PERMISSION_DENIED ? 'denied' : 'failed')),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 0 },
    );
  });
}
