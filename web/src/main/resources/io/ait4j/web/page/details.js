// What is known of the selected part of the graph.

import {h, show} from './dom.js';
import {advice} from './advice.js';
import {bytes, micros, opName, percent, plural} from './format.js';
import {split} from './graph-model.js';

/** @param go selects another item */
export function details(model, report, go) {
  const element = h('aside', {class: 'details', 'aria-label': 'Selection'});
  const pieces = {partition, kernel, node, input, output};

  const list = (title, lines) => lines.length > 0 && [h('h4', {}, title), h('ul', {class: 'plain'}, lines.map((line) => h('li', {}, line)))];
  const facts = (pairs) => h('dl', {class: 'facts'}, pairs.filter((pair) => pair && pair[1] !== '').map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
  const type = (text) => h('code', {class: 'type'}, text);
  const link = (id, text) => (model.items.has(id) ? h('button', {type: 'button', class: 'link', onclick: () => go(id)}, text) : h('span', {}, text));
  const value = (text) => {
    const [name, of] = split(text);
    return [h('code', {}, name), ' ', type(of)];
  };
  const nodeLink = (name) => {
    const item = model.items.get(`n/${name}`);
    return item ? [link(item.id, item.label), h('span', {class: 'muted'}, ` ${name}`)] : link(`in/${name}`, name);
  };

  function partition({row, side, time}) {
    return [h('span', {class: `side ${side}`}, side === 'ait' ? 'compiled partition' : 'partition on libtorch'), h('h3', {}, row.name),
      facts([['Nodes', row.nodes], ['Flops', percent(row.flops_share)],
        side === 'ait' && ['Kernels', `${row.kernels.length}, of ${row.kernels_before_fusion} before fusion`],
        side === 'ait' && row.arena_bytes > 0 && ['Intermediates', `${bytes(row.arena_bytes)}, of ${bytes(row.sum_bytes)} without sharing`],
        ['Copied at borders', row.border_copy_bytes > 0 ? bytes(row.border_copy_bytes) : 'nothing'], time > 0 && ['Takes', micros(time)]]),
      list('Reads', row.inputs.map(value)), list('Yields', row.outputs.map(value))];
  }

  function kernel({rows, children, label, time, parent}) {
    return [h('span', {class: 'side ait'}, rows.length > 1 ? `${rows.length} kernels` : 'kernel'), h('h3', {}, label),
      h('p', {}, children.length > 1 ? `${plural(children.length, 'node')} of the model run as ${rows.length > 1 ? plural(rows.length, 'launch', 'launches') : 'one launch'}; nothing between them touches memory.` : ''),
      facts([['In', link(parent.id, parent.label)], time > 0 && ['Takes', micros(time)], ...rows.flatMap((row) => [['Kernel', h('code', {}, row.name)], ['Kind', row.kind], row.tile && ['Tile', `${row.tile}, ${row.chosen_by}`],
        row.arithmetic?.length > 0 && ['Multiplies with', row.arithmetic.join(', ')]])]),
      list('Fuses', children.map((child) => nodeLink(child.row.name)))];
  }

  function node({row, side, folded, parent}) {
    const readers = model.edges.filter(([from]) => from.row === row).map(([, to]) => to);
    return [h('span', {class: `side ${side}`}, side === 'ait' ? 'compiled' : 'on libtorch'), h('h3', {}, opName(row.op)),
      row.reason && h('div', {class: 'why'}, h('p', {}, h('b', {}, 'Why: '), row.reason), h('p', {}, h('b', {}, 'What to do: '), advice(row.reason))),
      folded && h('p', {class: 'muted'}, 'No kernel computes it: it is a constant by now, or a view that its readers see through.'),
      facts([['Name', h('code', {}, row.name)], ['Operator', h('code', {}, row.op)], parent && ['In', link(parent.id, parent.label)], row.partitions.length > 1 && ['Repeated in', row.partitions.join(', ')], ['Written at', row.source ? h('code', {}, row.source) : '']]),
      list('Yields', (row.results ?? []).map(type)), list('Reads', (row.inputs ?? []).map(nodeLink)),
      list('Read by', readers.map((to) => (to.kind === 'output' ? to.label : nodeLink(to.row.name))))];
  }

  function input({label, type: of}) {
    return [h('span', {class: 'side'}, 'input'), h('h3', {}, label), h('p', {}, type(of))];
  }

  function output({label}) {
    return [h('span', {class: 'side'}, 'output'), h('h3', {}, label)];
  }

  function nothing() {
    const torch = report.partitions.some((row) => row.kind !== 'ait');
    return [h('h3', {}, 'The graph'),
      h('p', {class: 'muted'}, 'Click a box to open it or to see what it is. Partitions hold kernels; kernels hold the nodes that they fuse.'),
      h('ul', {class: 'plain legend'}, h('li', {}, h('span', {class: 'swatch ait'}), 'compiled'), torch && h('li', {}, h('span', {class: 'swatch fallback'}), 'on libtorch'),
        h('li', {}, h('span', {class: 'swatch matmul'}), 'products'), h('li', {}, h('span', {class: 'swatch conv'}), 'convolutions'), h('li', {}, h('span', {class: 'swatch reduce'}), 'reductions and norms'), h('li', {}, h('span', {class: 'swatch loop'}), 'loops'),
        model.timed && h('li', {}, h('span', {class: 'swatch heatline'}), 'time, to scale')),
      h('p', {class: 'muted keys'}, h('kbd', {}, '↑'), h('kbd', {}, '↓'), ' along edges ', h('kbd', {}, 'Enter'), ' open or close ', h('kbd', {}, '+'), h('kbd', {}, '−'), h('kbd', {}, '0'), ' zoom')];
  }

  const set = (item) => show(element, (item ? pieces[item.kind](item) : nothing()).flat(3));
  set(null);
  return {element, set};
}
