// What to do about a reason to fall back. The reasons are the report's; this only adds what follows from them.

const ADVICE = [
  [/excluded by the settings/, 'You asked for it: take the operator out of “Exclude operators” to have it compiled.'],
  [/below the minimum of (\d+)/, 'The operators can be compiled, but so few of them are not worth a border. Set “Smallest partition” to 1 to compile them anyway.'],
  [/only the fallback reads it/, 'Nothing to do: it follows its only reader, and would be compiled with it.'],
  [/control flow that depends on data/, 'Export with torch.export, or with the branch decided: control flow that inputs decide runs on libtorch as a whole.'],
  [/random numbers/, 'Usual and harmless in a model that samples. For inference, export in eval() mode so that dropout disappears.'],
  [/size depends on data/, 'A mask that is multiplied, or torch.where, often says the same with a fixed size.'],
  [/complex/, 'Split into real and imaginary parts in the model to have it compiled.'],
  [/LAPACK/, 'Best left there; if the matrix is constant, compute the factors before exporting.'],
  [/quantised/, 'Export the model before quantisation, and choose fp16 or bf16 here.'],
  [/sparse or nested/, 'Use dense tensors with a mask.'],
  [/memory, its strides/, 'Write it with reshape, slice or index, which speak of elements.'],
  [/training/, 'Export in eval() mode, without the loss.'],
  [/by name/, 'Use dimensions’ numbers instead of names.'],
  [/different lengths/, 'Pad to one length and mask.'],
  [/build failed/, 'The native compiler refused it, which is worth a bug report. The result is right all the same.'],
  [/stands between/, 'It would need a value that is no tensor across a border. Excluding a neighbour, or nothing at all, is the choice.'],
  [/no kernel|no converter|not in the/, 'It has no kernel yet. A jar with an OperatorProvider and a ConverterProvider adds one; the repository has an example to copy.'],
];

export const advice = (reason) => ADVICE.find(([pattern]) => pattern.test(reason))?.[1] ?? 'The result is right all the same; a jar with a ConverterProvider can add a kernel for it.';
