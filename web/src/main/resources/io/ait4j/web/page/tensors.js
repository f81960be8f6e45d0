// Tensors as bytes: the data types of the inference protocol, safetensors files, and numbers out of either.

const half = (bits) => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return exponent === 31 ? (fraction ? NaN : sign * Infinity) : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
};

const toHalf = (x) => {
  const size = Math.abs(x);
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  if (Number.isNaN(x)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | Math.round(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | (((exponent + 15) << 10) + Math.round((size / 2 ** exponent - 1) * 1024));
};

const float = new DataView(new ArrayBuffer(4));
const brain = (bits) => (float.setUint32(0, bits << 16), float.getFloat32(0));
const toBrain = (x) => (float.setFloat32(0, x), float.getUint32(0) >>> 16);

/** {bytes, get(view, at), set(view, at, number)} by the protocol's name of a type. */
export const TYPES = {
  BOOL: type(1, 'Uint8', Boolean, Number),
  UINT8: type(1, 'Uint8'), UINT16: type(2, 'Uint16'), UINT32: type(4, 'Uint32'), UINT64: type(8, 'BigUint64', undefined, BigInt),
  INT8: type(1, 'Int8'), INT16: type(2, 'Int16'), INT32: type(4, 'Int32'), INT64: type(8, 'BigInt64', undefined, BigInt),
  FP16: type(2, 'Uint16', half, toHalf), BF16: type(2, 'Uint16', brain, toBrain), FP32: type(4, 'Float32'), FP64: type(8, 'Float64'),
};

function type(bytes, name, from = (x) => x, to = (x) => x) {
  return {bytes, isFloat: /Float/.test(name) || from === half || from === brain,
    get: (view, i) => from(view[`get${name}`](i * bytes, true)), set: (view, i, x) => view[`set${name}`](i * bytes, to(x), true)};
}

const SAFETENSORS = {BOOL: 'BOOL', U8: 'UINT8', U16: 'UINT16', U32: 'UINT32', U64: 'UINT64', I8: 'INT8', I16: 'INT16', I32: 'INT32', I64: 'INT64', F16: 'FP16', BF16: 'BF16', F32: 'FP32', F64: 'FP64'};

export const elements = (shape) => shape.reduce((product, size) => product * size, 1);

/** The tensors {name, datatype, shape, data} of a safetensors file. */
export async function readSafetensors(file) {
  const length = Number(new DataView(await file.slice(0, 8).arrayBuffer()).getBigUint64(0, true));
  if (!(length > 1 && length <= file.size - 8 && length <= 1e8)) throw new Error(`${file.name} is no safetensors file: its header does not fit into it`);
  let header;
  try {
    header = JSON.parse(await file.slice(8, 8 + length).text());
  } catch {
    throw new Error(`${file.name} is no safetensors file: its header is not JSON`);
  }
  const tensors = new Map();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const datatype = SAFETENSORS[entry.dtype];
    if (!datatype) throw new Error(`tensor ${name} of ${file.name} has type ${entry.dtype}, which the inference protocol lacks`);
    const [begin, end] = entry.data_offsets;
    if (end - begin !== elements(entry.shape) * TYPES[datatype].bytes) throw new Error(`tensor ${name} of ${file.name} has a size that does not fit its shape`);
    tensors.set(name, {name, datatype, shape: entry.shape, data: new Uint8Array(await file.slice(8 + length + begin, 8 + length + end).arrayBuffer())});
  }
  return tensors;
}

/** A tensor of numbers that {@code next(i)} gives. */
export function filled(name, datatype, shape, next) {
  const {bytes, set} = TYPES[datatype];
  const count = elements(shape);
  const data = new Uint8Array(count * bytes);
  const view = new DataView(data.buffer);
  for (let i = 0; i < count; i++) set(view, i, next(i));
  return {name, datatype, shape, data};
}

/** A function from an index to the number there. */
export function numbers({datatype, data}) {
  const {get} = TYPES[datatype];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return (i) => Number(get(view, i));
}
