/** The state of the page, and its changes. Views are functions of it. */
import {DARK, LIGHT, type Theme} from './charts/theme';
import type {Report, SweepSummary, Trial} from './model';
import {remembered} from './remembered';
import type {Route} from './route';
import type {Action} from './source';

/** The reader's choices in a sweep. */
export interface Choices {
  /** Names of the trials that are brushed in the chart; undefined for all. */
  brushed?: Set<string>;
  /** Text that a row of the table must contain. */
  filter: string;
  /** Only trials in this state. */
  onlyState: string;
  sort?: {column: string; descending: boolean};
  /** Names of the columns beside the trial's name. */
  columns?: string[];
  compared: string[];
  /** Which part each chart shows. */
  parts: Record<string, string>;
}

export const NO_CHOICES: Choices = {filter: '', onlyState: '', compared: [], parts: {}};

export interface State extends Choices {
  route: Route;
  dark: boolean;
  /** The text that was copied last, for a confirmation. */
  copied?: string;
  /** Since when the operator has not been there. */
  lostAt?: number;
  /** Why an action was not done. */
  refused?: string;
  /** The open trial, with what the trials of the report lack. */
  opened?: Trial;
  /** The last lines of its log, or why there are none. */
  log?: string;
}

/** The state of a page that shows a sweep. */
export interface SweepState extends State { report: Report; }

/** Kinds of content of the page. */
export type Screen =
  | {kind: 'loading'}
  | {kind: 'login'; problem?: string}
  | {kind: 'problem'; sentence: string}
  | {kind: 'sweeps'; sweeps: SweepSummary[]}
  | {kind: 'sweep'; report: Report};

/** Actions that views request from the page. */
export interface Actions {
  change(next: Partial<State>): void;
  login(token: string): void;
  logout(): void;
  /** Undefined in a file, where nothing can be done. */
  act?: (action: Action, trial?: string) => void;
}

export const theme = (state: State): Theme => state.dark ? DARK : LIGHT;

/** The trials that everything on the page shows. The same choice gives the same array: what shows it need not be drawn again. */
export const selected = ({report, brushed, filter, onlyState}: SweepState): Trial[] => select(report, brushed, filter, onlyState);

const select = remembered((report: Report, brushed: Set<string> | undefined, filter: string, onlyState: string): Trial[] => {
  const tests = filter.toLowerCase().split(/\s+/).filter(word => word !== '').map(test);
  if (brushed === undefined && tests.length === 0 && onlyState === '') return report.sweep.trials;
  return report.sweep.trials.filter(trial =>
    (brushed === undefined || brushed.has(trial.trial))
    && (onlyState === '' || trial.state === onlyState)
    && tests.every(passes => passes(trial)));
});

/** A word of the filter: a trial must contain the word, or `eval_acc>0.8`, `learning_rate<=1e-4`. */
function test(word: string): (trial: Trial) => boolean {
  const [, name, sign, limit] = /^(.+?)(<=|>=|<|>)(.+)$/.exec(word) ?? [];
  if (name === undefined || Number.isNaN(Number(limit))) return trial => searchable(trial).includes(word);
  const within = {'<': (a: number, b: number) => a < b, '<=': (a: number, b: number) => a <= b, '>': (a: number, b: number) => a > b, '>=': (a: number, b: number) => a >= b}[sign]!;
  return trial => [...Object.entries(trial.parameters), ...Object.entries(trial.metrics)]
    .some(([key, value]) => typeof value === 'number' && key.toLowerCase() === name && within(value, Number(limit)));
}

/** Text of a trial that the filter searches: a word may be `bert`, `running`, or `batch=16`. */
const searchable = (trial: Trial): string =>
  `${trial.trial} ${trial.state} ${trial.reason ?? ''} ${trial.node ?? ''} ${Object.entries(trial.parameters).map(([name, value]) => `${name}=${value}`).join(' ')}`.toLowerCase();
