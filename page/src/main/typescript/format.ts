/** Numbers, times and values as people read them. */
import type {Parameters, Value} from './model';

/** To four digits after the point, small ones to three significant digits: 0.6931, 0.0000123. */
export function number(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  const magnitude = Math.abs(value);
  const text = magnitude !== 0 && magnitude < 0.1 ? plain(Number(value.toPrecision(3))) : value.toFixed(4);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A number without an exponent: 0.00003, never 3e-5. */
export function plain(value: number): string {
  const text = String(value);
  if (!text.includes('e-')) return text;
  const [digits, exponent] = text.split('e-');
  return value.toFixed((digits.split('.')[1] ?? '').length + Number(exponent));
}

export function value(value: Value | undefined): string {
  if (value === undefined) return '–';
  if (typeof value === 'number') return plain(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export const parameters = (all: Parameters): string =>
  Object.entries(all).map(([name, one]) => `${name}=${value(one)}`).join(' ');

export const percent = (share: number | undefined): string =>
  share === undefined ? '–' : `${(100 * share).toFixed(share < 0.1 ? 1 : 0).replace(/\.0$/, '')} %`;

/** To two significant digits, as errors are given. */
export const error = (value: number): string => plain(Number(value.toPrecision(2)));

/** Milliseconds as `1h 5m`, `3m 20s`, `12s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m ${seconds % 60}s` : `${seconds}s`;
}

export const between = (start: string | undefined, end: string | undefined, now: number): number | undefined =>
  start === undefined ? undefined : (end === undefined ? now : Date.parse(end)) - Date.parse(start);

export const elapsed = (start: string | undefined, end: string | undefined, now: number): string => {
  const milliseconds = between(start, end, now);
  return milliseconds === undefined ? '–' : duration(milliseconds);
};

/** A text cut to a width in characters. */
export const shortened = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}…`;
