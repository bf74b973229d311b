/** The answer: what is best for each group, how sure that is, and whether the groups want different hyperparameters. */
import {html, nothing, type TemplateResult} from 'lit-html';
import {copyToClipboard} from '../clipboard';
import * as format from '../format';
import {isRanked, NO_ANALYSIS, type Best, type Contrast, type Parameters, type Swap} from '../model';
import {link} from '../route';
import type {Actions, SweepState} from '../state';

export function answer(state: SweepState, actions: Actions): TemplateResult {
  const {analysis, sweep} = state.report;
  const results = sweep.trials.filter(isRanked).length;
  return html`
    <section aria-labelledby="answer">
      <h2 id="answer">The answer</h2>
      ${analysis === NO_ANALYSIS ? html`<p class="state" role="status">The trials are being analysed …</p><div class="skeleton" aria-hidden="true"></div>` : html`<p class="summary">${analysis.summary}</p>`}
      ${analysis === NO_ANALYSIS || analysis.trials === results ? nothing : html`<p class="muted">Of ${analysis.trials} results; there are ${results} by now, and the next answer is being made.</p>`}
      ${analysis.best === undefined ? nothing : html`
        <div class="cards">
          ${analysis.groups.length === 0
            ? card(state, actions, 'Best', analysis.best, undefined)
            : analysis.groups.map(group => card(state, actions, name(group.group), group.best, group))}
        </div>`}
      ${analysis.groups_omitted > 0 ? html`<p>${analysis.groups_omitted} more groups are not shown.</p>` : nothing}
      ${analysis.contrasts.map(comparison)}
    </section>`;
}

const name = (group: Parameters): string => Object.values(group).map(format.value).join(', ');

function card(state: SweepState, actions: Actions, title: string, best: Best, group: {count: number; mean: number; sd?: number; collapsed: number; diverged: number} | undefined): TemplateResult {
  const {sweep, commands} = state.report;
  const command = commands[best.trial];
  return html`
    <article class="card">
      <h3>${title}</h3>
      <p class="value">${format.number(best.value)} <span class="muted">${sweep.metric}</span></p>
      <p>${best.low === undefined
        ? html`<span class="muted">No interval: the noise is not known.</span>`
        : html`95 % interval ${format.number(best.low)} to ${format.number(best.high)}`}</p>
      <dl>${Object.entries(best.parameters).filter(([key]) => !sweep.group_by.includes(key) || group === undefined).map(([key, value]) => html`
        <div><dt>${key}</dt><dd>${format.value(value)}</dd></div>`)}</dl>
      <p class="muted">
        ${best.alternatives}
        ${group === undefined ? nothing : html`Mean of ${group.count} trials ${format.number(group.mean)}${group.sd === undefined ? '' : ` ± ${format.number(group.sd)} (SD)`}.`}
        ${group !== undefined && group.collapsed + group.diverged > 0 ? html`${group.collapsed} collapsed, ${group.diverged} diverged.` : nothing}
        ${best.replicates > 1 ? `${best.replicates} replicates.` : nothing}
      </p>
      <p class="buttons">
        <a class="button" href=${link(state.route, best.trial)}>Open ${best.trial}</a>
        ${command === undefined ? nothing : copy(state, actions, 'Copy command', command)}
        ${copy(state, actions, 'Copy YAML', yaml(best.parameters))}
      </p>
      ${command === undefined ? nothing : html`<pre tabindex="0" aria-label="command line of the best trial">${words(command)}</pre>`}
    </article>`;
}

/** A browser breaks a line after the hyphens of a flag, unless it is told not to. */
const words = (command: string): TemplateResult[] => command.split(' ').map(word => html`<span class="word">${word}</span> `);

function copy(state: SweepState, actions: Actions, label: string, text: string): TemplateResult {
  const done = state.copied === text;
  const press = () => void copyToClipboard(text).then(copied => actions.change({copied: copied ? text : undefined}));
  return html`<button type="button" @click=${press}>${done ? 'Copied' : label}</button>`;
}

/** As it stands in a Sweep: every parameter with its best value. */
export const yaml = (parameters: Parameters): string =>
  'parameters:\n' + Object.entries(parameters).map(([key, value]) => `  ${key}: {value: ${typeof value === 'string' ? JSON.stringify(value) : format.value(value)}}\n`).join('');

function comparison(contrast: Contrast): TemplateResult {
  const left = name(contrast.group);
  const right = name(contrast.other);
  return html`
    <article class="comparison">
      <h3>How do ${left} and ${right} compare?</h3>
      <p>${contrast.comparison}</p>
      ${contrast.tuning === undefined ? nothing : html`
        <h3>Should they be tuned differently?</h3>
        <p>${contrast.tuning_finding}</p>
        ${contrast.tuning.swaps.length === 0 ? nothing : swaps(contrast.tuning.swaps)}`}
    </article>`;
}

const exceedsNoise = (swap: Swap): boolean => swap.margin !== undefined && swap.loss > swap.margin;

const swaps = (all: Swap[]): TemplateResult => html`
  <div class="scroll wrapped" tabindex="0" role="region" aria-label="what each group loses with what is best for the other">
    <table>
      <thead><tr><th scope="col">Group</th><th scope="col">with</th><th scope="col">instead of</th><th scope="col">loses</th><th scope="col">noise (95 %)</th><th scope="col">beyond noise</th></tr></thead>
      <tbody>${all.map(swap => html`
        <tr>
          <td>${name(swap.group)}</td>
          <td>${format.parameters(swap.foreign)}</td>
          <td>${format.parameters(swap.own)}${swap.settings > 1 ? html` <span class="muted">(mean over ${swap.settings} settings)</span>` : nothing}</td>
          <td class="number">${format.number(swap.loss)}</td>
          <td class="number">${swap.margin === undefined ? '–' : `± ${format.error(swap.margin)}`}</td>
          <td>${swap.margin === undefined ? 'not known' : exceedsNoise(swap) ? 'yes' : 'no'}</td>
        </tr>`)}</tbody>
    </table>
  </div>`;
