// The stages of a conversion as they pass, and its log.

import {h, show} from './dom.js';
import {seconds} from './format.js';
import {STAGES, STATES} from './states.js';

const KEPT = 500;

export function stages(job) {
  const list = h('ol', {class: 'steps'});
  const bar = h('progress', {max: 100, value: 0, 'aria-label': 'Progress of the conversion'});
  const message = h('p', {class: 'doing-now', role: 'status'});
  const log = h('pre', {class: 'log', tabindex: 0, 'aria-label': 'Log'});
  const details = h('details', {class: 'logbox'}, h('summary', {}, 'Log'), log);
  const element = h('section', {class: 'card progress', 'aria-label': 'Stages'}, list, bar, message, details);
  const lines = [];

  function update(now) {
    const state = STATES[now.state];
    const at = STAGES.findIndex(([name]) => name === now.stage);
    show(list, STAGES.map(([name, word, what], i) => {
      const took = now.seconds?.[name];
      const look = now.state === 'succeeded' ? (took === undefined ? 'skipped' : 'done')
        : i < at ? 'done' : i > at ? 'ahead' : now.state === 'running' ? 'now' : now.state === 'queued' ? 'ahead' : 'stopped';
      return h('li', {class: look, title: what, 'aria-current': look === 'now' ? 'step' : null},
        h('span', {class: 'mark', 'aria-hidden': 'true'}), h('span', {class: 'word'}, word),
        h('span', {class: 'muted took'}, took !== undefined ? seconds(took) : look === 'skipped' ? 'not asked for' : look === 'now' ? 'now' : ''));
    }));
    bar.hidden = state.final;
    bar.value = now.percent ?? 0;
    message.hidden = state.final;
    message.textContent = now.state === 'queued' ? 'Waiting for a free worker' : `${now.message || 'working'} (${now.percent} %)`;
    element.dataset.state = now.state;
    if (now.state === 'failed') details.open = true;
  }

  function write() {
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
    log.textContent = lines.join('\n');
    details.hidden = lines.length === 0;
    if (atEnd) log.scrollTop = log.scrollHeight;
  }

  function add(line) {
    lines.push(line);
    if (lines.length > KEPT) lines.shift();
    write();
  }

  update(job);
  write();
  return {element, update, log: add, setLog: (all) => { lines.splice(0, lines.length, ...all); write(); }};
}
