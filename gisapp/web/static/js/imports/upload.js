/** The place to drop files: choosing, sending with rate and remaining time, pausing, going on. */
import { announce } from '../announce.js';
import { byId, element } from '../elements.js';
import { HttpError, requestJson } from '../http.js';
import { gettext, interpolate, ngettext } from '../i18n.js';
import { Rate, remaining, size } from './amounts.js';
import { fromDrop, fromList } from './collect.js';
import { fingerprint, remember, remembered } from './memory.js';
import { Sender } from './sender.js';

/** @typedef {import('./collect.js').Chosen} Chosen */
/** @typedef {import('./sender.js').Delivery} Delivery */

const MOST_LISTED = 8;
const MEGABYTE = 1024 * 1024;

class Upload {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.uid = place.dataset['uid'] ?? '';
    this.most = Number(place.dataset['most'] ?? '2048') * MEGABYTE;
    this.drop = byId('upload-drop', HTMLElement);
    this.start = byId('upload-start', HTMLButtonElement);
    this.pause = byId('upload-pause', HTMLButtonElement);
    /** @type {Chosen[]} */
    this.chosen = [];
    /** @type {Sender | null} */
    this.sender = null;
    this.#wire();
  }

  #wire() {
    for (const id of ['upload-files', 'upload-folder']) {
      const input = byId(id, HTMLInputElement);
      input.addEventListener('change', () => {
        if (input.files) this.choose(fromList(input.files));
        input.value = '';
      });
    }
    this.drop.addEventListener('dragover', (event) => {
      event.preventDefault();
      this.drop.classList.add('imp-drop-over');
    });
    this.drop.addEventListener('dragleave', () => this.drop.classList.remove('imp-drop-over'));
    this.drop.addEventListener('drop', (event) => {
      event.preventDefault();
      this.drop.classList.remove('imp-drop-over');
      if (event.dataTransfer) void fromDrop(event.dataTransfer).then((chosen) => this.choose(chosen));
    });
    this.start.addEventListener('click', () => void this.send());
    this.pause.addEventListener('click', () => this.sender?.pause());
    byId('upload-clear', HTMLButtonElement).addEventListener('click', () => this.choose([]));
    window.addEventListener('beforeunload', (event) => {
      if (this.sender?.under_way && !this.sender.under_way.signal.aborted) event.preventDefault();
    });
  }

  /** @param {Chosen[]} chosen */
  choose(chosen) {
    this.chosen = chosen;
    this.#problem('');
    byId('upload-chosen', HTMLElement).hidden = chosen.length === 0;
    this.drop.hidden = chosen.length > 0;
    const listed = chosen.slice(0, MOST_LISTED).map(({ file, name }) => element(
      'li', {}, element('span', { class: 'imp-file-name' }, name), ' ',
      element('span', { class: 'imp-file-size' }, size(file.size)),
    ));
    const more = chosen.length - listed.length;
    if (more > 0) {
      const text = ngettext('and %(count)s more file', 'and %(count)s more files', more);
      listed.push(element('li', {}, interpolate(text, { count: more })));
    }
    byId('upload-list', HTMLElement).replaceChildren(...listed);
    const total = chosen.reduce((sum, { file }) => sum + file.size, 0);
    this.start.disabled = total > this.most;
    if (total > this.most) {
      this.#problem(interpolate(gettext('These files have %(size)s together; %(most)s is the most.'), { size: size(total), most: size(this.most) }));
    }
    if (chosen.length > 0) this.start.focus();
  }

  async send() {
    this.#problem('');
    const about = this.#about();
    if (!about) return;
    this.#sending(true);
    const mark = fingerprint(this.uid || `${about.layer} ${about.division}`, this.chosen);
    try {
      const delivery = await this.#delivery(about, mark);
      const files = this.#matched(delivery);
      if (!files) {
        this.#problem(gettext('These are not the files of this upload. Choose the same files again.'));
        return;
      }
      if (delivery.state === 'receiving' && !await this.#bytes(delivery, files)) return;
      remember(mark, null);
      window.location.assign(`/imports/${delivery.uid}/`);
    } catch (error) {
      if (error instanceof HttpError && error.status === 401) {
        window.location.assign(`/login/?next=${encodeURIComponent(window.location.pathname)}`);
      }
      if (!(error instanceof Error)) throw error;
      const remedy = error instanceof HttpError ? error.remedy : '';
      this.#problem(`${error.message} ${remedy}`.trim());
    } finally {
      this.#sending(false);
    }
  }

  /** What the files are, or null where the form is not filled in; a continued one needs nothing. */
  #about() {
    if (this.uid) return { layer: '', division: '', note: '' };
    const [layer, division] = ['upload-layer', 'upload-division'].map((id) => byId(id, HTMLSelectElement));
    for (const field of [layer, division]) {
      if (field && !field.reportValidity()) return null;
    }
    const note = byId('upload-note', HTMLInputElement).value;
    return { layer: layer?.value ?? '', division: division?.value ?? '', note };
  }

  /**
   * The delivery that these files go on with, or a new one.
   * @param {{layer: string, division: string, note: string}} about
   * @param {string} mark
   * @returns {Promise<Delivery>}
   */
  async #delivery(about, mark) {
    const known = this.uid || remembered(mark);
    if (known) {
      try {
        const delivery = await requestJson(`/api/imports/${known}`);
        if (this.uid || (delivery.state === 'receiving' && !delivery.purged)) return delivery;
      } catch (error) {
        if (this.uid || !(error instanceof HttpError && error.status === 404)) throw error;
      }
    }
    const files = this.chosen.map(({ file, name }) => ({ name, size: file.size }));
    const delivery = await requestJson('/api/imports', { method: 'POST', body: { ...about, files } });
    remember(mark, delivery.uid);
    return delivery;
  }

  /**
   * The chosen files by the numbers they have in the delivery; null where one is missing.
   * @param {Delivery} delivery
   */
  #matched(delivery) {
    const files = new Map();
    for (const { number, name, size: expected } of delivery.files) {
      const found = this.chosen.find((each) => each.name === name && each.file.size === expected);
      if (!found) return null;
      files.set(number, found.file);
    }
    return files;
  }

  /**
   * @param {Delivery} delivery
   * @param {Map<number, File>} files
   */
  async #bytes(delivery, files) {
    const rate = new Rate();
    /** @param {number} done @param {number} total */
    const progress = (done, total) => {
      const percent = total ? Math.floor((100 * done) / total) : 100;
      byId('upload-bar', HTMLProgressElement).value = percent;
      const speed = rate.at(done);
      byId('upload-amount', HTMLElement).textContent = `${size(done)} / ${size(total)}`;
      byId('upload-rate', HTMLElement).textContent = speed ? interpolate(gettext('%(size)s/s'), { size: size(speed) }) : '';
      byId('upload-left', HTMLElement).textContent = speed ? remaining((total - done) / speed) : '';
      this.#problem('');
    };
    const waiting = (/** @type {Error} */ error) => {
      this.#problem(interpolate(gettext('%(problem)s It goes on by itself.'), { problem: error.message }));
    };
    this.sender = new Sender(delivery, files, { progress, waiting });
    progress(this.sender.done, this.sender.total);
    this.pause.hidden = false;
    if (!await this.sender.run()) {
      this.start.lastChild?.replaceWith(gettext('Continue'));
      announce(gettext('Paused'));
      return false;
    }
    await requestJson(`/api/imports/${delivery.uid}/complete`, { method: 'POST' });
    announce(gettext('Uploaded'));
    return true;
  }

  /** @param {boolean} under_way */
  #sending(under_way) {
    this.start.hidden = under_way;
    if (under_way) byId('upload-sending', HTMLElement).hidden = false;
    else this.pause.hidden = true;
    byId('upload-clear', HTMLButtonElement).disabled = under_way;
  }

  /** @param {string} text */
  #problem(text) {
    const place = byId('upload-problem', HTMLElement);
    place.textContent = text;
    place.hidden = text === '';
  }
}

const place = document.getElementById('upload');
if (place) new Upload(place);
