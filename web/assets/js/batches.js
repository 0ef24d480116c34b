// How many documents of the list are ticked, beside the button that takes them. Without it the number is the first one.
const table = document.querySelector('[data-batch]');
const count = document.querySelector('[data-count]');
table?.addEventListener('change', () => {
  if (count) count.textContent = String(table.querySelectorAll('[type=checkbox]:checked').length);
});
