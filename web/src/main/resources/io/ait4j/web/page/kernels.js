// Where the time goes, kernel by kernel, and how the whole stands beside libtorch.

import {h, show} from './dom.js';
import {micros, percent, plural} from './format.js';

const FIRST = 12;

const HOW = {torchscript: 'libtorch ran the TorchScript file itself', operators: 'libtorch ran the graph operator by operator'};

export function comparison(measured) {
  const {ait4j_ms: ours, libtorch_ms: theirs} = measured ?? {};
  const note = measured?.note && h('p', {class: 'muted'}, measured.note);
  const section = (...content) => h('section', {class: 'block', 'aria-labelledby': 'versus-title'}, h('h2', {id: 'versus-title'}, 'Beside libtorch'), h('div', {class: 'card'}, content));
  if (!(ours > 0 && theirs > 0)) return note ? section(note) : null;
  const bar = (name, ms, kind) => h('div', {class: 'versus'}, h('span', {}, name),
    h('span', {class: 'track', role: 'img', 'aria-label': `${name}: ${micros(1000 * ms)}`}, h('span', {class: `fill ${kind}`, style: {width: `${Math.max(1, (100 * ms) / Math.max(ours, theirs))}%`}})), h('span', {class: 'num'}, micros(1000 * ms)));
  const faster = theirs >= ours;
  const conditions = [measured.runs && `Median of ${plural(measured.runs, 'run')} each`, measured.inputs && `on ${measured.inputs === 'sample' ? 'the sample' : measured.inputs}`, threads(measured), HOW[measured.libtorch_how]];
  return section(h('p', {class: 'verdict'}, h('b', {class: faster ? 'faster' : 'slower'}, `${(faster ? theirs / ours : ours / theirs).toFixed(2)}×`), faster ? ' faster' : ' slower'),
    bar('ait4j', ours, 'ait'), bar('libtorch', theirs, 'torch'), h('p', {class: 'muted'}, `${conditions.filter(Boolean).join(', ')}.`), note);
}

function threads({threads: ours, libtorch_threads: theirs}) {
  if (!ours) return null;
  return !theirs || ours === theirs ? `with ${plural(ours, 'thread')}${theirs ? ' each' : ''}` : `ait4j with ${plural(ours, 'thread')}, libtorch with ${theirs}`;
}

/** @param go selects a part of the graph */
export function kernelTimes(measured, model, go) {
  const all = [...(measured?.kernels ?? [])].sort((a, b) => b.micros - a.micros);
  if (all.length === 0) return null;
  const total = all.reduce((sum, row) => sum + row.micros, 0);
  const ids = new Map();
  for (const item of model.items.values()) (item.rows ?? []).forEach((row) => ids.set(`${item.parent.label}/${row.name}`, item));
  const list = h('ol', {class: 'bars'});
  const draw = (rows) => show(list, rows.map(bar),
    rows.length < all.length && h('li', {}, h('button', {type: 'button', class: 'quiet small', onclick: () => draw(all)}, `Show all ${all.length}`)));

  function bar(row) {
    const item = ids.get(`${row.partition}/${row.name}`) ?? model.items.get(`p/${row.partition}`);
    return h('li', {}, h('button', {type: 'button', class: 'bar-row', disabled: !item, onclick: () => go(item.id), 'aria-label': `${title(item)}, ${micros(row.micros)}, ${percent(row.micros / total)}`},
      h('span', {class: 'clip'}, title(item), ' ', h('span', {class: 'muted'}, item?.kind === 'partition' ? `${row.partition}, libtorch` : row.name)),
      h('span', {class: 'track'}, h('span', {class: `fill ${item?.family ?? 'torch'}`, style: {width: `${Math.max(0.5, (100 * row.micros) / all[0].micros)}%`}})),
      h('span', {class: 'num'}, micros(row.micros)), h('span', {class: 'num muted'}, percent(row.micros / total))));
  }

  function title(item) {
    if (item?.kind !== 'partition') return item?.label ?? 'kernel';
    const ops = [...new Set(item.children.map((child) => child.label))];
    return ops.slice(0, 3).join(', ') + (ops.length > 3 ? ' …' : '');
  }

  draw(all.slice(0, FIRST));
  return h('section', {class: 'block', 'aria-labelledby': 'kernels-title'}, h('h2', {id: 'kernels-title'}, 'Where the time goes'),
    h('div', {class: 'card'}, h('p', {class: 'muted'}, `${plural(all.length, 'launch', 'launches')} in ${micros(total)}; the slowest first. A click shows one in the graph.`), list));
}
