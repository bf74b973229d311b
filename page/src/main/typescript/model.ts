/** The documents of the API and of a report, as dev.sweeps.results, analysis and report write them. */

export type Value = number | string | boolean | null | object;
export type Parameters = Record<string, Value>;
export type Goal = 'maximize' | 'minimize';
export type Scale = 'linear' | 'log' | 'category';

export interface Point { step: number; value: number; }

export interface Trial {
  trial: string;
  number: number;
  parameters: Parameters;
  state: 'Pending' | 'Queued' | 'Running' | 'Succeeded' | 'Failed' | 'Stopped';
  reason?: string;
  message?: string;
  value?: number;
  metrics: Record<string, number>;
  step?: number;
  attempts?: number;
  pod?: string;
  node?: string;
  exit_code?: number;
  created?: string;
  started?: string;
  ended?: string;
  history: Point[];
}

export interface Sweep {
  namespace?: string;
  name: string;
  method?: string;
  metric: string;
  goal: Goal;
  group_by: string[];
  parallelism?: number;
  state?: string;
  suspended: boolean;
  total: number;
  problem?: string;
  created?: string;
  started?: string;
  ended?: string;
  trials: Trial[];
}

export interface Best {
  trial: string;
  value: number;
  low?: number;
  high?: number;
  parameters: Parameters;
  replicates: number;
  ties: number;
  within_noise?: number;
  alternatives: string;
}

export interface Effect { parameters: string[]; share: number; noise_share?: number; error?: number; }

export interface Importance {
  importance_method: 'exact' | 'grid completed by a random forest' | 'random forest';
  importance_trials: number;
  importance_finding: string;
  importance: Effect[];
  rest_share: number;
  noise_share?: number;
  explained_share?: number;
}

export interface Level {
  value?: Value;
  from?: Value;
  to?: Value;
  count: number;
  mean?: number;
  sd?: number;
  best?: number;
  collapsed: number;
  diverged: number;
}

export interface Correlation {
  pearson?: number;
  pearson_p?: number;
  spearman?: number;
  spearman_p?: number;
  ratio?: number;
  ratio_p?: number;
}

export interface ParameterEffect { name: string; scale: Scale; values: Level[]; correlation: Correlation; }

export interface Group extends Importance {
  group: Parameters;
  count: number;
  mean: number;
  sd?: number;
  best: Best;
  collapsed: number;
  diverged: number;
  parameters: ParameterEffect[];
}

export interface Swap {
  group: Parameters;
  parameters: string[];
  own: Parameters;
  foreign: Parameters;
  settings: number;
  loss: number;
  margin?: number;
}

export interface Contrast {
  group: Parameters;
  other: Parameters;
  difference: number;
  margin?: number;
  matched?: {settings: number; difference: number; margin?: number; better: number; equal: number; worse: number};
  comparison: string;
  tuning_finding?: string;
  tuning?: {verdict: 'same' | 'within noise' | 'different' | 'noise unknown' | 'not comparable'; swaps: Swap[]};
}

export interface Analysis extends Importance {
  metric: string;
  goal: Goal;
  trials: number;
  collapsed: number;
  diverged: number;
  noise: {source: 'examples' | 'replicates' | 'unknown'; examples: number};
  best?: Best;
  groups: Group[];
  groups_omitted: number;
  contrasts: Contrast[];
  parameters: ParameterEffect[];
  learned?: Importance;
  summary: string;
}

export interface Report {
  sweep: Sweep;
  analysis: Analysis;
  /** Command lines of the best trials, by trial. */
  commands: Record<string, string>;
  /** When a sweep that runs will have ended. */
  estimated_end?: string;
}

/** Stands for an analysis that is being made. */
export const NO_ANALYSIS: Analysis = {
  metric: '', goal: 'maximize', trials: 0, collapsed: 0, diverged: 0, noise: {source: 'unknown', examples: 0}, groups: [], groups_omitted: 0, contrasts: [], parameters: [],
  importance_method: 'exact', importance_trials: 0, importance_finding: '', importance: [], rest_share: 0, summary: '',
};

/** Whether a trial ended by itself with the metric. */
export const isRanked = (trial: Trial): boolean => trial.value !== undefined && trial.state === 'Succeeded';

export const hasEnded = (trial: Trial): boolean => ['Succeeded', 'Failed', 'Stopped'].includes(trial.state);

/** The values of the parameters that make a group, as one text. */
export const groupOf = (sweep: Sweep, parameters: Parameters): string =>
  sweep.group_by.map(name => String(parameters[name] ?? '')).join(', ');

/** A sweep in the list of all. */
export interface SweepSummary {
  namespace: string;
  name: string;
  state: string;
  metric?: string;
  trials?: {total: number; waiting: number; pending: number; queued: number; running: number; succeeded: number; failed: number; stopped: number};
  best?: number;
  best_parameters?: string;
  summary?: string;
  created?: string;
}
