/** What the page shows now, and how that changes. Views are functions of it. */
import {LIGHT, DARK, type Theme} from './charts/theme';
import type {Report, Trial} from './model';

export interface State {
  report: Report;
  /** Name of the trial whose page is open. */
  open?: string;
  /** Names of the trials that are brushed in the chart; undefined for all. */
  brushed?: Set<string>;
  /** Text that a row of the table must contain. */
  filter: string;
  /** Only trials in this state. */
  onlyState: string;
  sort: {column: string; descending: boolean};
  /** Names of the columns beside the trial's name. */
  columns?: string[];
  compared: string[];
  /** Which part each chart shows. */
  parts: Record<string, string>;
  dark: boolean;
  /** What was copied last, for a word of confirmation. */
  copied?: string;
}

export const theme = (state: State): Theme => state.dark ? DARK : LIGHT;

/** The trials that everything on the page shows. */
export function selected({report, brushed, filter, onlyState}: State): Trial[] {
  const words = filter.toLowerCase().split(/\s+/).filter(word => word !== '');
  if (brushed === undefined && words.length === 0 && onlyState === '') return report.sweep.trials;
  return report.sweep.trials.filter(trial =>
    (brushed === undefined || brushed.has(trial.trial))
    && (onlyState === '' || trial.state === onlyState)
    && (words.length === 0 || words.every(word => searchable(trial).includes(word))));
}

/** What the filter looks at: a word may be `bert`, `running`, or `batch=16`. */
const searchable = (trial: Trial): string =>
  `${trial.trial} ${trial.state} ${trial.reason ?? ''} ${trial.node ?? ''} ${Object.entries(trial.parameters).map(([name, value]) => `${name}=${value}`).join(' ')}`.toLowerCase();

export type Change = (next: Partial<State>) => void;
