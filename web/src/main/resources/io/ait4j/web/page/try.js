// Trying a converted model: inputs from a file, or made up; outputs summed up.

import {h, show} from './dom.js';
import {json} from './api.js';
import {infer, served} from './infer.js';
import {plural, short} from './format.js';
import {outputCard} from './outputs.js';
import {problemCard} from './problem.js';
import {TYPES, elements, filled, readSafetensors} from './tensors.js';

const MOST = 5e7;

export function tryIt(job, signal) {
  const path = served(job);
  const content = h('div', {class: 'card'}, h('p', {class: 'muted'}, 'Asking for the model’s inputs'));
  const section = h('section', {class: 'block', 'aria-labelledby': 'try-title'}, h('h2', {id: 'try-title'}, 'Try it'), content);
  load();
  return section;

  async function load() {
    try {
      show(content, form(path, await json(path, {signal})));
    } catch (error) {
      if (!signal.aborted) show(content, problemCard(error, load));
    }
  }
}

/** @param path of the model under {@code /v2} */
function form(path, metadata) {
  let recorded = new Map();
  const note = h('span', {class: 'muted'});
  const answers = h('div', {class: 'outputs', 'aria-live': 'polite'});
  const rows = metadata.inputs.map(inputRow);
  const file = h('input', {type: 'file', id: 'try-file', accept: '.safetensors', onchange: read});
  const run = h('button', {type: 'submit', class: 'main'}, 'Run');
  return [h('form', {onsubmit: go, 'aria-label': 'Try an input'},
    h('div', {class: 'tryfile'}, h('label', {for: 'try-file'}, 'Sample file'), file, note),
    rows.map((row) => row.element), h('div', {class: 'row end'}, run)), answers];

  function inputRow({name, datatype, shape}, position) {
    const id = `try-${position}`;
    const isWhole = !TYPES[datatype]?.isFloat;
    const from = h('select', {id: `${id}-from`, 'aria-label': `Where ${name} comes from`, onchange: sync},
      h('option', {value: 'file', hidden: true}, 'the file'), h('option', {value: 'random', selected: true}, isWhole ? 'random, 0 or 1' : 'random, normal'), h('option', {value: 'zeros'}, 'zeros'), h('option', {value: 'json'}, 'JSON numbers'));
    const sizes = h('input', {type: 'text', class: 'sizes', value: shape.map((size) => (size < 0 ? 1 : size)).join(', '), 'aria-label': `Shape of ${name}`, readonly: !shape.some((size) => size < 0)});
    const text = h('textarea', {rows: 2, placeholder: '[0.1, 0.2, …]', 'aria-label': `Numbers of ${name}`, spellcheck: 'false'});
    text.hidden = true;
    function sync() {
      text.hidden = from.value !== 'json';
    }
    const element = h('div', {class: 'input-row'}, h('span', {}, h('code', {}, name), ' ', h('span', {class: 'type'}, `${datatype}[${shape.map((size) => (size < 0 ? '?' : size)).join(', ')}]`)), from, sizes, text);

    function sample() {
      return recorded.get(`input${position}`) ?? recorded.get(name);
    }
    function tensor() {
      if (from.value === 'file') return {...sample(), name};
      const dims = sizes.value.split(',').filter((part) => part.trim()).map(Number);
      if (dims.some((size) => !Number.isInteger(size) || size < 0)) throw new Error(`the shape of ${name} is not a list of whole numbers`);
      if (elements(dims) > MOST) throw new Error(`${name} would have ${elements(dims)} elements; this page makes at most ${MOST}. Use the API for bigger ones.`);
      if (from.value === 'zeros') return filled(name, datatype, dims, () => 0);
      if (from.value === 'random') return filled(name, datatype, dims, isWhole ? () => Math.round(Math.random()) : normal);
      let given;
      try {
        given = [JSON.parse(text.value)].flat(Infinity);
      } catch {
        throw new Error(`${name} is not JSON: write numbers in brackets`);
      }
      if (given.length !== elements(dims)) throw new Error(`${name} has ${plural(given.length, 'number')}, and its shape asks for ${elements(dims)}`);
      return filled(name, datatype, dims, (i) => given[i]);
    }
    function useFile() {
      const has = Boolean(sample());
      from.firstChild.hidden = !has;
      from.value = has ? 'file' : from.value === 'file' ? 'random' : from.value;
      if (has) sizes.value = sample().shape.join(', ');
      sync();
      return has;
    }
    return {element, tensor, useFile};
  }

  async function read() {
    try {
      recorded = file.files[0] ? await readSafetensors(file.files[0]) : new Map();
      const found = rows.map((row) => row.useFile()).filter(Boolean).length;
      const outputs = [...recorded.keys()].filter((name) => /^output\d+$/.test(name)).length;
      note.textContent = file.files[0] ? `${plural(found, 'input')} in it${outputs > 0 ? `, and ${plural(outputs, 'recorded output')} to compare with` : ''}` : '';
    } catch (error) {
      recorded = new Map();
      rows.forEach((row) => row.useFile());
      note.textContent = error.message;
    }
  }

  async function go(event) {
    event.preventDefault();
    run.disabled = true;
    try {
      const tensors = rows.map((row) => row.tensor());
      const {outputs, millis} = await infer(path, tensors);
      const isRecorded = tensors.every((tensor, i) => recorded.get(`input${i}`)?.data === tensor.data);
      show(answers, h('p', {class: 'latency'}, h('b', {}, `${short(Number(millis.toFixed(2)))} ms`), h('span', {class: 'muted'}, ' from here to the server and back')),
        outputs.map((output, i) => outputCard(output, isRecorded ? recorded.get(`output${i}`) : null)));
    } catch (error) {
      show(answers, problemCard(error));
    } finally {
      run.disabled = false;
    }
  }
}

const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
