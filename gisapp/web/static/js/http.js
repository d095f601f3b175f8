/** Requests to our own server: JSON in and out, CSRF token, one shape of failure. */
import { gettext } from './i18n.js';

/** The server answered, but not with success. `body` is its JSON, where it sent some. */
export class HttpError extends Error {
  /**
   * @param {number} status
   * @param {Record<string, unknown>} body
   */
  constructor(status, body) {
    const message = typeof body['message'] === 'string' ? body['message'] : '';
    super(message || defaultMessage(status));
    this.name = 'HttpError';
    this.status = status;
    this.body = body;
  }

  /** What the user can do about it. */
  get remedy() {
    return typeof this.body['remedy'] === 'string' ? this.body['remedy'] : '';
  }
}

/** No answer at all: no network, or the server is down. */
export class OfflineError extends Error {
  constructor() {
    super(gettext('The server cannot be reached. Check the network and try again.'));
    this.name = 'OfflineError';
  }
}

/** @param {number} status */
function defaultMessage(status) {
  if (status === 401) return gettext('You are no longer signed in.');
  if (status === 403) return gettext('Your account may not do this.');
  if (status === 404) return gettext('This record does not exist, or you may not see it.');
  if (status === 503) return gettext('The service is busy. Try again in a moment.');
  return gettext('The service could not answer. Try again in a moment.');
}

function csrfToken() {
  const meta = document.querySelector('meta[name="csrf-token"]');
  return meta instanceof HTMLMetaElement ? meta.content : '';
}

/**
 * @typedef {object} Options
 * @property {string} [method]
 * @property {unknown} [body] sent as JSON
 * @property {Blob} [bytes] sent as they are
 * @property {FormData} [form] sent as a form
 * @property {AbortSignal} [signal]
 * @property {string} [accept]
 */

/**
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<Response>}
 */
async function send(path, { method = 'GET', body, bytes, form, signal, accept = 'application/json' } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: accept };
  if (method !== 'GET') headers['X-CSRFToken'] = csrfToken();
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (bytes) headers['Content-Type'] = 'application/octet-stream';
  if (form) headers['X-Requested-With'] = 'fetch';
  try {
    return await fetch(path, {
      method,
      headers,
      body: bytes ?? form ?? (body === undefined ? null : JSON.stringify(body)),
      signal: signal ?? null,
      credentials: 'same-origin',
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new OfflineError();
  }
}

/**
 * @param {Response} response
 * @returns {Promise<Record<string, unknown>>}
 */
async function jsonOrNothing(response) {
  if (!(response.headers.get('Content-Type') ?? '').includes('json')) return {};
  return /** @type {Record<string, unknown>} */ (await response.json());
}

/**
 * The JSON answer. Throws HttpError, OfflineError or an AbortError.
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<any>}
 */
export async function requestJson(path, options = {}) {
  const response = await send(path, options);
  if (!response.ok) throw new HttpError(response.status, await jsonOrNothing(response));
  return response.status === 204 ? null : response.json();
}

/**
 * An HTML fragment, rendered by our own templates. Throws like requestJson.
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<string>}
 */
export async function requestHtml(path, options = {}) {
  const response = await send(path, { accept: 'text/html', ...options });
  // Pages lead who is not signed in to the form for it, which is no fragment.
  if (response.redirected && new URL(response.url).pathname === '/login/') throw new HttpError(401, {});
  if (!response.ok) throw new HttpError(response.status, await jsonOrNothing(response));
  return response.text();
}
