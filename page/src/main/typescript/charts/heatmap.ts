import {number, value} from '../format';
import {groupOf, isRanked, type Report} from '../model';
import {groupBy, key, levels, mean} from '../stats';
import {axis, frame, type Chart} from './chart';

/** More values than these make no readable map. */
const MAX_LEVELS = 24;

/** Pixels; a narrower map has shorter labels. */
const NARROW = 500;

/** The two parameters of the map: learning rate and batch size where there are such, else those that matter most. */
export function mapAxes(report: Report): [string, string] | undefined {
  const names = report.analysis.parameters
    .filter(parameter => !report.sweep.group_by.includes(parameter.name) && levels(report.sweep.trials, parameter.name).length <= MAX_LEVELS)
    .map(parameter => parameter.name);
  const like = (pattern: RegExp) => names.filter(name => pattern.test(name));
  const byImportance = report.analysis.importance.filter(effect => effect.parameters.length === 1).map(effect => effect.parameters[0]);
  const ranked = [...new Set([...like(/learning.?rate|^lr$/i), ...like(/batch/i), ...byImportance.filter(name => names.includes(name)), ...names])];
  return ranked.length < 2 ? undefined : [ranked[0], ranked[1]];
}

/** The mean metric for each pair of values, one map for each group. */
export const heatmap: Chart = {
  id: 'heat-map',
  title: report => {
    const [x, y] = mapAxes(report)!;
    return `${report.sweep.metric} by ${x} and ${y}`;
  },
  description: report => `Mean ${report.sweep.metric} of the selected trials with each pair of values. A pair of which no trial has a value says why.`,
  parts: report => report.sweep.group_by.length === 0 ? [] : report.analysis.groups.slice(0, 12).map(group => groupOf(report.sweep, group.group)),
  applies: report => mapAxes(report) !== undefined && report.sweep.trials.some(isRanked),
  height: report => 110 + 40 * levels(report.sweep.trials, mapAxes(report)![1]).length,
  option: (report, {theme, selected, part, width}) => {
    const [x, y] = mapAxes(report)!;
    const narrow = width < NARROW;
    const group = part ?? heatmap.parts!(report)[0];
    const members = selected.filter(trial => group === undefined || groupOf(report.sweep, trial.parameters) === group);
    const xs = levels(report.sweep.trials, x);
    const ys = levels(report.sweep.trials, y);
    // Each group's map has the same colours, so that maps can be compared.
    const all = report.sweep.trials.filter(isRanked).map(trial => trial.value!);
    const [low, high] = all.reduce(([least, most], one) => [Math.min(least, one), Math.max(most, one)], [Infinity, -Infinity]);
    // Dark numbers on the light end of the colours.
    const readable = (value: number) => ((value - low) / (high - low) > 0.6) === (report.sweep.goal === 'maximize') ? '#000' : '#fff';
    const cells = [...groupBy(members, trial => `${key(trial.parameters[x])} ${key(trial.parameters[y])}`).values()].map(trials => {
      const values = trials.filter(isRanked).map(trial => trial.value!);
      const at = [xs.findIndex(one => key(one) === key(trials[0].parameters[x])), ys.findIndex(one => key(one) === key(trials[0].parameters[y]))];
      const failed = trials.find(trial => trial.state === 'Failed');
      return {at, mean: values.length > 0 ? mean(values) : undefined, reason: failed === undefined ? '' : failed.reason ?? 'failed'};
    });
    return {
      ...frame(theme),
      grid: {left: 12, right: narrow ? 8 : 100, top: narrow ? 28 : 12, bottom: 44, containLabel: true},
      xAxis: {...axis(theme), type: 'category', name: x, nameLocation: 'middle', nameGap: 28, data: xs.map(value), splitArea: {show: true}},
      yAxis: {...axis(theme), type: 'category', ...(narrow ? {name: y, nameTextStyle: {align: 'left', color: theme.muted}} : {}), data: ys.map(one => narrow ? value(one) : `${y} ${value(one)}`), axisLabel: {color: theme.text, width: 180, overflow: 'truncate'}},
      visualMap: {show: !narrow, type: 'continuous', min: low, max: high, text: [number(high), number(low)], precision: 4, dimension: 2, seriesIndex: 0, inRange: {color: report.sweep.goal === 'maximize' ? theme.scale : [...theme.scale].reverse()},
        right: 0, top: 'middle', itemHeight: 100, textStyle: {color: theme.muted}},
      series: [{
        type: 'heatmap', itemStyle: {borderColor: theme.background, borderWidth: 2}, emphasis: {disabled: true},
        data: cells.flatMap(cell => cell.mean === undefined ? [] : {value: [...cell.at, cell.mean], label: {color: readable(cell.mean)}}),
        label: {show: true, fontSize: narrow ? 11 : 12, formatter: ({value}: {value: number[]}) => narrow ? value[2].toPrecision(3) : number(value[2])},
      }, {
        // A heat map draws nothing where there is not a number.
        type: 'scatter', silent: true, symbolSize: 1, itemStyle: {color: 'transparent'},
        data: cells.flatMap(cell => cell.mean === undefined ? {value: cell.at, reason: cell.reason} : []),
        label: {show: true, position: 'inside', color: theme.muted, formatter: ({data}: {data: {reason: string}}) => data.reason.toLowerCase()},
      }],
    };
  },
};
