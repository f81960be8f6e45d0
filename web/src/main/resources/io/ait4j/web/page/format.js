// Numbers and times for people.

export function bytes(n) {
  if (n === null || n === undefined) return '';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let i = 0;
  while (n >= 1000 && i < units.length - 1) {
    n /= 1000;
    i++;
  }
  return `${i === 0 || n >= 100 ? Math.round(n) : n.toFixed(1)} ${units[i]}`;
}

export function seconds(s) {
  if (s === null || s === undefined) return '';
  if (s < 1) return `${Math.round(s * 1000)} ms`;
  if (s < 60) return `${s.toFixed(1)} s`;
  const minutes = Math.floor(s / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(s % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const micros = (us) => (us >= 1000 ? `${(us / 1000).toFixed(2)} ms` : `${us >= 100 ? us.toFixed(0) : us.toFixed(1)} µs`);

export const percent = (share) => {
  const p = 100 * share;
  return `${p === 0 || p === 100 ? p : p > 99.9 ? '>99.9' : p.toFixed(1)} %`;
};

export function ago(iso) {
  const s = (Date.now() - Date.parse(iso)) / 1000;
  if (s < 5) return 'just now';
  if (s < 60) return `${Math.floor(s)} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ago`;
  return new Date(iso).toLocaleDateString();
}

/** A number as short as its size allows. */
export function short(x) {
  if (typeof x === 'bigint' || Number.isInteger(x)) return String(x);
  if (!Number.isFinite(x)) return String(x);
  const size = Math.abs(x);
  return size >= 1e5 || (size < 1e-3 && size > 0) ? x.toExponential(3) : String(Number(x.toPrecision(5)));
}

export const plural = (n, one, many = one + 's') => `${n} ${n === 1 ? one : many}`;

/** An operator without its library, as people say it. */
export const opName = (op) => op.replace(/^aten::/, '').replace(/\.default$/, '');
