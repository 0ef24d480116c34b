// The inbox made quicker: rows open beside the list, the bulk bar counts, the keys j k x Enter ? work. All of it also
// works as plain links and forms.
import { watchKeys } from './inbox/keys.js';
import { watchTicks } from './inbox/ticks.js';
import { markOpenRow } from './inbox/rows.js';

document.addEventListener('change', (event) => event.target.closest('form[data-auto]')?.requestSubmit());
watchKeys(document);
watchTicks(document);
markOpenRow(document);
