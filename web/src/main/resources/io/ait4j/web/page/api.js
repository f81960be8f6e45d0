// The service's API: requests with the tab's key, problems as errors, events as they come.

const KEY = 'ait4j.key';

export const key = {
  get: () => sessionStorage.getItem(KEY) ?? '',
  set: (value) => (value ? sessionStorage.setItem(KEY, value) : sessionStorage.removeItem(KEY)),
};

/** What the service, or the way to it, has against a request. */
export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.error ?? problem.title ?? `the server answered ${status}`);
    this.status = status;
    this.title = problem.title ?? 'The request failed';
    this.errors = problem.errors ?? [];
    this.type = problem.type;
  }
}

const unreachable = () =>
  new ApiError(0, {title: 'The server cannot be reached', detail: 'Nothing answers at this address. The server may be stopped, or the network down.'});

const authorised = (headers = {}) => (key.get() ? {...headers, Authorization: `Bearer ${key.get()}`} : headers);

let askForKey = () => {};

/** Says what to do when the server wants a key. */
export function onUnauthorised(handler) {
  askForKey = handler;
}

async function failure(status, text) {
  let problem = {title: `The server answered ${status}`, detail: text.slice(0, 500)};
  try {
    problem = {...problem, detail: undefined, ...JSON.parse(text)};
  } catch {
    // not the service's own words: a proxy's, perhaps
  }
  const error = new ApiError(status, problem);
  if (status === 401) askForKey(error);
  return error;
}

/** A response that is not an error. */
export async function request(path, options = {}) {
  let response;
  try {
    response = await fetch(path, {...options, headers: authorised(options.headers)});
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw unreachable();
  }
  if (!response.ok) throw await failure(response.status, await response.text());
  return response;
}

export const json = async (path, options) => (await request(path, options)).json();

/** Posts a form, telling how much of it has gone; {@code control.abort()} gives up. */
export function upload(path, form, headers, progress, control) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', path);
    Object.entries(authorised(headers)).forEach(([name, value]) => xhr.setRequestHeader(name, value));
    xhr.upload.onprogress = (e) => progress(e.loaded, e.total);
    xhr.onload = async () => {
      if (xhr.status >= 200 && xhr.status < 300) resolve(JSON.parse(xhr.responseText));
      else reject(await failure(xhr.status, xhr.responseText));
    };
    xhr.onerror = () => reject(unreachable());
    xhr.onabort = () => reject(new ApiError(0, {title: 'Upload stopped', detail: 'You stopped the upload; nothing was converted.'}));
    control.abort = () => xhr.abort();
    xhr.send(form);
  });
}

/**
 * Follows a stream of server-sent events until {@code take} returns true, connecting again where it left off.
 * EventSource cannot send a key, so the stream is read by hand.
 */
export async function follow(path, take, signal) {
  let last = '';
  let wait = 500;
  while (!signal.aborted) {
    try {
      const response = await request(path, {signal, headers: {Accept: 'text/event-stream', ...(last && {'Last-Event-ID': last})}});
      if (response.status === 204) return; // all has happened, and was told
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const {done, value} = await reader.read();
        if (done) break;
        wait = 500;
        const blocks = (rest + value).replace(/\r\n/g, '\n').split('\n\n');
        rest = blocks.pop();
        for (const event of blocks.map(parse).filter((e) => e.data)) {
          last = event.id ?? last;
          if (take(JSON.parse(event.data), event.event)) {
            reader.cancel();
            return;
          }
        }
      }
    } catch (e) {
      if (signal.aborted) return;
      if (e.status >= 400 && e.status < 500 && e.status !== 429) throw e;
    }
    await new Promise((resume) => setTimeout(resume, wait));
    wait = Math.min(2 * wait, 8000);
  }
}

function parse(block) {
  const event = {data: ''};
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, '');
    event[name] = name === 'data' && event.data ? `${event.data}\n${value}` : value;
  }
  return event;
}
