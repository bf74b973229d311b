/** The page: reads what the address asks for, shows it, and shows it again when something changes. */
import {html, nothing, render, type TemplateResult} from 'lit-html';
import './figure';
import type {Trial} from './model';
import {link, parse} from './route';
import {Api, Embedded, Refused, UNREACHABLE, type Source} from './source';
import {NO_CHOICES, type Actions, type Screen, type State, type SweepState} from './state';
import {loginPage} from './views/login';
import {sweepPage} from './views/sweep';
import {sweepsPage} from './views/sweeps';
import {trialPage} from './views/trial';

/** All sweeps are looked at so often, in milliseconds; one sweep tells when it changes. */
const LOOK = 5000;

/** The log of a trial that runs is read so often. */
const LOG = 2000;

const root = document.getElementById('page')!;
const embedded = document.getElementById('report');
const source: Source = embedded === null ? new Api() : new Embedded(embedded);

let screen: Screen = {kind: 'loading'};
let state: State = {...NO_CHOICES, route: parse(location.hash, source.live !== undefined), dark: matchMedia('(prefers-color-scheme: dark)').matches};
let stopWatching = (): void => {};
let nextLog: ReturnType<typeof setTimeout> | undefined;
/** The open trial as the report had it when more of it was read; a trial that has changed is another object. */
let readLast: Trial | undefined;

const actions: Actions = {
  change: next => {
    state = {...state, ...next};
    show();
  },
  login: token => void source.live!.login(token).then(load, problem => showScreen({kind: 'login', problem: sentence(problem)})),
  logout: () => void source.live!.logout().finally(() => showScreen({kind: 'login'})),
  act: source.live && ((action, trial) => void source.live!.act(action, state.route.namespace!, state.route.sweep!, trial)
    .then(() => actions.change({refused: undefined}), problem => actions.change({refused: sentence(problem)}))),
};

/** The request in progress, if any. Answers that arrive after the address has changed are ignored. */
let reading: {address: string; again: boolean} | undefined;

/** Reads what the address asks for. While it is read again, what was there stays. */
async function load(): Promise<void> {
  const {namespace, sweep} = state.route;
  const address = `${namespace}/${sweep}`;
  if (reading?.address === address) {
    reading.again = true;
    return;
  }
  const mine = reading = {address, again: false};
  const showMine = (next: Screen): void => {
    if (reading === mine) showScreen(next);
  };
  try {
    if (source.live !== undefined && sweep === undefined) {
      showMine({kind: 'sweeps', sweeps: await source.live.sweeps()});
    } else {
      showMine({kind: 'sweep', report: await source.report(namespace ?? '', sweep ?? '')});
    }
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    if (problem.status === UNREACHABLE && screen.kind === 'sweep') {
      // The content stays; the stream of changes reconnects to the operator.
      if (reading === mine) actions.change({lostAt: state.lostAt ?? Date.now()});
      return;
    }
    showMine(problem.status === 401 ? {kind: 'login', problem: screen.kind === 'loading' ? undefined : problem.message} : {kind: 'problem', sentence: problem.message});
  } finally {
    if (reading === mine) reading = undefined;
  }
  if (mine.again) void load();
}

/** Keeps what is shown in step with the cluster. */
function follow(): void {
  stopWatching();
  if (source.live === undefined) return;
  const {namespace, sweep} = state.route;
  if (sweep !== undefined) {
    stopWatching = source.live.watch(namespace!, sweep, () => void load(), is => actions.change({lostAt: is ? undefined : state.lostAt ?? Date.now()}));
  } else {
    const timer = setInterval(() => void (screen.kind === 'sweeps' || screen.kind === 'problem' ? load() : undefined), LOOK);
    stopWatching = () => clearInterval(timer);
  }
}

/** Reads the details of the open trial that the report lacks. The log is read repeatedly while the trial runs. */
function readTrial(): void {
  const {namespace, sweep, trial} = state.route;
  const listed = screen.kind === 'sweep' ? screen.report.sweep.trials.find(one => one.trial === trial) : undefined;
  if (listed === readLast) return;
  readLast = listed;
  clearTimeout(nextLog);
  if (source.live === undefined || listed === undefined) return;
  const {live} = source;
  const show = (next: Partial<State>): void => {
    if (readLast === listed) actions.change(next);
  };
  live.trial(namespace!, sweep!, listed.trial).then(opened => show({opened}), () => show({opened: undefined}));
  const readLog = (): void => {
    live.log(namespace!, sweep!, listed.trial).then(log => show({log}), problem => show({log: sentence(problem)})).then(() => {
      if (readLast === listed && listed.state === 'Running') nextLog = setTimeout(readLog, LOG);
    });
  };
  readLog();
}

function showScreen(next: Screen): void {
  const before = screen.kind;
  screen = next;
  show();
  if (next.kind === 'sweep' || next.kind === 'sweeps') {
    if (before !== next.kind) follow();
    if (next.kind === 'sweep') readTrial();
  }
}

function show(): void {
  document.documentElement.dataset.theme = state.dark ? 'dark' : 'light';
  document.title = [state.route.trial, state.route.sweep, 'Sweeps'].filter(part => part !== undefined).join(' – ');
  const logBefore = document.querySelector('.log');
  const atItsEnd = logBefore === null || logBefore.scrollTop + logBefore.clientHeight >= logBefore.scrollHeight - 1;
  render(html`
    <nav class="top" aria-label="page">
      ${source.live !== undefined && state.route.sweep !== undefined ? html`<a href="#/">All sweeps</a>` : nothing}
      <span class="spring"></span>
      <button type="button" aria-pressed=${state.dark} @click=${() => actions.change({dark: !state.dark})}>Dark</button>
      ${source.live !== undefined && screen.kind !== 'login' ? html`<button type="button" @click=${actions.logout}>Log out</button>` : nothing}
    </nav>
    ${state.lostAt === undefined ? nothing : html`<p role="status" class="selection">The operator has not answered since ${new Date(state.lostAt).toLocaleTimeString()}, and is asked again. Is kubectl port-forward still running?</p>`}
    <main>${content()}</main>`, root);
  // The end of a log is what is read, unless the reader has gone up.
  const log = document.querySelector('.log');
  if (log !== null && atItsEnd) log.scrollTop = log.scrollHeight;
}

function content(): TemplateResult {
  switch (screen.kind) {
    case 'loading': return html`<h1>${state.route.trial ?? state.route.sweep ?? 'Sweeps'}</h1><p class="state" role="status">Loading …</p><div class="skeleton" aria-hidden="true"></div>`;
    case 'login': return loginPage(screen.problem, actions);
    case 'problem': return html`<h1>${state.route.sweep ?? 'Sweeps'}</h1><p class="state" role="alert">${screen.sentence}</p><p class="state"><button type="button" @click=${() => void load()}>Try again</button></p>`;
    case 'sweeps': return sweepsPage(screen.sweeps);
    case 'sweep': {
      const withReport: SweepState = {...state, report: screen.report};
      if (state.route.trial === undefined) return sweepPage(withReport, actions);
      const trial = screen.report.sweep.trials.find(one => one.trial === state.route.trial);
      return trial === undefined
        ? html`<h1>${state.route.trial}</h1><p class="state">There is no trial ${state.route.trial}; it may have been deleted, or wait to be run again. <a href=${link({...state.route, trial: undefined})}>All trials</a></p>`
        : trialPage(withReport, {...trial, ...(state.opened?.trial === trial.trial ? state.opened : {})}, actions);
    }
  }
}

const sentence = (problem: unknown): string => problem instanceof Error ? problem.message : String(problem);

addEventListener('hashchange', () => {
  const route = parse(location.hash, source.live !== undefined);
  const sameSweep = route.namespace === state.route.namespace && route.sweep === state.route.sweep;
  state = sameSweep ? {...state, route, opened: undefined, log: undefined, refused: undefined} : {...state, ...NO_CHOICES, brushed: undefined, sort: undefined, columns: undefined, route, opened: undefined, log: undefined, lostAt: undefined, refused: undefined};
  if (sameSweep) {
    show();
    readTrial();
  } else {
    screen = {kind: 'loading'};
    show();
    void load();
  }
  scrollTo(0, 0);
});
addEventListener('page-redraw', show);
root.replaceChildren();
show();
void load();
