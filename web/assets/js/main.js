// What every page loads. Nothing here is needed to read or to send: it only makes it quicker.
import htmx from 'htmx.org/dist/htmx.esm.js';
import { closeMenus } from './page/menus.js';
import { focusErrors } from './page/errors.js';
import { guardSubmit } from './page/submit.js';
import { chooseFiles } from './page/uploads.js';
import { keepDraft } from './page/drafts.js';

htmx.config.includeIndicatorStyles = false; // they would be an inline style, which the CSP refuses
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
htmx.config.refreshOnHistoryMiss = true; // going back asks the server again
htmx.config.historyCacheSize = 0; // nothing of a case stays in the browser's storage
window.htmx = htmx;

closeMenus(document);
focusErrors(document);
guardSubmit(document);
htmx.onLoad((part) => {
  chooseFiles(part);
  keepDraft(part);
});
