/** The little statistics that a selection of trials needs in the page; everything else is computed by dev.sweeps.analysis. */
import {isRanked, type Trial, type Value} from './model';

const MAX_LEVELS = 20;
const RANGES = 10;

export const mean = (numbers: number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** Standard deviation with n - 1; 0 for one number. */
export function deviation(numbers: number[]): number {
  if (numbers.length < 2) return 0;
  const middle = mean(numbers);
  return Math.sqrt(numbers.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (numbers.length - 1));
}

/**
 * The share of the metric's variance that lies between the values of a parameter (the square of the correlation ratio). On a complete grid it
 * is the main effect of functional ANOVA. Many numbers are taken in ten ranges of equal count: each by itself would explain everything.
 */
export function mainEffect(trials: Trial[], name: string): number | undefined {
  const ranked = trials.filter(isRanked);
  const all = ranked.map(trial => trial.value!);
  if (all.length < 2) return undefined;
  const middle = mean(all);
  const total = all.reduce((sum, one) => sum + (one - middle) ** 2, 0);
  if (total === 0) return undefined;
  let between = 0;
  for (const members of byValue(ranked, name)) {
    between += members.length * (mean(members.map(trial => trial.value!)) - middle) ** 2;
  }
  return between / total;
}

function byValue(trials: Trial[], name: string): Trial[][] {
  const groups = [...groupBy(trials, trial => key(trial.parameters[name])).values()];
  if (groups.length <= MAX_LEVELS || typeof trials[0].parameters[name] !== 'number') return groups;
  const inOrder = [...trials].sort((a, b) => (a.parameters[name] as number) - (b.parameters[name] as number));
  return Array.from({length: RANGES}, (_, range) => inOrder.slice(range * inOrder.length / RANGES, (range + 1) * inOrder.length / RANGES));
}

export function groupBy<T>(all: T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one); else groups.set(keyOf(one), [one]);
  }
  return groups;
}

/** Two values are the same exactly when their keys are. */
export const key = (value: Value | undefined): string => JSON.stringify(value ?? null);

/** The distinct values of a parameter in order: numbers by size, others by text. Kept as long as the trials are. */
export function levels(trials: Trial[], name: string): Value[] {
  const kept = LEVELS.get(trials) ?? new Map<string, Value[]>();
  LEVELS.set(trials, kept);
  let all = kept.get(name);
  if (all === undefined) {
    const seen = new Map(trials.map(trial => [key(trial.parameters[name]), trial.parameters[name] ?? null]));
    all = [...seen.values()].sort((a, b) =>
      typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)));
    kept.set(name, all);
  }
  return all;
}

const LEVELS = new WeakMap<Trial[], Map<string, Value[]>>();
