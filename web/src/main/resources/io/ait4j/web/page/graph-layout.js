// Where boxes and edges of the visible part of a graph go: layers from top to bottom, boxes within boxes.
// Each container is laid out by itself, its content first, so that opening one moves only what is around it.

const GAP = {x: 22, y: 34, pad: 18, head: 30};
const SIZE = {node: [156, 34], kernel: [216, 44], partition: [232, 64], input: [120, 30], output: [120, 30]};
const SWEEPS = 6;
const LONGEST = 4000;

/** @returns {width, height, boxes, edges} with absolute places; edges are lists of points */
export function layout(model, open) {
  const isOpen = (item) => item.children.length > 0 && open.has(item.id);
  const paths = new Map();
  const path = (item) => {
    if (!paths.has(item)) {
      const up = item.parent ? path(item.parent) : [];
      const last = up.at(-1);
      paths.set(item, up.length > 0 && !isOpen(last) ? up : [...up, item]);
    }
    return paths.get(item);
  };
  // edges by the container in which their ends are two different children
  const inner = new Map();
  const at = (container) => {
    if (!inner.has(container)) inner.set(container, {pairs: new Map(), entries: new Set(), exits: new Set()});
    return inner.get(container);
  };
  for (const [from, to] of model.edges) {
    const a = path(from);
    const b = path(to);
    let i = 0;
    while (i < a.length && i < b.length && a[i] === b[i]) i++;
    if (i === a.length || i === b.length) continue;
    const level = at(i === 0 ? null : a[i - 1]).pairs;
    if (!level.has(a[i])) level.set(a[i], new Set());
    level.get(a[i]).add(b[i]);
    for (let j = i + 1; j < a.length; j++) at(a[j - 1]).exits.add(a[j]);
    for (let j = i + 1; j < b.length; j++) at(b[j - 1]).entries.add(b[j]);
  }
  const boxes = [];
  const edges = [];
  const root = arrange(null, model.roots);
  place(root, 0, 0);
  return {width: root.width, height: root.height, boxes, edges};

  function arrange(container, children) {
    const {pairs, entries, exits} = at(container);
    const cells = [...children].sort((a, b) => a.order - b.order).map((item) => {
      const content = isOpen(item) ? arrange(item, item.children) : null;
      const [w, h] = content ? [Math.max(content.width + 2 * GAP.pad, item.kind === 'partition' ? 250 : 220), content.height + GAP.head + GAP.pad] : SIZE[item.kind];
      const left = content ? (w - content.width) / 2 : 0;
      return {item, content, left, w, h, in: content ? left + content.entry : w / 2, out: content ? left + content.exit : w / 2};
    });
    const cellOf = new Map(cells.map((cell) => [cell.item, cell]));
    const links = [];
    for (const [from, targets] of pairs) for (const to of targets) links.push([cellOf.get(from), cellOf.get(to)]);
    const port = () => ({port: true, w: 8, h: 0, in: 4, out: 4});
    const entry = entries.size > 0 ? port() : null;
    const exit = exits.size > 0 ? port() : null;
    entries.forEach((item) => links.push([entry, cellOf.get(item)]));
    exits.forEach((item) => links.push([cellOf.get(item), exit]));
    const drawn = layered([entry, ...cells, exit].filter(Boolean), links, exit);
    return {...drawn, cells, entry: entry ? entry.x + 4 : drawn.width / 2, exit: exit ? exit.x + 4 : drawn.width / 2};
  }

  function place(level, x, y) {
    for (const line of level.lines) edges.push({...line, points: line.points.map(([px, py]) => [px + x, py + y])});
    for (const cell of level.cells) {
      const box = {item: cell.item, x: x + cell.x, y: y + cell.y, w: cell.w, h: cell.h, open: cell.content !== null};
      boxes.push(box);
      if (cell.content) place(cell.content, box.x + cell.left, box.y + GAP.head);
    }
  }
}

/** Layers cells so that links point down, orders each layer by its neighbours, and straightens. */
function layered(cells, links, last) {
  const rank = inOrder(cells, links);
  cells.sort((a, b) => rank.get(a) - rank.get(b));
  const forward = links.filter(([a, b]) => rank.get(a) < rank.get(b));
  const ins = group(forward, 1, 0);
  const outs = group(forward, 0, 1);
  for (const cell of cells) cell.layer = Math.max(0, ...(ins.get(cell) ?? []).map((from) => from.layer + 1));
  for (const cell of [...cells].reverse()) {
    // what nothing feeds stands just above its first reader
    if (!ins.has(cell) && outs.has(cell) && !cell.port) cell.layer = Math.min(...outs.get(cell).map((to) => to.layer)) - 1;
  }
  if (last) last.layer = Math.max(last.layer, ...cells.map((cell) => cell.layer + (cell === last ? 0 : 1)));
  const layers = [];
  cells.forEach((cell) => (layers[cell.layer] ??= []).push(cell));
  for (let i = 0; i < layers.length; i++) layers[i] ??= [];
  // one chain of bends for each source, however many read it
  const up = new Map();
  const down = new Map();
  const join = (a, b) => {
    (down.get(a) ?? down.set(a, []).get(a)).push(b);
    (up.get(b) ?? up.set(b, []).get(b)).push(a);
  };
  const routes = [];
  let bends = 0;
  for (const [from, targets] of outs) {
    const chain = [from];
    for (const to of [...targets].sort((a, b) => a.layer - b.layer)) {
      while (chain.length < to.layer - from.layer && bends < LONGEST) {
        const bend = {bend: true, w: 10, h: 0, in: 5, out: 5, layer: from.layer + chain.length};
        layers[bend.layer].push(bend);
        join(chain.at(-1), bend);
        chain.push(bend);
        bends++;
      }
      const via = chain.slice(0, Math.max(1, to.layer - from.layer));
      join(via.at(-1), to);
      routes.push([from, to, via]);
    }
  }
  order(layers, up, down);
  const width = straighten(layers, up, down);
  let y = 0;
  for (const layer of layers) {
    const height = Math.max(0, ...layer.map((cell) => cell.h));
    for (const cell of layer) {
      cell.y = y + (height - cell.h) / 2;
      cell.top = y;
      cell.bottom = y + height;
    }
    y += height + GAP.y;
  }
  const height = Math.max(0, y - GAP.y);
  const lines = routes.map(([from, to, via]) => ({
    from: from.item, to: to.item,
    // edges of a container's content begin and end at its border
    points: [[from.x + from.out, from.port ? -GAP.head : from.y + from.h], ...via.slice(1).flatMap((bend) => [[bend.x + 5, bend.top], [bend.x + 5, bend.bottom]]), [to.x + to.in, to.port ? height + GAP.pad : to.y]],
  }));
  return {width, height, lines};
}

/** Places such that links point from lower to higher ones; those that close a cycle do not. */
function inOrder(cells, links) {
  const ins = group(links, 1, 0);
  const rank = new Map();
  const seen = new Set();
  const visit = (cell) => {
    if (seen.has(cell)) return;
    seen.add(cell);
    ins.get(cell)?.forEach(visit);
    rank.set(cell, rank.size);
  };
  cells.forEach(visit);
  return rank;
}

function group(links, by, what) {
  const map = new Map();
  for (const link of links) (map.get(link[by]) ?? map.set(link[by], []).get(link[by])).push(link[what]);
  return map;
}

function order(layers, up, down) {
  const number = (layer) => layer.forEach((cell, i) => { cell.at = i; });
  layers.forEach(number);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    const near = isDown ? up : down;
    for (const layer of isDown ? layers : [...layers].reverse()) {
      for (const cell of layer) {
        const around = near.get(cell);
        cell.want = around ? around.reduce((sum, other) => sum + other.at, 0) / around.length : cell.at;
      }
      layer.sort((a, b) => a.want - b.want);
      number(layer);
    }
  }
}

/** Moves each cell to the middle of its neighbours as far as its own layer's neighbours let it. */
function straighten(layers, up, down) {
  for (const layer of layers) {
    let x = 0;
    for (const cell of layer) {
      cell.x = x;
      x += cell.w + GAP.x;
    }
  }
  for (let sweep = 0; sweep < 2 * SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : [...layers].reverse()) {
      for (const cell of layer) {
        const above = middle(up.get(cell), (other) => other.x + other.out - cell.in);
        const below = middle(down.get(cell), (other) => other.x + other.in - cell.out);
        cell.want = (isDown ? above ?? below : below ?? above) ?? cell.x;
      }
      spread(layer);
    }
  }
  const all = layers.flat();
  const least = all.reduce((x, cell) => Math.min(x, cell.x), Infinity);
  all.forEach((cell) => { cell.x -= least; });
  return all.reduce((x, cell) => Math.max(x, cell.x + cell.w), 0);
}

/** Boxes pull more than bends do: the main road is straight, and what skips goes around. */
const pull = (cell) => (cell.bend || cell.port ? 0.2 : 1);

function middle(around, want) {
  if (!around) return null;
  let [sum, weight] = [0, 0];
  for (const other of around) {
    sum += want(other) * pull(other);
    weight += pull(other);
  }
  return sum / weight;
}

/** The least-squares places under the order and the gaps: isotonic regression by pooling adjacent violators. */
function spread(layer) {
  const blocks = [];
  let offset = 0;
  for (const cell of layer) {
    cell.offset = offset;
    offset += cell.w + GAP.x;
    const weight = pull(cell);
    let block = {sum: (cell.want - cell.offset) * weight, weight, cells: [cell]};
    while (blocks.length > 0 && blocks.at(-1).sum / blocks.at(-1).weight > block.sum / block.weight) {
      const before = blocks.pop();
      block = {sum: before.sum + block.sum, weight: before.weight + block.weight, cells: before.cells.concat(block.cells)};
    }
    blocks.push(block);
  }
  for (const block of blocks) for (const cell of block.cells) cell.x = block.sum / block.weight + cell.offset;
}
