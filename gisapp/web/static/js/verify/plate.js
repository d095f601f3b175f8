/** The plate's print button. */
import { byId } from '../elements.js';

const print = byId('print-plate', HTMLButtonElement);
print.hidden = false;
print.addEventListener('click', () => window.print());
