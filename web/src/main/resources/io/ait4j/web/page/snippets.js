// Lines to copy: the same by curl, and in Java.

import {h, show, copyButton} from './dom.js';
import {key} from './api.js';
import {served} from './infer.js';

const quoted = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;

export function snippets(job) {
  const forms = {curl: curl(job), Java: java(job)};
  let shown = 'curl';
  const code = h('pre', {class: 'code', tabindex: 0, 'aria-label': 'Code'});
  const tabs = h('div', {class: 'tabs', role: 'tablist', 'aria-label': 'Language'});
  const draw = () => {
    show(code, forms[shown]);
    show(tabs, Object.keys(forms).map((name) => h('button', {type: 'button', role: 'tab', 'aria-selected': String(name === shown), class: 'tab', onclick: () => { shown = name; draw(); tabs.querySelector('[aria-selected=true]').focus(); }}, name)));
  };
  draw();
  return h('section', {class: 'block', 'aria-labelledby': 'code-title'}, h('h2', {id: 'code-title'}, 'From your own code'),
    h('div', {class: 'card flush'}, h('div', {class: 'row codehead'}, tabs, h('span', {class: 'grow'}), copyButton(() => forms[shown])), code));
}

function curl(job) {
  const auth = key.get() ? ' -H "Authorization: Bearer $AIT4J_KEY"' : '';
  const settings = Object.fromEntries(Object.entries(job.settings ?? {}).filter(([, value]) => value !== null && value !== false && !(Array.isArray(value) && value.length === 0)));
  const file = job.model?.name ?? 'model.pt';
  return [
    '# convert',
    `curl${auth} ${location.origin}/v1/conversions \\`,
    `  -F model=@${quoted(file)} -F ${quoted(`settings=${JSON.stringify(settings)};type=application/json`)}`,
    '# follow, then fetch the result',
    `curl${auth} -N ${location.origin}/v1/conversions/${job.id}/events`,
    `curl${auth} -o ${quoted(`${job.name}.aitm`)} ${location.origin}/v1/conversions/${job.id}/artifact`,
    '# what goes in and what comes out, then an inference',
    `curl${auth} ${location.origin}${served(job)}`,
    `curl${auth} ${location.origin}${served(job)}/infer -H 'Content-Type: application/json' -d @request.json`,
  ].join('\n');
}

function java(job) {
  return `// the artifact in your own process: no server, no libtorch unless something fell back
try (LoweredModule module = LoweredModule.load(Path.of(${JSON.stringify(`${job.name}.aitm`)}));
    Arena arena = Arena.ofConfined()) {
  List<NativeTensor> outputs = module.run(inputs, arena);
}

// or this server's model over HTTP
HttpClient http = HttpClient.newHttpClient();
HttpRequest ask = HttpRequest.newBuilder(URI.create(${JSON.stringify(`${location.origin}${served(job)}/infer`)}))
    .header("Content-Type", "application/json")${key.get() ? '\n    .header("Authorization", "Bearer " + System.getenv("AIT4J_KEY"))' : ''}
    .POST(BodyPublishers.ofFile(Path.of("request.json")))
    .build();
String answer = http.send(ask, BodyHandlers.ofString()).body();`;
}
