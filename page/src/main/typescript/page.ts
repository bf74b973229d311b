/** The page: reads its data, shows what the address asks for, and shows it again when something changes. */
import {html, render} from 'lit-html';
import './figure';
import {Embedded, type Source} from './source';
import type {Change, State} from './state';
import {sweepPage} from './views/sweep';
import {trialPage} from './views/trial';

const root = document.getElementById('page')!;
let state: State;

const change: Change = next => {
  if (next.open !== undefined) {
    location.hash = next.open;
    return;
  }
  state = {...state, ...next};
  show();
};

function show(): void {
  document.documentElement.dataset.theme = state.dark ? 'dark' : 'light';
  const trial = state.report.sweep.trials.find(one => one.trial === state.open);
  document.title = trial?.trial ?? `${state.report.sweep.name} – sweep`;
  render(html`
    <div class="top">
      <button type="button" aria-pressed=${state.dark} @click=${() => change({dark: !state.dark})}>Dark</button>
    </div>
    <main>${trial === undefined ? sweepPage(state, change) : trialPage(state, trial)}</main>`, root);
}

/** The trial that the address names: #rte-0a1b2c. */
const opened = (): string | undefined => decodeURIComponent(location.hash.slice(1)) || undefined;

async function start(source: Source): Promise<void> {
  const report = await source.report(undefined, undefined);
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  state = {report, open: opened(), filter: '', onlyState: '', sort: {column: report.sweep.metric, descending: report.sweep.goal === 'maximize'}, compared: [], parts: {}, dark};
  root.replaceChildren();
  show();
  addEventListener('hashchange', () => {
    state = {...state, open: opened()};
    show();
    scrollTo(0, 0);
  });
  addEventListener('page-redraw', show);
}

start(new Embedded(document.getElementById('report')!));
