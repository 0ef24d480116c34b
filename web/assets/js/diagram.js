// Draws every diagram of the page, now and after a part of it was replaced; the list beside it closes when the drawing is
// there. What draws is only loaded when there is something to draw.
async function draw(part) {
  const figures = [...part.querySelectorAll('[data-diagram]:not([data-replay], .is-drawn, .is-drawing)')];
  if (!figures.length) return;
  const { drawDiagram } = await import('./diagram/viewer.js');
  for (const figure of figures) {
    figure.classList.add('is-drawing');
    try {
      await drawDiagram(figure);
      figure.querySelector('details.as-list')?.removeAttribute('open');
    } catch (error) {
      figure.classList.remove('is-drawing', 'is-drawn');
      console.error(error); // the list stays open: nothing that the drawing says is lost
    }
  }
}

draw(document);
document.addEventListener('htmx:afterSettle', () => draw(document));
