import {html, nothing, type TemplateResult} from 'lit-html';
import * as format from '../format';
import type {SweepSummary} from '../model';
import {link} from '../route';

/** All sweeps that the viewer may see. */
export function sweepsPage(sweeps: SweepSummary[]): TemplateResult {
  return html`
    <h1>Sweeps</h1>
    ${sweeps.length === 0 ? html`
      <p class="state">There is no sweep that you may see. <br>Start one with <code>kubectl apply -f sweep.yaml</code>; if there are some, ask who manages their namespace for the role view.</p>` : html`
      <div class="scroll all" tabindex="0" role="region" aria-label="all sweeps">
        <table>
          <thead><tr><th scope="col">Sweep</th><th scope="col">Namespace</th><th scope="col">State</th><th scope="col">Progress</th><th scope="col">Metric</th><th scope="col" class="number">Best</th><th scope="col">Best hyperparameters</th><th scope="col">Age</th></tr></thead>
          <tbody>${sweeps.map(row)}</tbody>
        </table>
      </div>`}`;
}

function row(sweep: SweepSummary): TemplateResult {
  const ended = sweep.trials === undefined ? 0 : sweep.trials.succeeded + sweep.trials.failed + sweep.trials.stopped;
  const total = sweep.trials?.total ?? 0;
  return html`
    <tr>
      <td><a href=${link({namespace: sweep.namespace, sweep: sweep.name})}>${sweep.name}</a></td>
      <td>${sweep.namespace}</td>
      <td><span class="badge ${sweep.state}">${sweep.state}</span></td>
      <td>${total === 0 ? nothing : html`<progress max=${total} value=${ended} aria-label="trials of ${sweep.name} that have ended"></progress> ${ended}/${total}${sweep.trials!.failed > 0 ? `, ${sweep.trials!.failed} failed` : ''}`}</td>
      <td>${sweep.metric ?? ''}</td>
      <td class="number">${sweep.best === undefined ? '' : format.number(sweep.best)}</td>
      <td>${sweep.best_parameters ?? ''}</td>
      <td>${format.elapsed(sweep.created, undefined, Date.now())}</td>
    </tr>`;
}
