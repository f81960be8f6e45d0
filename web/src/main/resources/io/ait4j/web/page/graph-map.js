// A small picture of the whole graph, with the part that is in sight.

import {h} from './dom.js';

const SIZE = 132;

/** @param go moves the sight to a place of the graph */
export function minimap(go) {
  const canvas = h('canvas', {class: 'map', 'aria-hidden': 'true'});
  let drawing = {width: 1, height: 1, boxes: []};
  let last = null;
  const scale = () => Math.min(SIZE / drawing.width, SIZE / drawing.height);

  function paint() {
    if (!last) return;
    const k = scale();
    const [w, height] = [Math.max(16, drawing.width * k), Math.max(16, drawing.height * k)];
    const ratio = devicePixelRatio || 1;
    canvas.width = w * ratio;
    canvas.height = height * ratio;
    canvas.style.width = `${w}px`;
    canvas.style.height = `${height}px`;
    const pen = canvas.getContext('2d');
    const colours = getComputedStyle(canvas);
    pen.scale(ratio, ratio);
    for (const {item, x, y, w: bw, h: bh, open} of drawing.boxes) {
      pen.fillStyle = colours.getPropertyValue(item.side === 'fallback' ? '--torch' : item.side === 'ait' ? '--ait' : '--muted');
      pen.globalAlpha = open ? 0.12 : 0.75;
      pen.fillRect(x * k, y * k, Math.max(1, bw * k), Math.max(1, bh * k));
    }
    const {view, width, height: seen} = last;
    pen.globalAlpha = 1;
    pen.strokeStyle = colours.getPropertyValue('--ink');
    const edge = (at, limit) => Math.min(limit - 1, Math.max(1, (at / view.k) * k));
    const [left, top] = [edge(-view.x, w), edge(-view.y, height)];
    pen.strokeRect(left, top, edge(width - view.x, w) - left, edge(seen - view.y, height) - top);
    canvas.hidden = drawing.width * view.k <= width && drawing.height * view.k <= seen;
  }

  const jump = (e) => go(e.offsetX / scale(), e.offsetY / scale());
  canvas.addEventListener('pointerdown', (e) => {
    canvas.setPointerCapture(e.pointerId);
    jump(e);
  });
  canvas.addEventListener('pointermove', (e) => e.buttons > 0 && jump(e));
  let waiting = 0;
  const soon = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(paint);
  };
  return {
    element: canvas,
    draw: (next) => { drawing = next; soon(); },
    show: (view, width, height) => { last = {view: {...view}, width, height}; soon(); },
  };
}
