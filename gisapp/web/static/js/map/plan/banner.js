/** The bar over the map that says in which plan one is, and leads out of it. */
import { button, byId, element, icon } from '../../elements.js';
import { formatNumber, gettext, interpolate, ngettext } from '../../i18n.js';

/** @typedef {import('./api.js').Plan} Plan */

/** @param {Plan['state']} state */
export function stateLabel(state) {
  return {
    draft: gettext('Draft'), submitted: gettext('Under review'), returned: gettext('Returned'),
    approved: gettext('Approved'), applied: gettext('Applied'), withdrawn: gettext('Withdrawn'),
  }[state];
}

/**
 * @param {Plan} plan
 * @param {{changes: number, unfit: number}} counts `unfit`: edits that no longer fit what is live
 * @param {{showAll: () => void, leave: () => void}} run
 */
export function showBanner(plan, { changes, unfit }, run) {
  const bar = byId('plan-banner', HTMLElement);
  const all = button(
    interpolate(ngettext('%(count)s change', '%(count)s changes', changes), { count: formatNumber(changes) }),
    { class: 'plan-all', title: gettext('Show all of the plan'), 'data-plan-tool': 'all' },
  );
  all.disabled = changes === 0;
  all.addEventListener('click', run.showAll);
  const leave = button(gettext('Leave the plan'), { class: 'plan-leave', 'data-plan-tool': 'leave' }, 'close');
  leave.addEventListener('click', run.leave);
  bar.replaceChildren(
    icon('plans'),
    element(
      'p', { class: 'plan-name' },
      element('span', { class: 'plan-kicker' }, plan.can.change ? gettext('Changes go into the plan') : gettext('You are looking at the plan')), ' ',
      element('a', { href: `/plans/${plan.id}/` }, plan.title),
    ),
    element('span', { class: 'plan-state' }, plan.can.change ? stateLabel(plan.state) : interpolate(gettext('%(state)s · by %(author)s'), { state: stateLabel(plan.state), author: plan.author })),
    all,
    ...(unfit ? [element('span', { class: 'plan-unfit' }, icon('alert'), interpolate(ngettext('%(count)s no longer fits', '%(count)s no longer fit', unfit), { count: formatNumber(unfit) }))] : []),
    leave,
  );
  bar.hidden = false;
  byId('map-stage', HTMLElement).classList.add('in-plan');
}

export function hideBanner() {
  byId('plan-banner', HTMLElement).hidden = true;
  byId('map-stage', HTMLElement).classList.remove('in-plan');
}
