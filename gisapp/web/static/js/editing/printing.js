/** Printing a page with all that it has: folded values are opened for it. */
export function offerPrinting() {
  for (const button of document.querySelectorAll('[data-print]')) {
    if (!(button instanceof HTMLButtonElement)) continue;
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  }
  window.addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('.edit-details')) details.setAttribute('open', '');
  });
}
