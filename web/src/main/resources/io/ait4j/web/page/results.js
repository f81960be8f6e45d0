// What came of a conversion that succeeded.

import {h, show} from './dom.js';
import {json} from './api.js';
import {bytes, percent, plural} from './format.js';
import {details} from './details.js';
import {fallbacks} from './fallbacks.js';
import {graphModel} from './graph-model.js';
import {graphView} from './graph-view.js';
import {comparison, kernelTimes} from './kernels.js';
import {problemCard} from './problem.js';
import {snippets} from './snippets.js';
import {tryIt} from './try.js';

const MOST = 20000;

export async function results(body, job, path, signal) {
  show(body, h('p', {class: 'muted'}, 'Reading the report'));
  let reports;
  let measured;
  try {
    [reports, measured] = await Promise.all([
      json(`${path}/report?format=json`, {signal}),
      json(`${path}/measurements`, {signal}).catch((error) => { if (error.status === 404) return null; throw error; }),
    ]);
  } catch (error) {
    if (!signal.aborted) show(body, problemCard(error, () => results(body, job, path, signal)));
    return;
  }
  show(body, drawn(reports, measured), tryIt(job, signal), snippets(job));
}

// reports come from worker processes that held somebody's model: one that is odd must not stop the rest
function drawn(reports, measured) {
  try {
    const shown = h('div', {});
    const draw = (index) => show(shown, one(reports[index], measured));
    const choice = reports.length > 1 && targets(reports, draw);
    draw(0);
    return [choice, shown];
  } catch (error) {
    return odd(error);
  }
}

function odd(error) {
  return problemCard({title: 'The report cannot be drawn', message: `${error.message}. It can be downloaded above all the same.`});
}

function targets(reports, draw) {
  const choice = h('select', {id: 'target', onchange: () => draw(choice.value)}, reports.map((report, index) => h('option', {value: index}, report.target)));
  return h('p', {class: 'row'}, h('label', {for: 'target'}, `Compiled for ${reports.length} targets; below is how it was split for`), choice);
}

// what was measured is of one target
function one(report, measured) {
  try {
    if (report.nodes.length > MOST) throw new Error(`it has ${report.nodes.length} nodes, and this page draws at most ${MOST}`);
    return split(report, measured?.target && measured.target !== report.target ? null : measured);
  } catch (error) {
    return odd(error);
  }
}

function split(report, measured) {
  const model = graphModel(report, measured);
  const panel = details(model, report, (id) => view.select(id));
  const view = graphView(model, (item) => panel.set(item));
  const graph = h('section', {class: 'block', 'aria-labelledby': 'graph-title'}, h('h2', {id: 'graph-title'}, 'The graph'), h('div', {class: 'card flush graph-and-details'}, view.element, panel.element));
  const go = (id) => {
    graph.scrollIntoView({block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'});
    view.select(id);
  };
  return [tiles(report, measured), graph, fallbacks(report, go), h('div', {class: 'two'}, kernelTimes(measured, model, go), comparison(measured))];
}

function tiles(report, measured) {
  const ait = report.partitions.filter((row) => row.kind === 'ait');
  const sum = (what) => ait.reduce((total, row) => total + what(row), 0);
  const kernels = sum((row) => row.kernels.length);
  const before = sum((row) => row.kernels_before_fusion);
  const arena = sum((row) => row.arena_bytes);
  const copies = sum((row) => row.border_copy_bytes);
  const ratio = measured?.libtorch_ms / measured?.ait4j_ms;
  const tile = (value, name, more, kind = '') => h('div', {class: `tile ${kind}`}, h('span', {class: 'value'}, value), h('span', {class: 'name'}, name), h('span', {class: 'muted'}, more));
  return h('div', {class: 'tiles'},
    ratio > 0 && tile(`${(ratio >= 1 ? ratio : 1 / ratio).toFixed(2)}×`, ratio >= 1 ? 'faster than libtorch' : 'slower than libtorch', `${measured.ait4j_ms.toFixed(2)} ms beside ${measured.libtorch_ms.toFixed(2)} ms`, ratio >= 1 ? 'good' : ''),
    tile(percent(report.flops_ait_share), 'of the flops compiled', `${report.nodes_ait} of ${plural(report.nodes_total, 'node')}`),
    tile(kernels, kernels === 1 ? 'kernel' : 'kernels', `from ${before} before fusion`),
    tile(plural(ait.length, 'library', 'libraries'), report.partitions.length === ait.length ? 'no libtorch' : `and ${plural(report.partitions.length - ait.length, 'part')} on libtorch`, copies > 0 ? `${bytes(copies)} copied at borders` : 'nothing copied at borders'),
    arena > 0 && tile(bytes(arena), 'of intermediates', `${bytes(sum((row) => row.sum_bytes))} if none shared memory`),
    tile(report.precision, 'precision', report.target));
}
