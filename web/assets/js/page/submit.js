// A second click on the same button sends nothing: the server would answer the same, but the person waits for less.
export function guardSubmit(root) {
  root.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.dataset.sent === 'yes') {
      event.preventDefault();
      return;
    }
    if (form.method === 'post' && !event.defaultPrevented) form.dataset.sent = 'yes';
  });
  window.addEventListener('pageshow', () => {
    for (const form of root.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
  });
}
