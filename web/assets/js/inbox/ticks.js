// The bulk bar: there with the first tick, says how many, and only offers what the form of every chosen row allows.
export function watchTicks(root) {
  root.addEventListener('change', (event) => {
    if (event.target.matches('.row [type=checkbox]')) count(root);
    if (event.target.matches('[data-tick-all]')) all(root, event.target.checked);
  });
  root.addEventListener('click', (event) => {
    if (event.target.closest('[data-untick]')) all(root, false);
  });
  document.addEventListener('htmx:afterSettle', () => count(root));
  count(root);
}

function all(root, checked) {
  for (const box of root.querySelectorAll('.row [type=checkbox]')) box.checked = checked;
  count(root);
}

function count(root) {
  const bar = root.querySelector('.bulk');
  if (!bar) return;
  const chosen = root.querySelectorAll('.row [type=checkbox]:checked').length;
  bar.hidden = chosen === 0;
  root.body.classList.toggle('has-bulk', chosen > 0);
  const label = bar.querySelector('[data-chosen]');
  if (label) label.textContent = (chosen === 1 ? label.dataset.one : label.dataset.many).replace('%', chosen);
}
