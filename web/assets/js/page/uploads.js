// A file field says what was chosen, accepts a drop, and refuses at once what is too big (data-max, bytes).
const units = ['bytes', 'KB', 'MB'];

function size(bytes) {
  const power = bytes < 1024 ? 0 : bytes < 1048576 ? 1 : 2;
  return `${(bytes / 1024 ** power).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${units[power]}`;
}

function show(input) {
  const note = input.closest('.pick')?.querySelector('[data-chosen]');
  if (!note) return;
  const limit = Number(input.dataset.max || 0);
  const files = [...input.files];
  const big = files.find((file) => limit && file.size > limit);
  note.classList.toggle('failed', Boolean(big));
  input.setCustomValidity(big ? input.dataset.tooBig : '');
  note.textContent = files.map((file) => `${file.name} (${size(file.size)})`).join(', ') || note.dataset.chosen;
  if (big) note.textContent += `: ${input.dataset.tooBig}`;
}

export function chooseFiles(part) {
  for (const input of part.querySelectorAll('input[type=file]')) {
    input.addEventListener('change', () => show(input));
    const zone = input.closest('.drop, .pick');
    if (!zone) continue;
    zone.addEventListener('dragover', (event) => event.preventDefault());
    zone.addEventListener('drop', (event) => {
      event.preventDefault();
      input.files = event.dataTransfer.files;
      show(input);
    });
  }
}
