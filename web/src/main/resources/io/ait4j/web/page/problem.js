// An error, said in words.

import {h} from './dom.js';

/** A card that says what went wrong, and perhaps what to do about it. */
export function problemCard(error, retry) {
  return h('div', {class: 'card problem', role: 'alert'},
    h('h3', {}, error.title ?? 'Something went wrong'),
    h('p', {}, error.message),
    error.errors?.length > 0 && h('ul', {}, error.errors.map((line) => h('li', {}, typeof line === 'string' ? line : JSON.stringify(line)))),
    error.status === 429 && h('p', {class: 'muted'}, 'The server is busy. Waiting a little and trying again is all that is needed.'),
    retry && h('button', {type: 'button', onclick: retry}, 'Try again'));
}
