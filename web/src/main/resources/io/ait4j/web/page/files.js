// Where files are dropped or chosen: the model, and what may come with it.

import {h, show, toast} from './dom.js';
import {bytes} from './format.js';

const MODELS = /\.(pt|pth|pt2|onnx|ts|jit|zip)$/i;
const SAMPLES = /(^|[^a-z])(io|sample|input)[^/]*\.safetensors$/i;

export function fileSlots(changed) {
  const slots = {
    model: slot('Model', 'TorchScript .pt, torch.export .pt2 or .onnx', '.pt,.pth,.pt2,.onnx,.ts,.jit', false),
    samples: slot('Samples', 'safetensors with input0, … and output0, … to verify with', '.safetensors', true),
    weights: slot('Weights', 'a checkpoint that takes the place of the model’s', '.safetensors,.pt,.pth,.bin', false),
  };
  const zone = h('div', {class: 'drop', ondragover: over, ondragleave: () => zone.classList.remove('over'), ondrop: drop},
    h('div', {class: 'drop-main'}, slots.model.element), h('div', {class: 'drop-more'}, slots.samples.element, slots.weights.element));

  function slot(title, hint, accept, many) {
    let files = [];
    const id = `file-${title.toLowerCase()}`;
    const input = h('input', {type: 'file', id, accept: accept, multiple: many, class: 'file', 'aria-describedby': `${id}-hint`, onchange: () => put([...input.files])});
    const name = h('span', {class: 'filename'});
    const clear = h('button', {type: 'button', class: 'quiet small', 'aria-label': `Remove ${title.toLowerCase()}`, onclick: () => { input.value = ''; put([]); }}, '✕');
    const element = h('div', {class: 'slot', 'data-slot': title.toLowerCase()}, input,
      h('label', {for: id}, h('b', {}, title, many ? ' (optional)' : title === 'Weights' ? ' (optional)' : ''), h('span', {class: 'muted', id: `${id}-hint`}, hint), name), clear);
    clear.hidden = true;
    function put(next) {
      files = many && next.length > 0 ? next : next.slice(0, 1);
      element.classList.toggle('has', files.length > 0);
      clear.hidden = files.length === 0;
      show(name, files.map((f) => `${f.name} (${bytes(f.size)})`).join(', '));
      changed();
    }
    return {element, put, files: () => files};
  }

  function over(event) {
    event.preventDefault();
    zone.classList.add('over');
  }

  // a drop is sorted by names: what looks like samples is samples, and the first of the others is the model
  function drop(event) {
    event.preventDefault();
    zone.classList.remove('over');
    const all = [...event.dataTransfer.files];
    const at = event.target.closest('[data-slot]')?.dataset.slot;
    if (all.length === 1 && at && at !== 'model') return slots[at].put(all);
    const models = all.filter((f) => MODELS.test(f.name));
    const samples = all.filter((f) => SAMPLES.test(f.name));
    const rest = all.filter((f) => !models.includes(f) && !samples.includes(f));
    if (models.length > 0) slots.model.put(models);
    if (samples.length > 0) slots.samples.put(samples);
    if (rest.length === 1 && models.length + samples.length === 0) slots.model.put(rest);
    else if (rest.length === 1) slots.weights.put(rest);
    else if (rest.length > 1 || all.length === 0) toast('Drop files here: a model, and what comes with it');
  }

  return {
    element: zone,
    model: () => slots.model.files()[0],
    weights: () => slots.weights.files()[0],
    samples: () => slots.samples.files(),
  };
}
