/** Tells the user when tiles fail, once, with a way to try again. */
import { gettext } from '../i18n.js';
import { dismiss, notify } from './notices.js';

/**
 * @param {(layer: string) => void} refresh
 * @param {string} login the sign-in page
 * @returns {import('./tiles.js').TileWatch}
 */
export function tileWatch(refresh, login) {
  /** @type {Set<string>} */
  const failing = new Set();
  const retry = {
    label: gettext('Try again'),
    run: () => {
      const layers = [...failing];
      failing.clear();
      layers.forEach(refresh);
    },
  };
  return {
    problem: (layer, status) => {
      const first = failing.size === 0;
      failing.add(layer);
      if (!first) return;
      if (status === 401 || status === 403) {
        const next = encodeURIComponent(window.location.pathname + window.location.search + window.location.hash);
        notify(gettext('You are no longer signed in.'), {
          label: gettext('Sign in'), run: () => window.location.assign(`${login}?next=${next}`),
        });
      } else if (status === 0) {
        notify(gettext('No connection: parts of the map are missing.'), retry);
      } else if (status === 503) {
        notify(gettext('The map service is busy: parts of the map are missing.'), retry);
      } else {
        notify(gettext('Parts of the map could not be loaded.'), retry);
      }
    },
    recovered: (layer) => {
      if (failing.delete(layer) && failing.size === 0) dismiss();
    },
  };
}
