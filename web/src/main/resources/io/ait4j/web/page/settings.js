// The settings of a conversion as a form. What is left alone is not sent: the service has the defaults.

import {h} from './dom.js';

const lines = (text) => text.split('\n').map((line) => line.trim()).filter(Boolean);
const words = (text) => text.split(/[\s,]+/).filter(Boolean);

const CHOICES = {
  precision: ['Precision', ['fp32', 'tf32', 'fp16', 'bf16'], 'what floating-point work is done in'],
  input_precision: ['Inputs as', ['fp32', 'fp16', 'bf16'], 'the type of floating-point inputs'],
  output_precision: ['Outputs as', ['fp32', 'fp16', 'bf16'], 'the type of floating-point outputs'],
  state: ['State', ['session', 'external'], 'where mutated buffers live'],
  constants: ['Constants', ['bound', 'updatable'], 'whether weights can be replaced later'],
};

const CHECKS = {
  measure: ['Time kernels, and libtorch beside', true],
  require_full: ['Fail rather than leave anything to libtorch', false],
};

export function settingsForm() {
  const fields = {};
  const field = (name, label, hint, control) => {
    fields[name] = control;
    control.id = `set-${name}`;
    control.setAttribute('aria-describedby', `set-${name}-hint`);
    return h('div', {class: 'field'}, h('label', {for: control.id}, label), control, h('span', {class: 'muted hint', id: `set-${name}-hint`}, hint));
  };
  const text = (placeholder) => h('input', {type: 'text', placeholder, spellcheck: 'false', autocomplete: 'off'});
  const choice = ([label, options, hint], name) =>
    field(name, label, hint, h('select', {}, h('option', {value: ''}, 'default'), options.map((option) => h('option', {value: option}, option))));
  const checks = Object.entries(CHECKS).map(([name, [label, on]]) => {
    fields[name] = h('input', {type: 'checkbox', id: `set-${name}`, checked: on});
    return h('label', {class: 'check', for: `set-${name}`}, fields[name], label);
  });
  const name = field('name', 'Name', 'under which it is served; each success is a new version', text('resnet50'));
  fields.name.setAttribute('pattern', '[A-Za-z0-9][A-Za-z0-9._\\-]{0,127}');
  fields.name.title = 'letters, digits, dots, dashes and underscores; a letter or digit first';
  const element = h('div', {class: 'settings'},
    h('div', {class: 'fields'}, name, choice(CHOICES.precision, 'precision'), h('div', {class: 'field'}, h('span', {class: 'label'}, 'Also'), checks)),
    h('details', {}, h('summary', {}, 'More settings'),
      h('div', {class: 'fields'},
        field('inputs', 'Inputs', 'one a line; samples say this too. Ranges make a size dynamic', h('textarea', {rows: 2, spellcheck: 'false', placeholder: 'x=float32[1..16,3,224,224]'})),
        field('targets', 'Targets', 'processors or GPUs; empty for this server’s', text('cpu:x86-64-v3')),
        field('exclude_ops', 'Exclude operators', 'left to libtorch', text('aten::softmax.int')),
        field('min_partition_size', 'Smallest partition', 'smaller ones are left to libtorch', h('input', {type: 'number', min: 1, step: 1})),
        Object.entries(CHOICES).slice(1).map(([key, spec]) => choice(spec, key)))));

  function value() {
    const settings = {};
    for (const [key, control] of Object.entries(fields)) {
      if (control.type === 'checkbox') settings[key] = control.checked;
      else if (!control.value.trim()) continue;
      else if (key === 'inputs') settings[key] = lines(control.value);
      else if (key === 'targets' || key === 'exclude_ops') settings[key] = words(control.value);
      else if (key === 'min_partition_size') settings[key] = Number(control.value);
      else settings[key] = control.value.trim();
    }
    return settings;
  }

  /** Names the model as its file, until somebody names it otherwise. */
  let suggested = '';
  function suggest(file) {
    const stem = file.replace(/\.[^.]*$/, '').replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 100);
    if (fields.name.value !== suggested) return;
    suggested = stem === 'model' ? '' : stem;
    fields.name.value = suggested;
  }
  return {element, value, suggest};
}
