/** The trial table: sorted, filtered, with columns to choose, and rows to compare. Only the rows in sight are in the page. */
import {html, nothing, type TemplateResult} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import * as format from '../format';
import type {Report, Trial, Value} from '../model';
import {remembered} from '../remembered';
import {link} from '../route';
import {selected, type Actions, type SweepState} from '../state';

const ROW = 32;
const HEIGHT = 15 * ROW;

interface Column { name: string; of: (trial: Trial) => Value | undefined; text: (trial: Trial) => string; numeric: boolean; }

/** Everything that a row can show, by name. A metric that has the name of a parameter is prefixed. */
export const columns = remembered((report: Report): Map<string, Column> => {
  const {sweep} = report;
  const all: Column[] = [
    text('state', trial => trial.state),
    numeric(sweep.metric, trial => trial.value),
    ...report.analysis.parameters.map(({name}) => ({name, of: (trial: Trial) => trial.parameters[name], text: (trial: Trial) => format.value(trial.parameters[name]), numeric: typeof sweep.trials[0]?.parameters[name] === 'number'})),
    {name: 'took', of: trial => format.between(trial.started, trial.ended, Date.now()), text: trial => format.elapsed(trial.started, trial.ended, Date.now()), numeric: true},
    text('reason', trial => trial.reason),
    numeric('step', trial => trial.step),
    numeric('attempts', trial => trial.attempts),
    text('node', trial => trial.node),
    text('started', trial => trial.started),
    text('ended', trial => trial.ended),
    numeric('exit code', trial => trial.exit_code),
  ];
  const names = new Set(all.map(column => column.name));
  const metrics = [...new Set(sweep.trials.flatMap(trial => Object.keys(trial.metrics)))].filter(name => name !== sweep.metric && name !== 'step').sort();
  metrics.forEach(name => all.push(numeric(names.has(name) ? `metrics.${name}` : name, trial => trial.metrics[name])));
  return new Map(all.map(column => [column.name, column]));
});

const text = (name: string, of: (trial: Trial) => string | undefined): Column => ({name, of, text: trial => of(trial) ?? '', numeric: false});
const numeric = (name: string, of: (trial: Trial) => number | undefined): Column => ({name, of, text: trial => of(trial) === undefined ? '' : format.number(of(trial)), numeric: true});

const preselected = (report: Report): string[] =>
  ['state', report.sweep.metric, ...report.analysis.parameters.slice(0, 6).map(({name}) => name), 'took', 'reason'];

export function table(state: SweepState, actions: Actions): TemplateResult {
  const {change} = actions;
  const all = columns(state.report);
  const shown = (state.columns ?? preselected(state.report)).flatMap(name => all.get(name) ?? []);
  const rows = sorted(selected(state), sorting(state).column, sorting(state).descending, all);
  return html`
    <section aria-labelledby="trials">
      <h2 id="trials">Trials</h2>
      <div class="controls">
        <label>Filter <input type="search" placeholder="e.g. bert batch=16 eval_acc>0.8" size="36" .value=${state.filter} @input=${(event: InputEvent) => change({filter: (event.target as HTMLInputElement).value})}></label>
        <label>State <select @change=${(event: Event) => change({onlyState: (event.target as HTMLSelectElement).value})}>
          <option value="">all</option>
          ${[...new Set(state.report.sweep.trials.map(trial => trial.state))].map(one => html`<option value=${one} ?selected=${state.onlyState === one}>${one}</option>`)}
        </select></label>
        <details class="columns"><summary>Columns</summary><div>${[...all.keys()].map(name => html`
          <label><input type="checkbox" ?checked=${shown.some(column => column.name === name)} @change=${() => toggle(name, shown, all, actions)}> ${name}</label>`)}</div></details>
        <span role="status">${rows.length} of ${state.report.sweep.trials.length} trials</span>
        ${state.brushed === undefined && state.filter === '' && state.onlyState === '' ? nothing
          : html`<button type="button" @click=${() => change({brushed: undefined, filter: '', onlyState: ''})}>Show all</button>`}
      </div>
      ${rows.length === 0 ? html`<p class="state">No trial is as asked for. Press “Show all”, or change the filter.</p>` : html`
        <div class="scroll rows" tabindex="0" role="region" aria-label="table of trials" @scroll=${(event: Event) => (event.currentTarget as HTMLElement).dispatchEvent(new CustomEvent('page-redraw', {bubbles: true}))}>
          ${body(rows, shown, state, actions)}
        </div>`}
    </section>`;
}

function body(rows: Trial[], shown: Column[], state: SweepState, actions: Actions): TemplateResult {
  const region = document.querySelector('.rows');
  const first = Math.max(0, Math.min(Math.floor((region?.scrollTop ?? 0) / ROW) - 5, rows.length - 1));
  const visible = rows.slice(first, first + HEIGHT / ROW + 10);
  const filler = (count: number) => count <= 0 ? nothing : html`<tr aria-hidden="true"><td colspan=${shown.length + 2} height=${count * ROW}></td></tr>`;
  return html`
    <table aria-rowcount=${rows.length + 1}>
      <thead><tr>
        <th scope="col"><span class="hidden">compare</span></th>
        ${heading({name: 'trial', numeric: false}, state, actions)}
        ${shown.map(column => heading(column, state, actions))}
      </tr></thead>
      <tbody>
        ${filler(first)}
        ${repeat(visible, trial => trial.trial, (trial, index) => html`
          <tr aria-rowindex=${first + index + 2} class=${trial.trial === state.report.analysis.best?.trial ? 'best' : ''}>
            <td><input type="checkbox" aria-label="compare ${trial.trial}" .checked=${state.compared.includes(trial.trial)} @change=${() => actions.change({compared: toggled(state.compared, trial.trial)})}></td>
            <td><a href=${link(state.route, trial.trial)}>${trial.trial}</a></td>
            ${shown.map(column => html`<td class=${column.numeric ? 'number' : ''}>${column.text(trial)}</td>`)}
          </tr>`)}
        ${filler(rows.length - first - visible.length)}
      </tbody>
    </table>`;
}

function heading(column: {name: string; numeric: boolean}, state: SweepState, {change}: Actions): TemplateResult {
  const sort = sorting(state);
  const mine = sort.column === column.name;
  const press = () => change({sort: {column: column.name, descending: mine ? !sort.descending : column.numeric}});
  return html`<th scope="col" class=${column.numeric ? 'number' : ''} aria-sort=${mine ? sort.descending ? 'descending' : 'ascending' : 'none'}>
    <button type="button" @click=${press}>${column.name}<span aria-hidden="true">${mine ? sort.descending ? ' ▾' : ' ▴' : ''}</span></button></th>`;
}

/** The best first, until the reader wants another order. */
const sorting = ({sort, report}: SweepState) => sort ?? {column: report.sweep.metric, descending: report.sweep.goal === 'maximize'};

/** Trials without a value come last in both directions. */
const sorted = remembered((rows: Trial[], column: string, descending: boolean, all: Map<string, Column>): Trial[] => {
  const of = column === 'trial' ? (trial: Trial) => trial.number as Value : all.get(column)?.of;
  if (of === undefined) return rows;
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [of(a), of(b)];
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    return sign * (typeof left === 'number' && typeof right === 'number' ? left - right : String(left).localeCompare(String(right)));
  });
});

function toggle(name: string, shown: Column[], all: Map<string, Column>, {change}: Actions): void {
  const names = shown.map(column => column.name);
  const next = toggled(names, name);
  change({columns: [...all.keys()].filter(one => next.includes(one))});
}

const toggled = (all: string[], one: string): string[] => all.includes(one) ? all.filter(other => other !== one) : [...all, one];

/** Two or more trials side by side; what differs is marked. */
export function compare(state: SweepState, {change}: Actions): TemplateResult {
  const trials = state.compared.flatMap(name => state.report.sweep.trials.find(trial => trial.trial === name) ?? []);
  if (trials.length < 2) return html``;
  const all = [...columns(state.report).values()];
  const constants = [...new Set(trials.flatMap(trial => Object.keys(trial.parameters)))].filter(name => !all.some(column => column.name === name));
  const rows = [...all, ...constants.map(name => text(name, trial => format.value(trial.parameters[name])))];
  return html`
    <section aria-labelledby="compare">
      <h2 id="compare">Compared</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="trials side by side">
        <table>
          <thead><tr><th scope="col">trial</th>${trials.map(trial => html`<th scope="col"><a href=${link(state.route, trial.trial)}>${trial.trial}</a></th>`)}</tr></thead>
          <tbody>${rows.filter(row => trials.some(trial => row.text(trial) !== '')).map(row => {
            const texts = trials.map(row.text);
            return html`<tr class=${new Set(texts).size > 1 ? 'differs' : ''}><th scope="row">${row.name}</th>${texts.map(one => html`<td class=${row.numeric ? 'number' : ''}>${one}</td>`)}</tr>`;
          })}</tbody>
        </table>
      </div>
      <p><button type="button" @click=${() => change({compared: []})}>Clear</button></p>
    </section>`;
}
