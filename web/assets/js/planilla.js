// The grade grid while it is filled in: letters, totals, what is out of range, and a whole column pasted at once.
// The server works out the same when it is kept, reviewed or sent, and decides.
const form = document.querySelector('[data-sheet]');
const said = form.dataset.words.split(' ').map((word) => word.replaceAll('_', ' '));
const least = Number(form.dataset.least);
const most = Number(form.dataset.most);
const places = Number(form.dataset.decimals);
const absent = /^a(us(ente)?)?\.?$/i;

const lines = [...form.querySelectorAll('.grades tbody tr')].map((row) => ({
  row,
  grade: row.querySelector('.grade input'),
  away: row.querySelector('.absent input'),
  letters: row.querySelector('output'),
}));

function inLetters(text) {
  const found = /^(\d{1,3})(?:[.,](\d{1,4}))?$/.exec(text);
  if (!found) return null;
  const decimals = (found[2] ?? '').replace(/0+$/, '');
  const value = Number(`${found[1]}.${decimals || 0}`);
  if (decimals.length > places || value < least || value > most) return null;
  const cents = Number(decimals.padEnd(2, '0'));
  return said[Number(found[1])] + (cents ? ` con ${cents < 10 ? 'cero ' : ''}${said[cents]}` : '');
}

// As the server: full-width figures are figures, signs that nobody sees are none.
function plain(text) {
  const usual = text.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  return usual.replace(/\p{Cf}/gu, '').trim();
}

function read({ row, grade, away, letters }) {
  const text = plain(grade.value);
  const words = away.checked || text === '' ? '' : inLetters(text);
  const wrong = words === null;
  grade.disabled = away.checked;
  row.classList.toggle('wrong', wrong);
  if (wrong) grade.setAttribute('aria-invalid', 'true');
  else grade.removeAttribute('aria-invalid');
  letters.classList.toggle('err', wrong);
  letters.textContent = wrong ? form.dataset.outOfRange : away.checked ? 'ausente' : words;
}

function total(name, number) {
  form.querySelector(`[data-total=${name}]`).textContent = String(number);
}

function sums() {
  const away = lines.filter((line) => line.away.checked).length;
  total('ausentes', away);
  total('examinados', lines.length - away);
  total('faltan', lines.filter((line) => !line.away.checked && line.grade.value.trim() === '').length);
}

function fill(line, text) {
  line.away.checked = absent.test(text);
  line.grade.value = line.away.checked ? '' : text;
  read(line);
}

lines.forEach((line, start) => {
  const changed = () => {
    if (absent.test(plain(line.grade.value))) fill(line, 'a');
    else read(line);
    sums();
  };
  line.grade.addEventListener('input', changed);
  line.away.addEventListener('change', changed);
  line.grade.addEventListener('paste', (event) => {
    const values = event.clipboardData.getData('text').trimEnd().split(/\r?\n/);
    if (values.length < 2) return;
    event.preventDefault();
    values.slice(0, lines.length - start).forEach((value, i) => fill(lines[start + i], plain(value.split('\t')[0])));
    sums();
  });
  line.grade.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    let next = start + step;
    while (lines[next]?.grade.disabled) next += step;
    lines[next]?.grade.focus();
    lines[next]?.grade.select();
  });
  if (line.away.checked) read(line);
});
