/** One trial: parameters, what became of it, its curve, and what to type next. */
import {html, nothing, type TemplateResult} from 'lit-html';
import {curves} from '../charts/curves';
import * as format from '../format';
import {hasEnded, type Trial} from '../model';
import {link} from '../route';
import {theme, type Actions, type SweepState} from '../state';

export function trialPage(state: SweepState, trial: Trial, actions: Actions): TemplateResult {
  const {sweep, commands} = state.report;
  const figure = {chart: curves, report: {...state.report, sweep: {...sweep, group_by: []}}, view: {theme: theme(state), selected: [trial], now: Date.now()}};
  return html`
    <nav aria-label="sweep"><a href=${link({...state.route, trial: undefined})}>← ${sweep.name}</a></nav>
    <h1>${trial.trial}</h1>
    <p class="facts">
      <span class="badge ${trial.state}">${trial.state}</span>
      ${trial.value === undefined ? nothing : html`<span>${sweep.metric} <strong>${format.number(trial.value)}</strong></span>`}
      ${trial.step === undefined ? nothing : html`<span>step ${trial.step}</span>`}
      ${(trial.attempts ?? 1) > 1 ? html`<span>${trial.attempts} attempts</span>` : nothing}
      ${trial.node === undefined ? nothing : html`<span>on ${trial.node}</span>`}
      ${trial.started === undefined ? nothing : html`<span>took ${format.elapsed(trial.started, trial.ended, Date.now())}</span>`}
    </p>
    ${actions.act === undefined ? nothing : retry(state, trial, actions.act)}
    ${trial.reason === undefined ? nothing : html`
      <section aria-labelledby="reason"><h2 id="reason">${trial.reason}</h2><pre tabindex="0" aria-label="message">${trial.message ?? ''}</pre></section>`}
    <section aria-labelledby="parameters">
      <h2 id="parameters">Hyperparameters</h2>
      <dl class="wide">${Object.entries(trial.parameters).map(([name, value]) => html`<div><dt>${name}</dt><dd>${format.value(value)}</dd></div>`)}</dl>
    </section>
    ${trial.history.length < 2 ? nothing : html`
      <section aria-labelledby="curve">
        <h2 id="curve">${curves.title(state.report)}</h2>
        <sweep-chart role="img" aria-label="${sweep.metric} of this trial at ${trial.history.length} steps, the last ${format.number(trial.value)}" .figure=${figure}></sweep-chart>
      </section>`}
    ${Object.keys(trial.metrics).length === 0 ? nothing : html`
      <section aria-labelledby="metrics">
        <h2 id="metrics">Last value of each metric</h2>
        <dl class="wide">${Object.entries(trial.metrics).map(([name, value]) => html`<div><dt>${name}</dt><dd>${format.number(value)}</dd></div>`)}</dl>
      </section>`}
    ${state.log === undefined ? nothing : html`
      <section aria-labelledby="log"><h2 id="log">Last lines of its log</h2><pre class="log" tabindex="0" aria-label="log">${state.log}</pre></section>`}
    ${next(sweep.namespace, trial, commands[trial.trial])}`;
}

/** Asks for confirmation of actions that destroy a result. */
function retry(state: SweepState, trial: Trial, act: NonNullable<Actions['act']>): TemplateResult {
  const press = () => {
    if (trial.value === undefined || confirm(`Run ${trial.trial} again? Its result (${format.number(trial.value)}) is deleted.`)) act('retry', trial.trial);
  };
  return html`
    ${hasEnded(trial) ? html`<p class="buttons"><button type="button" @click=${press}>Run again</button></p>` : nothing}
    ${state.refused === undefined ? nothing : html`<p role="alert" class="problem">${state.refused}</p>`}`;
}

function next(namespace: string | undefined, trial: Trial, command: string | undefined): TemplateResult {
  if (namespace === undefined) return html``;
  const lines = [
    trial.pod === undefined ? '' : `kubectl logs -n ${namespace} ${trial.pod} -c trainer`,
    `kubectl describe trial -n ${namespace} ${trial.trial}`,
    `kubectl delete trial -n ${namespace} ${trial.trial}    # runs this point again`,
    command ?? '',
  ].filter(line => line !== '');
  return html`<section aria-labelledby="next"><h2 id="next">What to type next</h2><pre tabindex="0" aria-label="commands">${lines.join('\n')}</pre></section>`;
}
