// A menu (details.menu) closes on Escape, giving the focus back, and when something else is clicked.
export function closeMenus(root) {
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const open = root.querySelector('details.menu[open]');
    if (!open) return;
    open.open = false;
    open.querySelector('summary').focus();
  });
  root.addEventListener('click', (event) => {
    for (const menu of root.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}
