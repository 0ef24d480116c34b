// Draws every diagram of the page; the list beside it closes when the drawing is there.
import { drawDiagram } from './diagram/viewer.js';

async function draw(part) {
  for (const figure of part.querySelectorAll('[data-diagram]:not([data-replay]):not(.is-drawn)')) {
    try {
      await drawDiagram(figure);
      figure.querySelector('details.as-list')?.removeAttribute('open');
    } catch (error) {
      console.error(error); // the list stays open: nothing that the drawing says is lost
    }
  }
}

draw(document);
document.addEventListener('htmx:afterSettle', (event) => draw(event.target));
