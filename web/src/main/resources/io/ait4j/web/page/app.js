// The page's frame: which view stands in it, the key, the theme, the server's health.

import {h, show, toast} from './dom.js';
import {key, onUnauthorised} from './api.js';
import {home} from './home.js';
import {conversion} from './conversion.js';

const main = document.getElementById('main');
let leave = new AbortController();

function route() {
  leave.abort();
  leave = new AbortController();
  const [, room, id] = location.hash.split('/');
  scrollTo(0, 0);
  if (room === 'conversions' && id) conversion(main, decodeURIComponent(id), leave.signal);
  else home(main, leave.signal);
}

const dialog = document.getElementById('keydialog');
const field = document.getElementById('keyfield');
const keyButton = document.getElementById('key');

function labelKey() {
  keyButton.textContent = key.get() ? 'API key: set' : 'API key';
}

function askForKey(error) {
  if (dialog.open) return;
  const why = error ? (key.get() ? 'This key is not known to the server, or was revoked.' : 'This server wants a key.') : 'Leave it empty to forget it now.';
  document.getElementById('keywhy').textContent = `${why} A key stays in this tab and is forgotten when the tab closes.`;
  field.value = key.get();
  dialog.returnValue = '';
  dialog.showModal();
}

dialog.addEventListener('close', () => {
  if (dialog.returnValue !== 'use') return;
  key.set(field.value.trim());
  labelKey();
  route();
});
keyButton.addEventListener('click', () => askForKey());
field.addEventListener('keydown', (e) => {
  if (e.key === 'Enter') {
    e.preventDefault();
    dialog.close('use');
  }
});
onUnauthorised(askForKey);

const THEME = 'ait4j.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const themeButton = document.getElementById('theme');

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  themeButton.textContent = theme === 'dark' ? 'Light' : 'Dark';
  themeButton.setAttribute('aria-label', `Switch to ${theme === 'dark' ? 'light' : 'dark'} colours`);
}

themeButton.addEventListener('click', () => {
  const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  localStorage.setItem(THEME, next);
  setTheme(next);
});
dark.addEventListener('change', () => localStorage.getItem(THEME) || setTheme(dark.matches ? 'dark' : 'light'));

async function health() {
  const element = document.getElementById('health');
  let state = 'down';
  try {
    state = (await fetch('/v2/health/ready')).ok ? 'ready' : 'draining';
  } catch {
    // stays down
  }
  const words = {ready: 'Ready', draining: 'Not taking work', down: 'Unreachable'};
  if (element.dataset.state !== state) {
    element.dataset.state = state;
    show(element, h('span', {class: 'dot', 'aria-hidden': 'true'}), words[state]);
  }
}

setTheme(localStorage.getItem(THEME) ?? (dark.matches ? 'dark' : 'light'));
labelKey();
health();
setInterval(health, 15000);
addEventListener('hashchange', route);
addEventListener('unhandledrejection', (e) => e.reason?.name !== 'AbortError' && toast(e.reason?.message ?? 'Something went wrong on this page'));
route();
