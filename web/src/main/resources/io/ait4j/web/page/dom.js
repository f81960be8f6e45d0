// Makes elements; text is always text, never markup.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') Object.entries(value).forEach(([k, v]) => element.style.setProperty(k, v));
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);

export const svg = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);

/** Replaces what an element holds. */
export function show(element, ...children) {
  element.replaceChildren(...children.flat(3).filter(Boolean));
  return element;
}

let hiding;

/** Says something in passing; screen readers hear it too. */
export function toast(text) {
  const element = document.getElementById('toast');
  element.textContent = text;
  element.classList.add('on');
  clearTimeout(hiding);
  hiding = setTimeout(() => element.classList.remove('on'), 4000);
}

/** A button that copies what {@code text()} gives. */
export function copyButton(text, label = 'Copy') {
  const button = h('button', {class: 'quiet small', type: 'button', onclick: copy}, label);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text());
      toast('Copied');
    } catch {
      toast('This browser does not let the page copy; select the text instead');
    }
  }
  return button;
}

/** Lets the browser save a blob under a name. */
export function save(blob, name) {
  const link = h('a', {href: URL.createObjectURL(blob), download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
