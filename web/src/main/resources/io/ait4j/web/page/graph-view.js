// The graph on the page: drawn as far as it is opened, panned, zoomed, searched, and walked by keys.

import {h, svg, show} from './dom.js';
import {micros, plural} from './format.js';
import {layout} from './graph-layout.js';
import {minimap} from './graph-map.js';

const MOST = 4000;
const SCALE = {least: 0.04, most: 2.5, readable: 0.42};

/**
 * @param chosen hears which item is selected, or null
 * @returns {element, select(id)}
 */
export function graphView(model, chosen) {
  const open = new Set(atFirst(model));
  const scene = svg('g', {});
  const canvas = svg('svg', {class: 'canvas', 'aria-hidden': 'true'}, arrowHead(), scene);
  const spoken = h('p', {class: 'unseen', 'aria-live': 'polite'});
  const frame = h('div', {class: 'graph', tabindex: 0, role: 'application', 'aria-roledescription': 'graph',
    'aria-label': 'Graph of the model. Arrow keys follow its edges, Enter opens and closes what is selected, plus and minus zoom.'}, canvas, spoken);
  const map = minimap((x, y) => { centre(x, y); });
  frame.append(map.element);
  const search = h('input', {type: 'search', placeholder: 'Find a node or operator', 'aria-label': 'Find a node or operator', spellcheck: 'false', onkeydown: (e) => e.key === 'Enter' && (e.preventDefault(), find(search.value))});
  const tools = h('div', {class: 'tools', role: 'toolbar', 'aria-label': 'Graph'}, search,
    button('−', 'Zoom out', () => zoom(1 / 1.3)), button('+', 'Zoom in', () => zoom(1.3)), button('Fit', 'Show all of the graph', fit),
    button('Open all', 'Open every partition and kernel', openAll), button('Close all', 'Close every partition', closeAll));
  const element = h('div', {class: 'graphbox'}, tools, frame);
  let drawing = {boxes: [], edges: [], width: 1, height: 1};
  let shapes = new Map();
  let view = {x: 0, y: 0, k: 1};
  let selected = null;
  let hits = {text: '', at: -1};

  redraw();
  pointers();
  frame.addEventListener('keydown', keys);
  let width = 0;
  new ResizeObserver(() => {
    if (width === 0) begin();
    view.x += width > 0 ? (frame.clientWidth - width) / 2 : 0;
    width = frame.clientWidth;
    move();
  }).observe(frame);
  return {element, select: reveal};

  function button(text, label, onclick) {
    return h('button', {type: 'button', class: 'quiet small', 'aria-label': label, title: label, onclick}, text);
  }

  function redraw() {
    drawing = layout(model, open);
    shapes = new Map();
    const edges = drawing.edges.map((edge) => {
      edge.shape = svg('path', {class: 'edge', d: curve(edge.points), 'marker-end': edge.to && 'url(#tip)'});
      return edge.shape;
    });
    const slowest = Math.max(1e-9, ...drawing.boxes.filter((box) => !box.open).map((box) => box.item.time ?? 0));
    const boxes = drawing.boxes.map((box) => {
      const shape = draw(box, slowest);
      shapes.set(box.item.id, {box, shape});
      return shape;
    });
    const [opened, closed] = [true, false].map((is) => boxes.filter((_, i) => drawing.boxes[i].open === is));
    const titles = opened.map((shape) => svg('g', {class: 'title', transform: shape.getAttribute('transform')}, shape.querySelector('text')));
    show(scene, opened, edges, titles, closed);
    map.draw(drawing);
    mark();
    move();
  }

  function draw(box, slowest) {
    const {item, x, y, w, h: height} = box;
    const shape = svg('g', {class: `box ${item.kind} ${item.side ?? ''} ${item.family ?? ''} ${box.open ? 'open' : ''} ${item.folded ? 'folded' : ''}`, transform: `translate(${x} ${y})`, 'data-id': item.id},
      svg('rect', {width: w, height, rx: item.kind === 'node' ? 6 : item.kind === 'kernel' ? 8 : item.kind === 'partition' ? 12 : height / 2}));
    const room = Math.floor((w - (box.open ? 28 : 18)) / 7.2);
    const lines = caption(item, box.open);
    lines.forEach((line, i) => {
      const top = box.open ? 20 : height / 2 + 4.5 + (i - (lines.length - 1) / 2) * 15;
      shape.append(svg('text', {x: box.open ? 14 : w / 2, y: top, class: i === 0 ? 'first' : 'second', 'text-anchor': box.open ? 'start' : 'middle'}, line.length > room ? `${line.slice(0, room - 1)}…` : line));
    });
    if (!box.open && item.children.length > 0) shape.append(svg('text', {class: 'more', x: w - 11, y: 15, 'text-anchor': 'middle'}, '+'));
    if (!box.open && item.time > 0) shape.append(svg('rect', {class: 'heat', x: 4, y: height - 5, height: 3, rx: 1.5, width: Math.max(2, (w - 8) * item.time / slowest)}));
    return shape;
  }

  function mark() {
    const near = new Set();
    for (const edge of drawing.edges) {
      const on = selected && (edge.from?.id === selected || edge.to?.id === selected);
      edge.shape.classList.toggle('on', Boolean(on));
      if (on) [edge.from, edge.to].forEach((item) => item && near.add(item.id));
    }
    for (const [id, {shape}] of shapes) {
      shape.classList.toggle('selected', id === selected);
      shape.classList.toggle('near', id !== selected && near.has(id));
    }
  }

  function move() {
    scene.setAttribute('transform', `translate(${view.x} ${view.y}) scale(${view.k})`);
    canvas.classList.toggle('far', view.k < SCALE.readable);
    map.show(view, frame.clientWidth, frame.clientHeight);
  }

  function begin() {
    const k = Math.min(1, Math.max(SCALE.readable + 0.03, frame.clientWidth / (drawing.width + 48)));
    const first = drawing.boxes.find((box) => box.item.kind === 'input') ?? drawing.boxes[0];
    const middle = drawing.width * k <= frame.clientWidth || !first ? drawing.width / 2 : first.x + first.w / 2;
    view = {k, x: frame.clientWidth / 2 - middle * k, y: drawing.height * k < frame.clientHeight ? (frame.clientHeight - drawing.height * k) / 2 : 20};
    move();
  }

  function fit() {
    const k = Math.min(1.2, Math.max(SCALE.least, Math.min((frame.clientWidth - 24) / drawing.width, (frame.clientHeight - 24) / drawing.height)));
    view = {k, x: (frame.clientWidth - drawing.width * k) / 2, y: (frame.clientHeight - drawing.height * k) / 2};
    move();
  }

  function zoom(factor, x = frame.clientWidth / 2, y = frame.clientHeight / 2) {
    const k = Math.min(SCALE.most, Math.max(SCALE.least, view.k * factor));
    view = {k, x: x - ((x - view.x) * k) / view.k, y: y - ((y - view.y) * k) / view.k};
    move();
  }

  function centre(x, y) {
    view = {...view, x: frame.clientWidth / 2 - x * view.k, y: frame.clientHeight / 2 - y * view.k};
    move();
  }

  function select(id, follow) {
    selected = id;
    mark();
    const item = id ? model.items.get(id) : null;
    chosen(item);
    spoken.textContent = item ? `${caption(item, false).join(', ')}${item.children.length > 0 ? (open.has(id) ? ', open' : ', closed') : ''}` : '';
    const found = shapes.get(id);
    if (!found || !follow) return;
    const {box} = found;
    const x = view.x + (box.x + box.w / 2) * view.k;
    const y = view.y + (box.y + Math.min(box.h, 60) / 2) * view.k;
    if (x < 60 || y < 40 || x > frame.clientWidth - 60 || y > frame.clientHeight - 40) centre(box.x + box.w / 2, box.y + Math.min(box.h, 60) / 2);
  }

  /** Opens what an item is in, selects it and brings it into sight. */
  function reveal(id) {
    const item = model.items.get(id);
    if (!item) return;
    let changed = false;
    for (let up = item.parent; up; up = up.parent) {
      changed ||= !open.has(up.id);
      open.add(up.id);
    }
    if (changed) redraw();
    if (view.k < SCALE.readable) view.k = 0.8;
    const {box} = shapes.get(id);
    centre(box.x + box.w / 2, box.y + Math.min(box.h, 60) / 2);
    select(id, true);
  }

  function toggle(id) {
    const item = model.items.get(id);
    if (!item || item.children.length === 0) return;
    const before = shapes.get(id).box;
    if (open.has(id)) open.delete(id);
    else open.add(id);
    redraw();
    const after = shapes.get(id).box;
    // what was clicked stays where it was
    view.x += (before.x + before.w / 2 - after.x - after.w / 2) * view.k;
    view.y += (before.y - after.y) * view.k;
    move();
    select(id);
  }

  function openAll() {
    let count = model.items.size;
    for (const item of model.items.values()) {
      if (item.children.length > 0 && (item.kind === 'partition' || count <= MOST)) open.add(item.id);
    }
    count > MOST && (spoken.textContent = `Kernels stay closed: the graph has ${plural(count, 'part')}`);
    redraw();
    fit();
  }

  function closeAll() {
    open.clear();
    selected = null;
    redraw();
    fit();
    select(null);
  }

  function find(text) {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return;
    const all = [...model.items.values()].filter((item) => `${item.label} ${item.row?.name ?? ''} ${item.row?.op ?? ''} ${item.row?.source ?? ''}`.toLowerCase().includes(wanted) && item.kind !== 'kernel');
    hits = {text: wanted, at: hits.text === wanted ? (hits.at + 1) % Math.max(1, all.length) : 0};
    if (all.length === 0) spoken.textContent = `Nothing is called ${text}`;
    else reveal(all[hits.at].id);
    search.classList.toggle('none', all.length === 0);
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = {ArrowUp: () => walk('to', 'from'), ArrowDown: () => walk('from', 'to'), ArrowLeft: () => aside(-1), ArrowRight: () => aside(1),
      Enter: () => selected && toggle(selected), ' ': () => selected && toggle(selected), '+': () => zoom(1.3), '=': () => zoom(1.3), '-': () => zoom(1 / 1.3), 0: fit, Escape: () => select(null)}[event.key];
    if (!step) return;
    event.preventDefault();
    step();
  }

  /** Along an edge; into what is open, and out again at its end. */
  function walk(end, other) {
    const isDown = end === 'from';
    if (!selected) return drawing.boxes[0] && select(drawing.boxes[0].item.id, true);
    if (isDown && open.has(selected)) {
      const inside = drawing.boxes.filter((box) => box.item.parent?.id === selected).sort((a, b) => a.y - b.y);
      return select(inside[0].item.id, true);
    }
    for (let item = model.items.get(selected); item; item = item.parent) {
      const edge = drawing.edges.find((line) => line[end] === item && line[other]);
      if (edge) return select(edge[other].id, true);
      if (!isDown && item.parent) return select(item.parent.id, true);
    }
  }

  function aside(way) {
    const from = shapes.get(selected)?.box;
    if (!from) return walk('from', 'to');
    const off = (box) => (box.x + box.w / 2 - from.x - from.w / 2) * way;
    const next = drawing.boxes.filter((box) => box.item.parent === from.item.parent && off(box) > 1 && Math.abs(box.y - from.y) < 200).sort((a, b) => off(a) + 2 * Math.abs(a.y - from.y) - off(b) - 2 * Math.abs(b.y - from.y))[0];
    if (next) select(next.item.id, true);
  }

  function pointers() {
    const down = new Map();
    let moved = 0;
    let target = null;
    canvas.addEventListener('pointerdown', (e) => {
      down.set(e.pointerId, [e.offsetX, e.offsetY]);
      target = e.target.closest?.('.box')?.dataset.id ?? null;
      moved = 0;
      canvas.setPointerCapture(e.pointerId);
    });
    canvas.addEventListener('pointermove', (e) => {
      const before = down.get(e.pointerId);
      if (!before) return;
      const here = [e.clientX - frame.getBoundingClientRect().left, e.clientY - frame.getBoundingClientRect().top];
      const other = [...down].find(([id]) => id !== e.pointerId)?.[1];
      moved += Math.hypot(here[0] - before[0], here[1] - before[1]);
      if (other) zoom(Math.hypot(here[0] - other[0], here[1] - other[1]) / Math.max(1, Math.hypot(before[0] - other[0], before[1] - other[1])), other[0], other[1]);
      else if (moved > 3) {
        view.x += here[0] - before[0];
        view.y += here[1] - before[1];
        move();
      }
      down.set(e.pointerId, here);
    });
    const end = (e) => {
      if (!down.delete(e.pointerId)) return;
      if (moved > 3 || e.type === 'pointercancel') return;
      const isClosed = target && model.items.get(target).children.length > 0 && !open.has(target);
      if (target && (isClosed || target === selected)) toggle(target);
      else select(target);
    };
    canvas.addEventListener('pointerup', end);
    canvas.addEventListener('pointercancel', end);
    // a wheel that only passes over the graph scrolls the page
    frame.addEventListener('wheel', (e) => {
      if (!e.ctrlKey && !e.metaKey && document.activeElement !== frame) return;
      e.preventDefault();
      const bounds = frame.getBoundingClientRect();
      zoom(Math.exp(-e.deltaY * (e.deltaMode === 1 ? 0.05 : 0.0016)), e.clientX - bounds.left, e.clientY - bounds.top);
    }, {passive: false});
  }
}

/** Partitions are open from the start as long as that can be taken in. */
function atFirst(model) {
  const partitions = model.roots.filter((item) => item.kind === 'partition');
  const parts = partitions.reduce((sum, item) => sum + item.children.length, 0);
  return parts <= 400 ? partitions.map((item) => item.id) : [];
}

export function caption(item, isOpen) {
  switch (item.kind) {
    case 'partition': {
      const {row} = item;
      const who = item.side === 'ait' ? 'compiled' : 'libtorch';
      const nodes = item.side === 'ait' ? `${plural(row.nodes, 'node')} in ${plural(row.kernels.length, 'kernel')}` : plural(row.nodes, 'node');
      return isOpen ? [`${item.label} · ${nodes}`] : [`${item.label} · ${who}`, [nodes, item.time > 0 && micros(item.time)].filter(Boolean).join(' · ')];
    }
    case 'kernel': {
      const facts = [plural(item.children.length, 'node'), item.time > 0 && micros(item.time)].filter(Boolean).join(' · ');
      return isOpen ? [item.label] : [item.label, facts];
    }
    default:
      return [item.label];
  }
}

function curve(points) {
  let d = `M${points[0].map(round)}`;
  for (let i = 1; i < points.length; i++) {
    const [x0, y0] = points[i - 1];
    const [x1, y1] = points[i];
    const bend = (y1 - y0) / 2;
    d += Math.abs(x1 - x0) < 0.5 ? `L${[x1, y1].map(round)}` : `C${[x0, y0 + bend, x1, y1 - bend, x1, y1].map(round)}`;
  }
  return d;
}

const round = (x) => Math.round(x * 10) / 10;

const arrowHead = () => svg('defs', {}, svg('marker', {id: 'tip', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 6, markerHeight: 6, orient: 'auto'}, svg('path', {d: 'M0 1L7 4L0 7z', class: 'tip'})));
