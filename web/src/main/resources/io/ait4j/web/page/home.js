// The first view: a place to drop a model, and the conversions there are.

import {h, show} from './dom.js';
import {json, upload} from './api.js';
import {ago, bytes, seconds} from './format.js';
import {fileSlots} from './files.js';
import {settingsForm} from './settings.js';
import {problemCard} from './problem.js';
import {STATES} from './states.js';

const PAGE = 25;

export function home(main, signal) {
  document.title = 'ait4j: conversions';
  const list = h('div', {class: 'jobs', 'aria-live': 'off'});
  show(main,
    h('section', {class: 'hero'},
      h('h1', {}, 'Drop a PyTorch model. Get it back compiled.'),
      h('p', {class: 'lead'}, 'TorchScript, torch.export or ONNX goes in. What comes out runs as one native library where it can, on libtorch where it must, and says why.')),
    newConversion(signal),
    h('section', {class: 'block', 'aria-labelledby': 'jobs-title'}, h('h2', {id: 'jobs-title'}, 'Conversions'), list));
  keepListed(list, signal);
}

function newConversion(signal) {
  const settings = settingsForm();
  const slots = fileSlots(ready);
  const outcome = h('div', {});
  const start = h('button', {class: 'main big', type: 'submit', disabled: true}, 'Convert');
  const form = h('form', {class: 'card new', 'aria-label': 'New conversion', onsubmit: submit}, slots.element, settings.element,
    h('div', {class: 'row end'}, h('span', {class: 'hint muted'}, 'Files go to this server only.'), start), outcome);

  function ready() {
    start.disabled = !slots.model();
    settings.suggest(slots.model()?.name ?? '');
  }

  async function submit(event) {
    event.preventDefault();
    if (!slots.model()) return;
    const body = new FormData();
    body.append('settings', JSON.stringify(settings.value()));
    body.append('model', slots.model());
    if (slots.weights()) body.append('weights', slots.weights());
    slots.samples().forEach((file) => body.append('samples', file));
    const control = {};
    const bar = h('progress', {max: 1, value: 0, 'aria-label': 'Upload'});
    const text = h('span', {class: 'muted'}, 'Uploading');
    show(outcome, h('div', {class: 'row uploading'}, bar, text, h('button', {type: 'button', class: 'quiet small', onclick: () => control.abort()}, 'Stop')));
    start.disabled = true;
    const gone = () => control.abort();
    signal.addEventListener('abort', gone);
    try {
      const headers = crypto.randomUUID ? {'Idempotency-Key': crypto.randomUUID()} : {};
      const job = await upload('/v1/conversions', body, headers, (done, total) => {
        bar.value = done / total;
        text.textContent = done < total ? `${bytes(done)} of ${bytes(total)}` : 'Checking';
      }, control);
      signal.removeEventListener('abort', gone);
      if (!signal.aborted) location.hash = `#/conversions/${encodeURIComponent(job.id)}`;
    } catch (error) {
      show(outcome, problemCard(error));
      ready();
    }
  }
  return form;
}

async function keepListed(list, signal) {
  let more = 1;
  let drawn = '';
  const draw = async () => {
    const jobs = [];
    let next = '';
    for (let i = 0; i < more; i++) {
      const page = await json(`/v1/conversions?limit=${PAGE}${next && `&before=${encodeURIComponent(next)}`}`, {signal});
      jobs.push(...page.conversions);
      next = page.next ?? '';
      if (!next) break;
    }
    const content = JSON.stringify([jobs, next]);
    if (content === drawn) return;
    drawn = content;
    show(list, jobs.length === 0 ? h('p', {class: 'empty'}, 'Nothing yet. The first model you drop shows up here.') : jobs.map(row),
      next && h('button', {type: 'button', class: 'quiet', onclick: () => { more++; draw(); }}, 'Show older'));
  };
  while (!signal.aborted) {
    try {
      await draw();
    } catch (error) {
      if (signal.aborted) return;
      drawn = '';
      show(list, problemCard(error));
      if (error.status === 401 || error.status === 403) return;
    }
    await new Promise((resume) => setTimeout(resume, document.hidden ? 15000 : 3000));
  }
}

function row(job) {
  const state = STATES[job.state];
  const running = job.state === 'running';
  const took = job.started && job.finished ? (Date.parse(job.finished) - Date.parse(job.started)) / 1000 : null;
  return h('a', {class: 'job', href: `#/conversions/${encodeURIComponent(job.id)}`},
    h('span', {class: `pill ${job.state}`}, state.word),
    h('span', {class: 'what'}, h('b', {}, job.name), job.version > 0 && h('span', {class: 'tag'}, `v${job.version}`),
      h('span', {class: 'muted sub'}, [job.model?.name, bytes(job.model?.bytes)].filter(Boolean).join(' · '))),
    running
      ? h('span', {class: 'doing'}, h('progress', {max: 100, value: job.percent, 'aria-label': `${job.percent} percent`}), h('span', {class: 'muted'}, job.stage ?? ''))
      : h('span', {class: 'doing muted clip'}, job.state === 'failed' ? job.failure?.detail : job.state === 'succeeded' ? [job.shared_with ? 'done before' : took !== null && `in ${seconds(took)}`, bytes(job.artifact?.bytes)].filter(Boolean).join(' · ') : job.message),
    h('time', {class: 'muted when', datetime: job.created, title: new Date(job.created).toLocaleString()}, ago(job.created)));
}
