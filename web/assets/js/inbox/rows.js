// After a row's task arrives beside the list, the row is marked as the open one and the detail takes the focus.
export function markOpenRow(root) {
  root.addEventListener('htmx:afterSettle', (event) => {
    const detail = event.target.closest?.('.detail');
    if (!detail) return;
    for (const row of root.querySelectorAll('.row')) {
      const open = row.dataset.task === detail.dataset.task;
      row.classList.toggle('current', open);
      row.querySelector('.row-title').toggleAttribute('aria-current', open);
      if (open) row.querySelector('.row-title').setAttribute('aria-current', 'true');
    }
    root.querySelector('.work').dataset.estado = 'detalle';
    detail.scrollTo({ top: 0 });
    if (detail.dataset.opened !== 'tab') detail.querySelector('h2')?.focus();
  });
}
