// The states and stages of a conversion, in the service's names and in words.

export const STATES = {
  queued: {word: 'Queued', final: false},
  running: {word: 'Running', final: false},
  succeeded: {word: 'Done', final: true},
  failed: {word: 'Failed', final: true},
  cancelled: {word: 'Cancelled', final: true},
};

export const STAGES = [
  ['import', 'Read', 'the model becomes a typed graph'],
  ['partition', 'Plan', 'what is compiled, and what is left to libtorch'],
  ['compile', 'Compile', 'kernels are fused, written and built'],
  ['write', 'Write', 'libraries and weights become one file'],
  ['verify', 'Verify', 'outputs are compared with those recorded'],
  ['measure', 'Measure', 'kernels are timed, and libtorch beside them'],
];

/** What went wrong, by the cause that the service gives. */
export const CAUSES = {
  usage: ['The settings do not fit the model', 'Change the settings and convert again.'],
  import: ['The model cannot be read', 'Export it again, or in another format: torch.export (.pt2) keeps the most.'],
  compile: ['A partition cannot be compiled', 'Exclude the operator that is named, or allow a fallback.'],
  run: ['The module failed on its samples', 'Check that the samples are inputs of this very model.'],
  io: ['A file cannot be written', 'The operator of this server has to make room.'],
  mismatch: ['Outputs are not those recorded', 'Nothing is handed out that computes something else. A lower precision may need other recordings; otherwise this is worth a bug report.'],
  'memory-limit': ['Too little memory', 'The model needs more memory than this server gives to one conversion.'],
  'time-limit': ['Too long', 'The model needs more time than this server gives to one conversion.'],
  'disk-limit': ['Too little disk', 'The model needs more disk than this server gives to one conversion.'],
  crash: ['The worker process died three times', 'The log below ends where it died.'],
  defect: ['A defect of ait4j', 'This should not happen, and is worth a bug report with the log below.'],
};
