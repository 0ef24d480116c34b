// A form with data-draft="<address>" is kept by the server two seconds after the last change, files apart.
export function keepDraft(part) {
  for (const form of part.querySelectorAll('form[data-draft]')) {
    let timer;
    const note = document.getElementById(form.dataset.draftNote ?? 'borrador');
    form.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => save(form, note), 2000);
    });
  }
}

async function save(form, note) {
  const fields = new FormData(form);
  for (const [key, value] of [...fields]) if (value instanceof File) fields.delete(key);
  for (const secret of form.querySelectorAll('[type=password]')) fields.delete(secret.name);
  try {
    const answer = await fetch(form.dataset.draft, { method: 'POST', body: fields, redirect: 'error' });
    if (answer.ok && note) note.textContent = (await answer.json()).note;
  } catch {
    // offline or signed out: what is on the page stays there, and the next change tries again
  }
}
