/** In the toolbar: where changes go, directly to the map or into a plan; and a new plan. */
import { button, byId, element, icon } from '../../elements.js';
import { HttpError } from '../../http.js';
import { gettext } from '../../i18n.js';
import { answerButton, ask } from '../dialogs.js';
import { notify } from '../notices.js';
import { draftPlan, fetchPlans } from './api.js';
import { stateLabel } from './banner.js';

/** @typedef {import('./api.js').Plan} Plan */
/** @typedef {{code: string, name: string, depth: number}} PlanDivision */

/** Plans that are done with are looked at on their pages. */
const OPEN = new Set(['draft', 'submitted', 'returned', 'approved']);
const MOST_OF_OTHERS = 12;

export class PlanChooser {
  /**
   * @param {PlanDivision[]} divisions those that a plan may be made for
   * @param {() => string | null} here the code of the county in the middle of the map
   * @param {(plan: number | null) => void} choose
   */
  constructor(divisions, here, choose) {
    this.divisions = divisions;
    this.here = here;
    this.choose = choose;
    this.current = element('span', { class: 'plan-current' });
    this.button = element('button', {
      type: 'button', class: 'map-button map-add dropdown-toggle', id: 'plan-chooser', 'data-bs-toggle': 'dropdown', 'aria-expanded': 'false',
    }, icon('plans'), this.current);
    this.menu = element('ul', { class: 'dropdown-menu plan-menu', 'aria-labelledby': 'plan-chooser' });
    this.button.addEventListener('show.bs.dropdown', () => { void this.#fill(); });
    this.element = element('div', { class: 'dropdown' }, this.button, this.menu);
    this.show(null);
  }

  /** @param {Plan | null} plan */
  show(plan) {
    this.plan = plan;
    this.current.textContent = plan ? plan.title : gettext('Directly');
    const label = gettext('Where changes go');
    this.button.title = label;
    this.button.setAttribute('aria-label', `${label}: ${this.current.textContent}`);
    this.button.classList.toggle('is-planning', plan !== null);
  }

  async #fill() {
    const head = [this.#item(gettext('Directly to the map'), gettext('counts at once'), null)];
    const made = this.#action(gettext('New plan…'), () => { void this.#make(); });
    const wait = element('li', {}, element('span', { class: 'dropdown-item-text' }, gettext('Loading…')));
    this.menu.replaceChildren(...head, wait, made);
    try {
      const plans = (await fetchPlans()).filter(({ state }) => OPEN.has(state));
      const own = plans.filter(({ can }) => can.change);
      const others = plans.filter(({ can }) => !can.change).slice(0, MOST_OF_OTHERS);
      this.menu.replaceChildren(
        ...head, ...this.#group(gettext('Into one of your plans'), own), made,
        ...this.#group(gettext('Look at a plan of others'), others),
      );
    } catch (error) {
      wait.replaceChildren(element('span', { class: 'dropdown-item-text' }, error instanceof Error ? error.message : String(error)));
    }
  }

  /**
   * @param {string} title
   * @param {Plan[]} plans
   */
  #group(title, plans) {
    if (!plans.length) return [];
    return [
      element('li', {}, element('h3', { class: 'dropdown-header' }, title)),
      ...plans.map((plan) => this.#item(plan.title, plan.can.change ? stateLabel(plan.state) : `${plan.author} · ${stateLabel(plan.state)}`, plan.id)),
    ];
  }

  /**
   * @param {string} title
   * @param {string} note
   * @param {number | null} plan
   */
  #item(title, note, plan) {
    const current = plan === (this.plan?.id ?? null);
    const node = element(
      'button', { type: 'button', class: current ? 'dropdown-item active' : 'dropdown-item', 'aria-current': current ? 'true' : null, 'data-plan': String(plan ?? '') },
      element('span', {}, title, element('small', {}, note)),
    );
    // After the menu has closed, so that the focus is not taken back to it.
    node.addEventListener('click', () => { setTimeout(() => this.choose(plan)); });
    return element('li', {}, node);
  }

  /**
   * @param {string} label
   * @param {() => void} run
   */
  #action(label, run) {
    const node = button(label, { class: 'dropdown-item', 'data-plan': 'new' }, 'add');
    node.addEventListener('click', () => { setTimeout(run); });
    return element('li', {}, node);
  }

  async #make() {
    const plan = await askForPlan(this.divisions, this.here());
    if (plan) this.choose(plan.id);
  }
}

/**
 * @param {PlanDivision[]} divisions
 * @param {string | null} here
 * @returns {Promise<Plan | null>} null where the user thought better of it
 */
async function askForPlan(divisions, here) {
  const title = element('input', { class: 'form-control', id: 'plan-title', maxlength: '120', autocomplete: 'off', required: true });
  const purpose = element('textarea', { class: 'form-control', id: 'plan-purpose', rows: '3', maxlength: '2000' });
  const division = element('select', { class: 'form-select', id: 'plan-division' }, ...divisions.map(({ code, name, depth }) => element(
    'option', { value: code, selected: code === here }, `${'\u3000'.repeat(depth)}${name}`,
  )));
  const field = (/** @type {HTMLElement} */ control, /** @type {string} */ label, /** @type {string} */ hint) => element(
    'div', { class: 'field' }, element('label', { for: control.id }, label), control, element('p', { class: 'field-hint' }, hint),
  );
  const start = answerButton(gettext('Start the plan'), 'start', 'btn-primary');
  // Before the dialog closes: a plan without a title would be refused, and the rest be lost.
  start.addEventListener('click', (event) => {
    title.classList.toggle('is-invalid', !title.value.trim());
    if (title.value.trim()) return;
    event.stopImmediatePropagation();
    title.focus();
  });
  const answer = await ask(gettext('A new plan'), [
    element('p', {}, gettext('What you draw goes into the plan. Others look at it over the map, a reviewer approves it, and only then it counts.')),
    field(title, gettext('Title'), gettext('In a few words, such as “New water main to Shuanglong”.')),
    field(division, gettext('Where'), gettext('The plan stays inside, and those who may look there can see it.')),
    field(purpose, gettext('What for'), gettext('May stay empty.')),
  ], [answerButton(gettext('Cancel'), ''), start]);
  if (answer !== 'start') return null;
  try {
    return await draftPlan({ title: title.value.trim(), purpose: purpose.value.trim(), division: division.value });
  } catch (error) {
    const remedy = error instanceof HttpError ? error.remedy : '';
    notify([error instanceof Error ? error.message : String(error), remedy].filter(Boolean).join(' '), {
      label: gettext('Try again'), run: () => { byId('plan-chooser', HTMLButtonElement).click(); },
    });
    return null;
  }
}
