import {percent} from '../format';
import type {Effect, Importance, Report} from '../model';
import {mainEffect} from '../stats';
import {axis, frame, type Chart, type View} from './chart';

const BARS = 12;
const ALL = 'all trials';
const LEARNED = 'trials that learned';

/** Whether a part of the trials is selected, of which only main effects are known. */
const isPart = (report: Report, view: View) => view.selected.length < report.sweep.trials.length;

function importance(report: Report, part: string | undefined): Importance {
  if (part === LEARNED && report.analysis.learned) return report.analysis.learned;
  return report.analysis.groups.find(group => name(group.group) === part) ?? report.analysis;
}

const name = (group: object): string => Object.values(group).join(', ');

/** How the variance divides: main effects and pairs, with what noise alone would give. */
export const importanceBars: Chart = {
  id: 'importance',
  title: report => `What ${report.sweep.metric} depends on`,
  description: (report, view) => {
    if (isPart(report, view)) return `Share of the variance of ${report.sweep.metric} that each hyperparameter explains alone, over the ${view.selected.length} selected trials.`;
    const shown = importance(report, view.part);
    const noise = shown.noise_share === undefined ? '' : ` Noise alone is expected to give ${percent(shown.noise_share)} in all; the thin bar is its share in each effect.`;
    return `Share of the variance of ${report.sweep.metric} over the search space. ${shown.importance_finding}${noise}`;
  },
  parts: report => [ALL, ...(report.analysis.learned ? [LEARNED] : []), ...report.analysis.groups.slice(0, 8).map(group => name(group.group))],
  applies: report => report.analysis.importance.length > 0,
  height: (report, view) => 60 + 30 * bars(report, view).length,
  option: (report, view) => {
    const {theme} = view;
    const shown = bars(report, view);
    return {
      ...frame(theme),
      grid: {left: 12, right: 56, top: 8, bottom: 24, containLabel: true},
      xAxis: {...axis(theme), type: 'value', min: 0, max: 1, axisLabel: {color: theme.muted, hideOverlap: true, formatter: (share: number) => percent(share)}},
      yAxis: {...axis(theme), type: 'category', inverse: true, data: shown.map(effect => effect.parameters.join(' × ')), axisLabel: {color: theme.text, width: Math.min(320, 0.4 * view.width), overflow: 'truncate'}},
      series: [
        {type: 'bar', barGap: '-100%', barWidth: 16, data: shown.map(effect => effect.share)},
        {type: 'bar', barWidth: 6, silent: true, itemStyle: {color: theme.series[1], opacity: 0.85}, data: shown.map(effect => effect.noise_share ?? 0)},
        // Right of the longer of both.
        {type: 'bar', barWidth: 16, silent: true, itemStyle: {color: 'transparent'}, data: shown.map(effect => Math.max(effect.share, effect.noise_share ?? 0)),
          label: {show: true, position: 'right', color: theme.text, formatter: ({dataIndex}: {dataIndex: number}) => label(shown[dataIndex])}},
      ],
    };
  },
};

const label = (effect: Effect): string =>
  percent(effect.share) + (effect.error === undefined ? '' : ` ± ${percent(effect.error)}`);

function bars(report: Report, view: View): Effect[] {
  if (isPart(report, view)) {
    return report.analysis.parameters
      .map(({name}) => ({parameters: [name], share: mainEffect(view.selected, name) ?? 0}))
      .sort((a, b) => b.share - a.share);
  }
  const shown = importance(report, view.part);
  const rest: Effect[] = shown.rest_share > 0.005 ? [{parameters: ['three and more together'], share: shown.rest_share}] : [];
  return [...shown.importance.slice(0, BARS), ...rest];
}
