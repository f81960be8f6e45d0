// A report as a tree: partitions hold kernels, kernels hold the nodes that they fuse; and the edges between nodes.

import {opName} from './format.js';

const FAMILIES = [
  ['matmul', /gemm|matmul|linear|addmm|bmm|(^|\W)mm(\W|$)|attention|lstm|gru/i],
  ['conv', /conv/i],
  ['reduce', /reduc|softmax|norm|mean|sum|pool|argm|scan|sort|top/i],
];

const BRIEFLY = {convolution: 'conv', scaled_dot_product_attention: 'attention'};

const family = (text) => FAMILIES.find(([, pattern]) => pattern.test(text))?.[0] ?? 'loop';

/**
 * Items have {id, kind, label, parent, children}; kind is one of partition, kernel, node, input, output.
 *
 * @param measured what was timed; may be null
 */
export function graphModel(report, measured) {
  const items = new Map();
  const roots = [];
  const add = (item) => {
    items.set(item.id, item);
    (item.parent ? item.parent.children : roots).push(item);
    return item;
  };
  const nodes = new Map(report.nodes.map((row, order) => [row.name, {row, order}]));
  const held = new Map();
  for (const [name, {row}] of nodes) row.partitions.forEach((partition) => (held.get(partition) ?? held.set(partition, []).get(partition)).push(name));
  const times = new Map((measured?.kernels ?? []).map((time) => [`${time.partition}/${time.name}`, time]));

  const spent = new Map();
  for (const time of times.values()) spent.set(time.partition, (spent.get(time.partition) ?? 0) + time.micros);

  const inputs = new Map();
  for (const text of report.inputs ?? []) {
    const [name, type] = split(text);
    inputs.set(name, add({id: `in/${name}`, kind: 'input', label: name, type, order: -1, children: []}));
  }
  for (const row of report.partitions) addPartition(row);
  for (const [name, {row, order}] of nodes) {
    if (!items.has(`n/${name}`)) addNode(row, order, null, row.reason ? 'fallback' : 'ait');
  }
  const outputs = (report.outputs ?? []).map((from, i, all) => ({
    from,
    item: add({id: `out/${i}`, kind: 'output', label: all.length > 1 ? `output ${i}` : 'output', order: nodes.size, children: []}),
  }));

  const edges = [];
  const find = (name) => items.get(`n/${name}`) ?? inputs.get(name);
  const connect = (from, to) => from && to && from !== to && edges.push([from, to]);
  for (const [name, {row}] of nodes) (row.inputs ?? []).forEach((from) => connect(find(from), items.get(`n/${name}`)));
  outputs.forEach(({from, item}) => connect(find(from), item));
  return {items, roots, edges, timed: times.size > 0};

  function addPartition(row) {
    const partition = add({id: `p/${row.name}`, kind: 'partition', label: row.name, side: row.kind, row, order: Infinity, children: [], time: 0});
    const owner = new Map();
    for (const kernel of row.kernels) {
      const own = kernel.nodes.filter((name) => nodes.has(name) && !owner.has(name) && !items.has(`n/${name}`));
      const shared = own.length === 0 && kernel.nodes.map((name) => owner.get(name)).find(Boolean);
      const time = times.get(`${row.name}/${kernel.name}`);
      if (shared) {
        // one node that takes several launches: they are one box
        shared.rows.push(kernel);
        shared.time += time?.micros ?? 0;
        continue;
      }
      const item = add({id: `k/${row.name}/${kernel.name}`, kind: 'kernel', label: name(kernel), side: row.kind, rows: [kernel], parent: partition, order: Infinity, children: [],
        time: time?.micros ?? 0, family: family(`${kernel.kind} ${kernel.nodes.map((n) => nodes.get(n)?.row.op ?? '').join(' ')}`)});
      for (const node of own) {
        owner.set(node, item);
        addNode(nodes.get(node).row, nodes.get(node).order, item, row.kind);
      }
      if (own.length === 0) item.order = row.kernels.indexOf(kernel);
    }
    for (const node of held.get(row.name) ?? []) {
      if (!items.has(`n/${node}`)) addNode(nodes.get(node).row, nodes.get(node).order, partition, row.kind);
    }
    partition.time = spent.get(row.name) ?? 0;
  }

  function addNode(row, order, parent, side) {
    const folded = side === 'ait' && parent?.kind === 'partition';
    add({id: `n/${row.name}`, kind: 'node', label: opName(row.op), side, folded, row, parent, order, children: [], family: family(row.op)});
    for (let p = parent; p; p = p.parent) p.order = Math.min(p.order, order);
  }

  function name(kernel) {
    const ops = kernel.nodes.map((n) => nodes.get(n)).filter(Boolean).map(({row}) => opName(row.op).split('.')[0]).map((op) => BRIEFLY[op] ?? op);
    const distinct = [...new Set(ops)];
    const telling = distinct.filter((op) => !/^(view|reshape|permute|transpose|expand|slice|unsqueeze|squeeze|_to_copy|t|clone)$/.test(op));
    const words = telling.length > 0 ? telling : distinct;
    return words.length === 0 ? kernel.kind : words.slice(0, 3).join(' + ') + (words.length > 3 ? ' …' : '');
  }
}

/** {@code name: type} as two. */
export function split(text) {
  const colon = text.indexOf(': ');
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 2)];
}
