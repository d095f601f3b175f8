/** "Where I am": asks the device once, shows the point with its accuracy. */
import { CircleStyle, Feature, Fill, Point, Stroke, Style, VectorLayer, VectorSource } from '../../vendor/ol.js';
import { byId } from '../elements.js';
import { gettext, interpolate } from '../i18n.js';
import { notify } from './notices.js';
import { toMetres } from './projection.js';

const dot = new Style({
  image: new CircleStyle({
    radius: 7, fill: new Fill({ color: '#0a58ca' }), stroke: new Stroke({ color: '#fff', width: 3 }),
  }),
});

/**
 * The device's place. Rejects with a text for the user.
 * @returns {Promise<{lon: number, lat: number, accuracy: number}>}
 */
export function devicePosition() {
  return new Promise((found, failed) => {
    if (!('geolocation' in navigator) || !window.isSecureContext) {
      failed(new Error(gettext('This browser gives its place only over https.')));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => found({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }),
      () => failed(new Error(gettext('The device did not give its place. Allow it in the browser and try again.'))),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 10_000 },
    );
  });
}

/** @param {import('./view.js').MapView} view */
export function wireLocate(view) {
  const source = new VectorSource();
  view.map.addLayer(new VectorLayer({ source, style: dot, zIndex: 90 }));
  byId('locate-me', HTMLButtonElement).addEventListener('click', async () => {
    try {
      const place = await devicePosition();
      source.clear();
      source.addFeature(new Feature(new Point(toMetres(place))));
      view.showPosition(place);
      notify(interpolate(gettext('Located to within %(metres)s m.'), { metres: Math.round(place.accuracy) }));
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error));
    }
  });
}
