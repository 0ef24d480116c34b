// One drawing: the process's diagram on light paper with the way of a case on it. The page holds the same as a list, which
// stays open when anything here fails. The drawing keeps its natural size inside a box that scrolls, so that a finger, a
// wheel and the arrow keys move it as they move any page; bpmn.io's mark stays in the lower right corner, uncovered.
import Viewer from 'bpmn-js/lib/Viewer';
import { getDi } from 'bpmn-js/lib/util/ModelUtil';

const MARGIN = 12;
const SMALLEST = 0.85; // below this the words cannot be read: the box scrolls instead

export async function drawDiagram(figure) {
  figure.classList.add('is-drawing');
  const box = figure.querySelector('.diagram');
  const sheet = document.createElement('div');
  sheet.className = 'sheet-of-drawing';
  box.replaceChildren(sheet);
  const colours = readColours(figure);
  const viewer = new Viewer({
    container: sheet,
    bpmnRenderer: { defaultFillColor: colours.paper, defaultStrokeColor: colours.line, defaultLabelColor: colours.text },
    textRenderer: {
      defaultStyle: { fontFamily: colours.font, fontSize: '13px', lineHeight: 1.2 },
      externalStyle: { fontFamily: colours.font, fontSize: '12px', lineHeight: 1.2 },
    },
  });
  const [xml] = await Promise.all([load(figure.dataset.diagram), document.fonts.ready]);
  await viewer.importXML(xml);
  figure.querySelector('.drawing-stage').append(sheet.querySelector('.bjs-powered-by'));
  const drawing = new Drawing(figure, box, sheet, viewer, colours);
  drawing.show(JSON.parse(figure.dataset.path));
  drawing.fit();
  drawing.centre();
  figure.classList.add('is-drawn');
  return drawing;
}

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.text();
}

function readColours(figure) {
  const style = getComputedStyle(figure);
  const token = (name) => style.getPropertyValue(name).trim();
  return {
    paper: token('--dg-fill'), line: token('--dg-line'), text: token('--sheet-text'), font: token('--font-ui'),
    ink: token('--dg-ink'), seen: token('--dg-seen'), now: token('--dg-now'), nowFill: token('--dg-now-fill'),
    bad: token('--dg-bad'), badFill: token('--dg-bad-fill'), lane: token('--sheet'), laneLine: token('--sheet-line'),
  };
}

class Drawing {
  constructor(figure, box, sheet, viewer, colours) {
    Object.assign(this, { figure, box, sheet, colours });
    this.canvas = viewer.get('canvas');
    this.registry = viewer.get('elementRegistry');
    this.overlays = viewer.get('overlays');
    this.factory = viewer.get('graphicsFactory');
    this.painted = new Map();
    const { x, y, width, height } = this.canvas.viewbox().inner;
    this.inner = { x: x - MARGIN, y: y - MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
    this.paintLanes();
    this.canvas._svg.setAttribute('role', 'img');
    this.canvas._svg.setAttribute('aria-label', box.getAttribute('aria-label'));
    this.canvas._svg.removeAttribute('tabindex');
    for (const button of figure.querySelectorAll('[data-zoom]')) {
      button.addEventListener('click', () => this.zoom(button.dataset.zoom));
    }
    dragToScroll(box);
  }

  // path: {passed: {element: [steps]}, flows: [ids], now: {element: tokens}, failed: [elements]}
  show(path) {
    this.path = path;
    const states = new Map();
    for (const id of path.flows) states.set(id, 'flow');
    for (const id of Object.keys(path.passed)) states.set(id, 'passed');
    for (const id of Object.keys(path.now)) states.set(id, 'now');
    for (const id of path.failed ?? []) states.set(id, 'failed');
    for (const id of new Set([...this.painted.keys(), ...states.keys()])) this.paint(id, states.get(id));
    this.overlays.remove({ type: 'way' });
    for (const [id, steps] of Object.entries(path.passed)) this.badge(id, steps);
    for (const [id, count] of Object.entries(path.now)) this.token(id, count);
  }

  paint(id, state) {
    if (this.painted.get(id) === state) return;
    const element = this.registry.get(id);
    if (!element) return;
    const { ink, seen, now, nowFill, bad, badFill } = this.colours;
    const [stroke, fill] = { flow: [ink, ink], passed: [ink, seen], now: [now, nowFill], failed: [bad, badFill] }[state] ?? [];
    const di = getDi(element);
    di.set('color:border-color', stroke);
    di.set('color:background-color', fill);
    for (const name of ['flow', 'passed', 'now', 'failed']) this.canvas.removeMarker(id, `way-${name}`);
    if (state) this.canvas.addMarker(id, `way-${state}`);
    this.factory.update(element.waypoints ? 'connection' : 'shape', element, this.registry.getGraphics(element));
    if (state) this.painted.set(id, state); else this.painted.delete(id);
  }

  paintLanes() {
    for (const element of this.registry.filter((e) => ['bpmn:Lane', 'bpmn:Participant'].includes(e.type))) {
      const di = getDi(element);
      di.set('color:border-color', this.colours.laneLine);
      di.set('color:background-color', this.colours.lane);
      this.factory.update('shape', element, this.registry.getGraphics(element));
    }
  }

  badge(id, steps) {
    const text = steps.length > 3 ? `${steps[0]} … ${steps.at(-1)}` : steps.join(' · ');
    this.put(id, 'way-badge', text, { top: -10, right: Math.min(20, 8 + 6 * text.length) });
  }

  token(id, count) {
    const small = (this.registry.get(id)?.width ?? 100) < 60; // an event has its name below
    this.put(id, 'way-token', String(count), small ? { top: -13, left: -13 } : { bottom: 11, left: -11 });
  }

  put(id, className, text, position) {
    const element = this.registry.get(id);
    if (!element || element.waypoints) return;
    const html = document.createElement('div');
    html.className = className;
    html.textContent = text;
    this.overlays.add(id, 'way', { position, html, scale: { min: 1, max: 1.25 } });
  }

  resize(scale) {
    this.scale = scale;
    this.sheet.style.width = `${Math.round(this.inner.width * scale)}px`;
    this.sheet.style.height = `${Math.round(this.inner.height * scale)}px`;
    this.canvas.resized();
    this.canvas.viewbox(this.inner);
  }

  fit() {
    const wide = (this.box.clientWidth - 2) / this.inner.width;
    this.resize(Math.min(1.1, Math.max(SMALLEST, wide)));
  }

  zoom(how) {
    if (how === 'fit') this.resize((this.box.clientWidth - 2) / this.inner.width);
    else this.resize(Math.min(2, Math.max(0.25, this.scale * (how === 'in' ? 1.25 : 0.8))));
    this.centre();
  }

  // bring what is being done now into view
  centre() {
    const now = Object.keys(this.path.now).map((id) => this.registry.get(id)).find((element) => element && !element.waypoints);
    if (!now) return;
    const x = (now.x + now.width / 2 - this.inner.x) * this.scale;
    const y = (now.y + now.height / 2 - this.inner.y) * this.scale;
    this.box.scrollTo({ left: x - this.box.clientWidth / 2, top: y - this.box.clientHeight / 2 });
  }
}

function dragToScroll(box) {
  box.addEventListener('pointerdown', (start) => {
    if (start.pointerType !== 'mouse' || start.button !== 0) return;
    const from = { left: box.scrollLeft, top: box.scrollTop };
    const move = (event) => box.scrollTo(from.left - event.clientX + start.clientX, from.top - event.clientY + start.clientY);
    const stop = () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', stop);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', stop);
  });
}
