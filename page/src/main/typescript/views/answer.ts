/** The answer: what is best for each group, how sure that is, and whether the groups want different hyperparameters. */
import {html, nothing, type TemplateResult} from 'lit-html';
import {copyToClipboard} from '../clipboard';
import * as format from '../format';
import {isRanked, NO_ANALYSIS, type Best, type Contrast, type Parameters, type Report, type Swap} from '../model';
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
      ${analysis.contrasts.map(contrast => comparison(state.report, contrast))}
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
        ${within(best)}
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

function within(best: Best): string {
  if (best.within_noise !== undefined && best.within_noise > 0) {
    return `${best.within_noise} other ${best.within_noise === 1 ? 'setting is' : 'settings are'} within noise of the best.`;
  }
  return best.within_noise === 0 ? 'Better than every other setting by more than noise.' : best.ties > 0 ? `${best.ties} other ${best.ties === 1 ? 'setting has' : 'settings have'} the same value.` : '';
}

function copy(state: SweepState, actions: Actions, label: string, text: string): TemplateResult {
  const done = state.copied === text;
  const press = () => void copyToClipboard(text).then(copied => actions.change({copied: copied ? text : undefined}));
  return html`<button type="button" @click=${press}>${done ? 'Copied' : label}</button>`;
}

/** As it stands in a Sweep: every parameter with its best value. */
export const yaml = (parameters: Parameters): string =>
  'parameters:\n' + Object.entries(parameters).map(([key, value]) => `  ${key}: {value: ${typeof value === 'string' ? JSON.stringify(value) : format.value(value)}}\n`).join('');

function comparison(report: Report, contrast: Contrast): TemplateResult {
  const left = name(contrast.group);
  const right = name(contrast.other);
  return html`
    <article class="comparison">
      <h3>How do ${left} and ${right} compare?</h3>
      <p>${compared(left, right, contrast, report)}</p>
      ${contrast.tuning === undefined ? nothing : html`
        <h3>Should they be tuned differently?</h3>
        <p>${verdict(contrast)}</p>
        ${contrast.tuning.swaps.length === 0 ? nothing : swaps(contrast.tuning.swaps)}`}
    </article>`;
}

function compared(left: string, right: string, {difference, margin, matched}: Contrast, report: Report): string {
  const best = difference === 0
    ? `The best of both is the same.`
    : `The best of ${left} is better by ${format.number(difference)}${margin === undefined ? '' : ` ± ${format.error(margin)} (95 %): ${difference > margin ? 'more than noise' : 'no more than noise'}`}.`;
  return matched === undefined || matched.settings < 2 ? best
    : `${best} Over the ${matched.settings} settings that both ran, ${left} is better in ${matched.better}, worse in ${matched.worse} and equal in ${matched.equal}; `
      + `on average it is ${matched.difference >= 0 ? 'better' : 'worse'} than ${right} by ${format.number(Math.abs(matched.difference))}${matched.margin === undefined ? '' : ` ± ${format.error(matched.margin)}`} ${report.sweep.metric}.`;
}

const verdict = (contrast: Contrast): string => ({
  'same': 'No: the same hyperparameters are best for both.',
  'different': different(contrast),
  'within noise': 'There is no evidence for it: their best hyperparameters differ, but what they lose with those of the other is no more than noise.',
  'noise unknown': 'Their best hyperparameters differ. How much of that is noise is not known: run replicates, or report eval_samples with an accuracy.',
  'not comparable': 'Their best hyperparameters differ, and neither has run those of the other.',
}[contrast.tuning!.verdict]);

/** Names the hyperparameters that make the difference, where single ones do. */
function different({group, other, tuning}: Contrast): string {
  const apart = tuning!.swaps.filter(swap => swap.parameters.length === 1 && exceedsNoise(swap));
  const wishes = [...new Set(apart.map(swap => swap.parameters[0]))].map(parameter => {
    const swap = apart.find(swap => swap.parameters[0] === parameter)!;
    const [left, right] = name(swap.group) === name(group) ? [swap.own, swap.foreign] : [swap.foreign, swap.own];
    return `${name(group)} wants ${format.parameters(left)} and ${name(other)} ${format.parameters(right)}`;
  });
  return (wishes.length === 0 ? 'Yes' : `Yes: ${wishes.join('; ')}`)
    + '. With what is best for the other, at least one of them loses more than noise.';
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
