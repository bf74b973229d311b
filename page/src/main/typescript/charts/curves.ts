import {number} from '../format';
import {groupOf, type Report, type Trial} from '../model';
import {deviation, groupBy, mean} from '../stats';
import {axis, frame, type Chart} from './chart';

/** More single runs than these are not drawn behind the means. */
const SINGLE_RUNS = 300;

/** The metric over the steps: mean of each group with a band of one standard deviation, single runs behind. */
export const curves: Chart = {
  id: 'curves',
  title: report => `${report.sweep.metric} over the steps`,
  description: report => 'Mean of the selected trials'
    + (report.sweep.group_by.length > 0 ? ` for each ${report.sweep.group_by.join(', ')}` : '')
    + ' with a band of one standard deviation, as far as half of them go; single runs behind.',
  applies: report => report.sweep.trials.some(trial => trial.history.length > 1),
  height: () => 340,
  option: (report, {theme, selected}) => {
    const runs = selected.filter(trial => trial.history.length > 1);
    const groups = [...groupBy(runs, trial => groupOf(report.sweep, trial.parameters))].slice(0, theme.series.length);
    return {
      ...frame(theme),
      tooltip: {...(frame(theme).tooltip as object), trigger: 'axis', valueFormatter: (value: number) => number(value)},
      legend: {bottom: 0, textStyle: {color: theme.text}, data: groups.map(([name]) => label(report, name))},
      grid: {left: 12, right: 24, top: 16, bottom: 56, containLabel: true},
      xAxis: {...axis(theme), type: 'value', name: 'step', nameLocation: 'middle', nameGap: 24, min: 'dataMin', max: 'dataMax'},
      yAxis: {...axis(theme), type: 'value', scale: true},
      series: groups.flatMap(([name, members], index) => [
        ...singleRuns(members, theme.series[index], runs.length),
        ...meanWithBand(label(report, name), members, theme.series[index]),
      ]),
    };
  },
};

const label = (report: Report, group: string): string => group === '' ? report.sweep.metric : group;

const singleRuns = (members: Trial[], color: string, all: number) =>
  (all > SINGLE_RUNS ? [] : members).map(trial => ({
    name: trial.trial, type: 'line', showSymbol: false, silent: true, tooltip: {show: false}, lineStyle: {color, width: 1, opacity: 0.25}, itemStyle: {color},
    data: trial.history.map(point => [point.step, point.value]),
  }));

function meanWithBand(name: string, members: Trial[], color: string) {
  const bySteps = new Map<number, number[]>();
  for (const trial of members) {
    for (const point of trial.history) {
      bySteps.set(point.step, [...(bySteps.get(point.step) ?? []), point.value]);
    }
  }
  // A mean over fewer trials is another mean: its line would jump where the shorter trials end.
  const steps = [...bySteps].filter(([, values]) => values.length >= members.length / 2).sort(([a], [b]) => a - b);
  const middle = steps.map(([step, values]) => [step, mean(values)]);
  const upper = steps.map(([step, values]) => [step, mean(values) + deviation(values)]);
  const lower = steps.map(([step, values]) => [step, mean(values) - deviation(values)]);
  return [
    {name: `${name} band`, type: 'custom', silent: true, tooltip: {show: false}, encode: {x: 0, y: [1, 2]}, itemStyle: {color},
      // One item stands for the whole band; the others tell the axis how far it reaches.
      data: steps.map(([step], index) => [step, lower[index][1], upper[index][1]]),
      renderItem: (params: {dataIndex: number}, api: {coord: (point: number[]) => number[]}) => params.dataIndex > 0 ? undefined : {
        type: 'polygon', shape: {points: [...upper, ...[...lower].reverse()].map(point => api.coord(point))}, style: {fill: color, opacity: 0.15},
      }},
    {name, type: 'line', showSymbol: false, itemStyle: {color}, lineStyle: {color, width: 3}, data: middle},
  ];
}
