// The slider of a case's events: moves the tokens on the drawing at once, and brings the rest of the page (the table's mark,
// the card of the event) from the server when it rests. Without script the slider is a form and the arrows are links.
import { drawDiagram } from './diagram/viewer.js';

const STEP_MS = 900;
const figure = document.querySelector('[data-replay]');
const form = document.querySelector('form.slider');
const slider = form?.querySelector('input[type=range]');

if (figure && slider) start().catch((error) => console.error(error));

async function start() {
  const drawing = await drawDiagram(figure);
  figure.querySelector('details.as-list').open = false;
  const frames = JSON.parse(figure.dataset.frames);
  const play = form.querySelector('[data-play]');
  let timer;
  let resting;

  const show = (n) => {
    slider.value = n;
    drawing.show(frames[slider.value - 1]);
    drawing.centre();
    clearTimeout(resting);
    resting = setTimeout(bring, 250);
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    play.setAttribute('aria-pressed', 'false');
  };

  slider.addEventListener('input', () => { stop(); show(slider.value); });
  form.addEventListener('submit', (event) => event.preventDefault());
  for (const link of form.querySelectorAll('[data-by], [data-to]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      stop();
      show(link.dataset.to ?? Number(slider.value) + Number(link.dataset.by));
    });
  }
  play.hidden = false;
  play.addEventListener('click', () => {
    if (timer) return stop();
    play.setAttribute('aria-pressed', 'true');
    if (slider.value === slider.max) show(1);
    timer = setInterval(() => (slider.value === slider.max ? stop() : show(Number(slider.value) + 1)), STEP_MS);
  });
}

// what the page says of the chosen event, from the page of that event
async function bring() {
  const address = new URL(form.action);
  address.hash = '';
  address.searchParams.set('evento', slider.value);
  if (location.search.includes('ver=cambios')) address.searchParams.set('ver', 'cambios');
  const answer = await fetch(address);
  if (!answer.ok || Number(address.searchParams.get('evento')) !== Number(slider.value)) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of ['.events', '#en-el-evento', '.slider .at', '[data-replay] .steps-list']) {
    const here = document.querySelector(part);
    const there = page.querySelector(part);
    if (here && there) here.replaceWith(document.adoptNode(there));
  }
  slider.setAttribute('aria-valuetext', page.querySelector('form.slider input[type=range]').getAttribute('aria-valuetext'));
  history.replaceState(null, '', address);
}
