// j k: next and previous row · x: choose it · Enter: open it · /: search · ?: help. Off when the page says so, while typing,
// and with any modifier, so that nothing of the browser or of a screen reader is taken away.
const typing = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]';

export function watchKeys(root) {
  root.addEventListener('keydown', (event) => {
    const list = root.querySelector('[data-keys=on]');
    if (!list || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest(typing)) return;
    const act = { j: () => step(list, 1), k: () => step(list, -1), x: () => tick(list), '/': () => list.querySelector('[type=search]').focus(), '?': () => help(root) }[event.key];
    if (act && act() !== false) event.preventDefault();
  });
}

function rows(list) {
  return [...list.querySelectorAll('.row')];
}

// the row that has the focus, else the open one, else none
function here(list) {
  const all = rows(list);
  const focused = all.findIndex((row) => row.contains(document.activeElement));
  return focused >= 0 ? focused : all.findIndex((row) => row.classList.contains('current'));
}

function step(list, by) {
  const all = rows(list);
  if (!all.length) return false;
  const from = here(list);
  const to = from < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, from + by));
  all[to].querySelector('.row-title').focus();
  all[to].scrollIntoView({ block: 'nearest' });
  return true;
}

function tick(list) {
  const box = rows(list)[here(list)]?.querySelector('[type=checkbox]');
  box?.click();
  return Boolean(box);
}

function help(root) {
  const dialog = root.querySelector('dialog.keys-help');
  dialog?.showModal();
  return Boolean(dialog);
}
