/** One sweep: how far it is, the answer, the charts, the trials. */
import {html, nothing, type TemplateResult} from 'lit-html';
import {CHARTS} from '../charts';
import type {Chart} from '../charts/chart';
import {parallel} from '../charts/parallel';
import * as format from '../format';
import {hasEnded, type Trial} from '../model';
import {selected, theme, type Actions, type SweepState} from '../state';
import {answer} from './answer';
import {compare, table} from './table';

export function sweepPage(state: SweepState, actions: Actions): TemplateResult {
  const {report} = state;
  const {change} = actions;
  const shown = selected(state);
  return html`
    ${header(state, actions)}
    ${report.sweep.trials.length === 0
      ? html`<p class="state">There is no trial yet. ${report.sweep.problem ?? 'The operator makes the first ones within seconds; look at kubectl describe sweep if none comes.'}</p>`
      : html`
        ${answer(state, actions)}
        <section aria-labelledby="charts">
          <h2 id="charts">Charts</h2>
          ${shown.length === report.sweep.trials.length ? nothing : html`
            <p role="status" class="selection">${shown.length} of ${report.sweep.trials.length} trials are selected. <button type="button" @click=${() => change({brushed: undefined, filter: '', onlyState: ''})}>Show all</button></p>`}
          ${CHARTS.filter(chart => chart.applies(report)).map(chart => figure(chart, state, shown, actions))}
        </section>
        ${table(state, actions)}
        ${compare(state, actions)}`}`;
}

function header(state: SweepState, actions: Actions): TemplateResult {
  const {sweep, estimated_end} = state.report;
  const left = estimated_end === undefined ? 0 : Date.parse(estimated_end) - Date.now();
  const ended = sweep.trials.filter(hasEnded).length;
  const total = Math.max(sweep.total, sweep.trials.length);
  const failed = sweep.trials.filter(trial => trial.state === 'Failed').length;
  return html`
    <header>
      <h1>${sweep.name}</h1>
      <p class="facts">
        ${sweep.state === undefined ? nothing : html`<span class="badge ${sweep.state}">${sweep.state}</span>`}
        <span>${ended} of ${total} trials ended${failed > 0 ? `, ${failed} failed` : ''}</span>
        ${sweep.namespace === undefined ? nothing : html`<span>namespace ${sweep.namespace}</span>`}
        <span>${sweep.goal} ${sweep.metric}</span>
        ${sweep.started === undefined ? nothing : html`<span>${sweep.ended === undefined ? `began ${format.elapsed(sweep.started, undefined, Date.now())} ago` : `took ${format.elapsed(sweep.started, sweep.ended, Date.now())}`}</span>`}
        ${left > 0 ? html`<span>about ${format.duration(left)} left</span>` : nothing}
      </p>
      <progress max=${total} value=${ended} aria-label="trials that have ended"></progress>
      ${sweep.problem === undefined ? nothing : html`<p class="problem">${sweep.problem}</p>`}
      ${actions.act === undefined ? nothing : buttons(state, actions)}
    </header>`;
}

function buttons(state: SweepState, actions: Actions): TemplateResult {
  const {sweep} = state.report;
  const path = `api/v1/namespaces/${sweep.namespace}/sweeps/${sweep.name}`;
  const end = (action: 'stop' | 'cancel', question: string) => {
    if (confirm(question)) actions.act!(action);
  };
  return html`
    <p class="buttons">
      ${sweep.suspended
        ? html`<button type="button" @click=${() => actions.act!('resume')}>Resume</button>`
        : sweep.ended === undefined ? html`<button type="button" @click=${() => actions.act!('suspend')}>Suspend</button>` : nothing}
      ${sweep.ended === undefined ? html`
        <button type="button" @click=${() => end('stop', `End ${sweep.name}? Running trials finish, and no more are started.`)}>Stop</button>
        <button type="button" @click=${() => end('cancel', `End ${sweep.name} now? Running trials are ended; what they have reported is kept.`)}>Cancel</button>` : nothing}
      <a class="button" href="${path}/export.csv" download="${sweep.name}.csv">CSV</a>
      <a class="button" href="${path}/export.json" download="${sweep.name}.json">JSON</a>
    </p>
    ${state.refused === undefined ? nothing : html`<p role="alert" class="problem">${state.refused}</p>`}`;
}

function figure(chart: Chart, state: SweepState, shown: Trial[], {change}: Actions): TemplateResult {
  const {report} = state;
  const parts = chart.parts?.(report) ?? [];
  const part = parts.includes(state.parts[chart.id]) ? state.parts[chart.id] : parts[0];
  const view = {theme: theme(state), selected: shown, part, now: Date.now()};
  const description = chart.description(report, {...view, width: 0});
  const onBrush = chart === parallel ? (brushed: Set<string> | undefined) => change({brushed}) : undefined;
  return html`
    <figure id=${chart.id}>
      <figcaption>
        <h3>${chart.title(report)}</h3>
        ${parts.length < 2 ? nothing : html`
          <select aria-label="what ${chart.title(report)} shows" @change=${(event: Event) => change({parts: {...state.parts, [chart.id]: (event.target as HTMLSelectElement).value}})}>
            ${parts.map(one => html`<option value=${one} ?selected=${one === part}>${one}</option>`)}
          </select>`}
        <p>${description}</p>
      </figcaption>
      <sweep-chart role="img" aria-label="${chart.title(report)}. ${description}" .figure=${{chart, report, view, onBrush, brushed: chart === parallel && state.brushed !== undefined}}></sweep-chart>
    </figure>`;
}
