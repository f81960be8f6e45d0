// One conversion: how it goes, and what came of it.

import {h, show, toast, save} from './dom.js';
import {follow, json, key, request} from './api.js';
import {ago, bytes} from './format.js';
import {problemCard} from './problem.js';
import {stages} from './stages.js';
import {CAUSES, STATES} from './states.js';
import {results} from './results.js';

export async function conversion(main, id, signal) {
  const path = `/v1/conversions/${encodeURIComponent(id)}`;
  let job;
  try {
    job = await json(path, {signal});
  } catch (error) {
    if (signal.aborted) return;
    return show(main, h('p', {}, h('a', {href: '#/'}, '← All conversions')),
      problemCard(error, error.status === 404 ? undefined : () => conversion(main, id, signal)));
  }
  document.title = `${job.name}: ait4j`;
  const head = h('div', {});
  const steps = stages(job);
  const notice = h('div', {});
  const body = h('div', {});
  show(main, head, notice, steps.element, body);
  const draw = () => {
    show(head, heading(job, path, signal));
    steps.update(job);
  };
  draw();
  if (!STATES[job.state].final) {
    await live();
    if (signal.aborted) return;
  }
  finish();

  async function live() {
    const take = (event, kind) => {
      if (kind === 'log') steps.log(event.message);
      else {
        const before = job.state;
        job = {...job, state: event.state, stage: event.stage, percent: event.percent, message: event.message};
        if (before !== job.state) draw();
        else steps.update(job);
      }
      return kind === 'state' && STATES[event.state].final;
    };
    try {
      await follow(`${path}/events`, take, signal);
      job = await json(path, {signal});
    } catch (error) {
      if (!signal.aborted) show(notice, problemCard(error));
      return;
    }
    draw();
  }

  function finish() {
    if (job.log) steps.setLog(job.log);
    if (job.state === 'failed') show(notice, failureCard(job));
    else if (job.state === 'cancelled') show(notice, h('div', {class: 'card'}, h('p', {}, 'This conversion was cancelled; nothing of it is kept.')));
    else if (job.state === 'succeeded') results(body, job, path, signal);
  }
}

function failureCard(job) {
  const [title, advice] = CAUSES[job.failure?.cause] ?? ['The conversion failed', ''];
  return h('div', {class: 'card problem', role: 'alert'}, h('h3', {}, title), h('p', {class: 'detail'}, job.failure?.detail ?? job.message), h('p', {class: 'muted'}, advice));
}

function heading(job, path, signal) {
  const state = STATES[job.state];
  const facts = [
    job.model?.name && `${job.model.name}, ${bytes(job.model.bytes)}`,
    job.settings?.precision,
    `asked for ${ago(job.created)}`,
    job.attempts > 1 && `attempt ${job.attempts}`,
    job.shared_with && 'shares the result of an identical request',
  ].filter(Boolean);
  return h('div', {class: 'heading'},
    h('p', {class: 'crumb'}, h('a', {href: '#/'}, '← All conversions')),
    h('div', {class: 'row title'},
      h('h1', {}, job.name), job.version > 0 && h('span', {class: 'tag'}, `v${job.version}`),
      h('span', {class: `pill ${job.state}`, role: 'status'}, state.word),
      h('span', {class: 'grow'}),
      job.state === 'succeeded' && [
        download(`${path}/artifact`, `${job.name}.aitm`, 'main', `Download .aitm${job.artifact ? ` (${bytes(job.artifact.bytes)})` : ''}`),
        download(`${path}/report?format=html`, `${job.name}.html`, '', 'Report')],
      h('button', {type: 'button', class: 'quiet', onclick: end}, state.final ? 'Delete' : 'Cancel')),
    h('p', {class: 'muted facts'}, facts.join(' · ')));

  async function end(event) {
    if (state.final && !confirm(`Forget ${job.name}, its artifact and its report?`)) return;
    event.target.disabled = true;
    try {
      await request(path, {method: 'DELETE'});
      toast(state.final ? 'Deleted' : 'Cancelled');
      if (state.final && !signal.aborted) location.hash = '#/';
    } catch (error) {
      toast(error.message);
      event.target.disabled = false;
    }
  }
}

/** A link; with a key, which links cannot carry, a download by hand. */
function download(path, name, kind, label) {
  return h('a', {class: `button ${kind}`, href: path, download: name, onclick: byHand}, label);
  async function byHand(event) {
    if (!key.get()) return;
    event.preventDefault();
    toast('Downloading');
    try {
      save(await (await request(path)).blob(), name);
    } catch (error) {
      toast(error.message);
    }
  }
}
