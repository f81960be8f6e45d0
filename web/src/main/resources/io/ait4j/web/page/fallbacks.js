// What stayed on libtorch, why, and what to do about it.

import {h} from './dom.js';
import {advice} from './advice.js';
import {opName, percent, plural} from './format.js';

/** @param go selects a part of the graph */
export function fallbacks(report, go) {
  const ops = Object.entries(report.fallback_ops);
  if (ops.length === 0) {
    return h('section', {class: 'block'}, h('h2', {}, 'Fallbacks'), h('p', {class: 'card good'}, 'None: every operator is compiled, and the model runs without libtorch.'));
  }
  const left = report.nodes_total - report.nodes_ait;
  return h('section', {class: 'block', 'aria-labelledby': 'fallbacks-title'}, h('h2', {id: 'fallbacks-title'}, 'Fallbacks'),
    h('p', {class: 'muted'}, `${plural(left, 'node')} of ${report.nodes_total} with ${percent(1 - report.flops_ait_share)} of the flops run on libtorch. Results are right either way; this is about speed.`),
    h('div', {class: 'cards'}, ops.map(([op, fate]) => h('article', {class: 'card fall'},
      h('h3', {}, h('code', {}, opName(op)), h('span', {class: 'count'}, `×${fate.count}`)),
      fate.reasons.map((reason) => [h('p', {}, h('b', {}, 'Why: '), reason), h('p', {class: 'muted'}, h('b', {}, 'What to do: '), advice(reason))]),
      h('p', {class: 'where'}, report.nodes.filter((row) => row.op === op && row.reason).slice(0, 12).map((row) => h('button', {type: 'button', class: 'chip', onclick: () => go(`n/${row.name}`)}, row.name)))))),
    report.demotions.map((demotion) => h('p', {class: 'card problem'}, demotion)));
}
