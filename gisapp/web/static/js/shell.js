/** Wires every page: Bootstrap's components and htmx's CSRF header. */
import '../vendor/bootstrap.js';
import { gettext } from './i18n.js';
import { element } from './elements.js';

document.addEventListener('htmx:configRequest', (event) => {
  const meta = document.querySelector('meta[name="csrf-token"]');
  const detail = /** @type {CustomEvent<{headers: Record<string, string>}>} */ (event).detail;
  if (meta instanceof HTMLMetaElement) detail.headers['X-CSRFToken'] = meta.content;
});

/** @param {string} text */
function showFailure(text) {
  const messages = document.querySelector('.messages');
  if (!messages) return;
  const close = element('button', {
    type: 'button', class: 'btn-close', 'data-bs-dismiss': 'alert', 'aria-label': gettext('Close'),
  });
  messages.append(
    element('div', { class: 'alert alert-danger alert-dismissible', role: 'alert' }, text, close),
  );
}

document.addEventListener('htmx:sendError', () => {
  showFailure(gettext('The server cannot be reached. Check the network and try again.'));
});
document.addEventListener('htmx:responseError', (event) => {
  const { xhr } = /** @type {CustomEvent<{xhr: XMLHttpRequest}>} */ (event).detail;
  if (xhr.status === 401) {
    window.location.assign(`/login/?next=${encodeURIComponent(window.location.pathname)}`);
    return;
  }
  showFailure(gettext('The service could not answer. Try again in a moment.'));
});
