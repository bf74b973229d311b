/** Where the page's data come from: inside the page, or the operator's API. */
import {NO_ANALYSIS, type Analysis, type Point, type Report, type Sweep, type SweepSummary, type Trial} from './model';

/** The status of an answer that did not come. */
export const UNREACHABLE = 0;

/** Why there is no answer; the message is a sentence for the reader. */
export class Refused extends Error {
  constructor(readonly status: number, sentence: string) {
    super(sentence);
  }
}

export type Action = 'suspend' | 'resume' | 'stop' | 'cancel' | 'retry';

/** Functions that need a running operator. */
export interface Live {
  sweeps(): Promise<SweepSummary[]>;
  login(token: string): Promise<void>;
  logout(): Promise<void>;
  /** Calls back after each change, and when the operator is lost or found again, until the function that it returns is called. */
  watch(namespace: string, name: string, changed: () => void, connected: (is: boolean) => void): () => void;
  /** One trial with its curve and its message, which the trials of a report may lack. */
  trial(namespace: string, name: string, trial: string): Promise<Trial>;
  log(namespace: string, name: string, trial: string): Promise<string>;
  act(action: Action, namespace: string, name: string, trial?: string): Promise<void>;
}

export interface Source {
  /** Undefined for a page in a file. */
  live?: Live;
  /** The sweep that the address names; a page in a file has one only. */
  report(namespace: string, name: string): Promise<Report>;
}

/** A page that was written to a file holds its sweep. */
export class Embedded implements Source {
  private readonly held: Report;

  constructor(element: Element) {
    this.held = JSON.parse(element.textContent!) as Report;
  }

  report(): Promise<Report> {
    return Promise.resolve(this.held);
  }
}

/** A stream that has not come back after so many milliseconds is lost. */
const LOST = 6000;

/** The answers of dev.sweeps.operator.web.SweepsResource. */
interface Overview { sweep: Sweep; analysis?: Analysis; commands: Record<string, string>; estimated_end?: string; }
interface Changes { version: string; complete: boolean; trials: Trial[]; removed: string[]; }

/** The trials of a sweep, as far as they were read. */
interface Read { path: string; version: string; trials: Map<string, Trial>; }

/** The operator that served the page; all addresses are relative to the page's, so that a path prefix does no harm. */
const SESSION = 'api/v1/session';
const NO_CONTENT = 204;

export class Api implements Source, Live {
  readonly live = this;
  private csrf?: string;
  private loggedIn?: Promise<void>;
  /** Version of the sweep that was read last. Events tell the newest one. */
  private seen?: string;
  private read?: Read;

  async report(namespace: string, name: string): Promise<Report> {
    const path = sweepPath(namespace, name);
    const before = this.read?.path === path ? this.read : undefined;
    const since = before === undefined ? '' : `?since=${encodeURIComponent(before.version)}`;
    const curves = (): Promise<Record<string, Point[]>> => this.get(`${path}/history`);
    const [overview, changes, first] = await Promise.all([
      this.overview(path), this.get<Changes>(`${path}/changes${since}`), before === undefined ? curves() : undefined,
    ]);
    const trials = changes.complete ? withCurves(changes.trials, first ?? await curves()) : new Map(before!.trials);
    if (!changes.complete) changes.trials.forEach(trial => trials.set(trial.trial, trial));
    changes.removed.forEach(trial => trials.delete(trial));
    this.read = {path, version: changes.version, trials};
    return reportOf(overview, trials);
  }

  private async overview(path: string): Promise<Overview> {
    const response = await this.send(path);
    this.seen = response.headers.get('ETag')?.replace(/^W\/|"/g, '');
    return response.json() as Promise<Overview>;
  }

  trial(namespace: string, name: string, trial: string): Promise<Trial> {
    return this.get(`${sweepPath(namespace, name)}/trials/${encodeURIComponent(trial)}`);
  }

  sweeps(): Promise<SweepSummary[]> {
    return this.get('api/v1/sweeps');
  }

  async login(token: string): Promise<void> {
    const response = await this.send(SESSION, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({token})});
    this.csrf = ((await response.json()) as {csrf: string}).csrf;
    this.loggedIn = Promise.resolve();
  }

  async logout(): Promise<void> {
    await this.change(SESSION, 'DELETE');
    this.csrf = undefined;
    this.loggedIn = undefined;
  }

  watch(namespace: string, name: string, changed: () => void, connected: (is: boolean) => void): () => void {
    const events = new EventSource(`${sweepPath(namespace, name)}/events`);
    let lost: ReturnType<typeof setTimeout> | undefined;
    events.onmessage = event => {
      // The version of the trials and that of their analysis; the trials may have been read before the sweep.
      if (event.data !== this.seen || !this.seen?.startsWith(`${this.read?.version}.`)) changed();
    };
    events.onopen = () => {
      clearTimeout(lost);
      lost = undefined;
      connected(true);
    };
    events.onerror = () => {
      // The operator ends each stream after a minute, and the browser begins another; what it refuses, a new request is told.
      if (events.readyState === EventSource.CLOSED) changed(); else lost ??= setTimeout(() => connected(false), LOST);
    };
    return () => {
      clearTimeout(lost);
      events.close();
    };
  }

  async log(namespace: string, name: string, trial: string): Promise<string> {
    return (await this.send(`${sweepPath(namespace, name)}/trials/${encodeURIComponent(trial)}/log`)).text();
  }

  async act(action: Action, namespace: string, name: string, trial?: string): Promise<void> {
    const of = trial === undefined ? '' : `/trials/${encodeURIComponent(trial)}`;
    await this.change(`${sweepPath(namespace, name)}${of}/${action}`, 'POST');
  }

  private async change(path: string, method: string): Promise<void> {
    this.csrf ??= (await this.get<{csrf: string}>(SESSION)).csrf;
    await this.send(path, {method, headers: {'X-CSRF-Token': this.csrf}});
  }

  private async get<T>(path: string): Promise<T> {
    return (await this.send(path)).json() as Promise<T>;
  }

  /** Asked once before the first request: one that is refused would stand in the browser's console. */
  private checkLogin(path: string): Promise<void> {
    if (path === SESSION) return Promise.resolve();
    this.loggedIn ??= this.fetched(SESSION, {}).then(response => {
      if (response.status === NO_CONTENT) {
        this.loggedIn = undefined;
        throw new Refused(401, 'Log in.');
      }
    });
    return this.loggedIn;
  }

  private async send(path: string, init: RequestInit = {}): Promise<Response> {
    await this.checkLogin(path);
    return this.fetched(path, init);
  }

  private async fetched(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(path, {...init, credentials: 'same-origin'});
    } catch {
      throw new Refused(UNREACHABLE, 'The operator cannot be reached. It may be starting again; is kubectl port-forward still running?');
    }
    if (!response.ok) {
      const problem = await response.json().catch(() => ({})) as {error?: string};
      throw new Refused(response.status, problem.error ?? `The operator answered ${response.status}.`);
    }
    return response;
  }
}

const sweepPath = (namespace: string, name: string): string =>
  `api/v1/namespaces/${encodeURIComponent(namespace)}/sweeps/${encodeURIComponent(name)}`;

const withCurves = (trials: Trial[], curves: Record<string, Point[]>): Map<string, Trial> =>
  new Map(trials.map(trial => [trial.trial, {...trial, history: curves[trial.trial] ?? trial.history}]));

const reportOf = ({sweep, analysis, commands, estimated_end}: Overview, trials: Map<string, Trial>): Report =>
  ({sweep: {...sweep, trials: [...trials.values()].sort((a, b) => a.number - b.number)}, analysis: analysis ?? NO_ANALYSIS, commands, estimated_end});
