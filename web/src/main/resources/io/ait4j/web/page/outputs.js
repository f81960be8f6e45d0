// An output of an inference, summed up: its numbers' spread, its greatest, how far from a recorded one.

import {h, svg} from './dom.js';
import {short} from './format.js';
import {elements, numbers} from './tensors.js';

const BINS = 48;
const TOP = 5;

/** @param expected the recorded output, or null */
export function outputCard(output, expected) {
  const at = numbers(output);
  const count = elements(output.shape);
  const all = summary(at, count);
  const last = output.shape.at(-1) ?? 1;
  const rows = last > 0 ? count / last : 0;
  return h('article', {class: 'output'},
    h('h3', {}, h('code', {}, output.name), ' ', h('span', {class: 'type'}, `${output.datatype}[${output.shape.join(', ')}]`)),
    count === 0 ? h('p', {class: 'muted'}, 'No elements.') : [
      h('div', {class: 'output-parts'},
        h('figure', {}, histogram(at, count, all), h('figcaption', {class: 'muted'}, `${short(all.least)} to ${short(all.most)}, mean ${short(all.mean)}${all.odd > 0 ? `, ${all.odd} not finite` : ''}`)),
        last > 1 && h('div', {}, h('h4', {}, rows > 1 ? `Greatest of the first of ${rows} rows` : 'Greatest'), h('ol', {class: 'top'}, greatest(at, last).map(([i, x]) => h('li', {}, h('span', {class: 'muted'}, `[${i}]`), h('b', {}, short(x))))))),
      expected && distance(at, count, output, expected)]);
}

function summary(at, count) {
  let [least, most, sum, odd] = [Infinity, -Infinity, 0, 0];
  for (let i = 0; i < count; i++) {
    const x = at(i);
    if (!Number.isFinite(x)) odd++;
    else {
      least = Math.min(least, x);
      most = Math.max(most, x);
      sum += x;
    }
  }
  return {least, most, mean: sum / Math.max(1, count - odd), odd};
}

function histogram(at, count, {least, most}) {
  const bins = new Array(BINS).fill(0);
  const width = (most - least) / BINS || 1;
  for (let i = 0; i < count; i++) {
    const x = at(i);
    if (Number.isFinite(x)) bins[Math.min(BINS - 1, Math.floor((x - least) / width))]++;
  }
  const top = Math.max(...bins);
  return svg('svg', {class: 'histogram', viewBox: `0 0 ${BINS * 5} 48`, role: 'img', 'aria-label': 'How the values are spread', preserveAspectRatio: 'none'},
    bins.map((n, i) => n > 0 && svg('rect', {x: i * 5, width: 4, y: 48 - Math.max(1.5, (46 * n) / top), height: Math.max(1.5, (46 * n) / top)})));
}

const greatest = (at, length) => {
  let best = [];
  for (let i = 0; i < length; i++) {
    const x = at(i);
    if (best.length < TOP || x > best.at(-1)[1]) best = [...best, [i, x]].sort((a, b) => b[1] - a[1]).slice(0, TOP);
  }
  return best;
};

function distance(at, count, output, expected) {
  if (expected.shape.join() !== output.shape.join()) return h('p', {class: 'match bad'}, `The recorded output has shape [${expected.shape.join(', ')}].`);
  const other = numbers(expected);
  let [apart, size, worst] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const difference = Math.abs(at(i) - other(i)) || 0;
    worst = Math.max(worst, difference);
    apart += difference ** 2;
    size += other(i) ** 2;
  }
  const relative = Math.sqrt(apart / (size || 1));
  return h('p', {class: 'match'}, 'Beside the recorded output: relative error ', h('b', {}, short(relative)), ', at most ', h('b', {}, short(worst)), ' apart.');
}
