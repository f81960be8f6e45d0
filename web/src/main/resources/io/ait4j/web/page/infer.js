// Inference by the Open Inference Protocol with its binary tensors.

import {request} from './api.js';

/** Where the very version is served that a conversion made. */
export const served = (job) => `/v2/models/${encodeURIComponent(job.name)}${job.version > 0 ? `/versions/${job.version}` : ''}`;

/**
 * @param path of the model under {@code /v2}
 * @returns {outputs: [{name, datatype, shape, data}], millis}
 */
export async function infer(path, tensors) {
  const head = new TextEncoder().encode(JSON.stringify({
    inputs: tensors.map(({name, datatype, shape, data}) => ({name, datatype, shape, parameters: {binary_data_size: data.byteLength}})),
    parameters: {binary_data_output: true},
  }));
  const began = performance.now();
  const response = await request(`${path}/infer`, {
    method: 'POST',
    headers: {'Content-Type': 'application/octet-stream', 'Inference-Header-Content-Length': String(head.byteLength)},
    body: new Blob([head, ...tensors.map(({data}) => data)]),
  });
  const body = await response.arrayBuffer();
  const millis = performance.now() - began;
  const length = Number(response.headers.get('Inference-Header-Content-Length') ?? body.byteLength);
  const answer = JSON.parse(new TextDecoder().decode(new Uint8Array(body, 0, length)));
  let at = length;
  const outputs = answer.outputs.map((output) => {
    const size = output.parameters?.binary_data_size;
    if (size === undefined) throw new Error(`the server did not send output ${output.name} in binary`);
    at += size;
    return {...output, data: new Uint8Array(body.slice(at - size, at))};
  });
  return {outputs, millis};
}
