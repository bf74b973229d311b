import {number, value} from '../format';
import {groupOf, isRanked, type ParameterEffect, type Report, type Trial} from '../model';
import {groupBy, key, levels, mean} from '../stats';
import {axis, frame, type Chart} from './chart';

/** Maximum number of values with a line of means; with more, the line is a zigzag. */
const LEVELS = 20;

/** The metric of each trial over one parameter, with the mean of each value. */
export const slices: Chart = {
  id: 'slices',
  title: report => `${report.sweep.metric} by one hyperparameter`,
  description: report => `Each dot is a selected trial; the line joins the means of the values${report.sweep.group_by.length > 0 ? ` for each ${report.sweep.group_by.join(', ')}` : ''}.`,
  parts: report => report.analysis.parameters.filter(({name}) => !report.sweep.group_by.includes(name)).map(({name}) => name),
  applies: report => slices.parts!(report).length > 0 && report.sweep.trials.some(isRanked),
  height: () => 320,
  option: (report, {theme, selected, part}) => {
    const name = part ?? slices.parts!(report)[0];
    const parameter = report.analysis.parameters.find(one => one.name === name)!;
    const few = levels(report.sweep.trials, name).length <= LEVELS;
    const ends = range(report, parameter);
    const groups = [...groupBy(selected.filter(isRanked), trial => groupOf(report.sweep, trial.parameters))].slice(0, theme.series.length);
    return {
      ...frame(theme),
      legend: {show: groups.length > 1, bottom: 0, textStyle: {color: theme.text}},
      grid: {left: 12, right: 24, top: 16, bottom: 60, containLabel: true},
      xAxis: {...axis(theme), ...xAxis(report, parameter, theme.muted), name, nameLocation: 'middle', nameGap: 26},
      yAxis: {...axis(theme), type: 'value', scale: true},
      series: groups.flatMap(([group, members], index) => {
        const color = theme.series[index];
        return [
          {name: group, type: 'scatter', symbolSize: members.length > 1000 ? 4 : 8, itemStyle: {color, opacity: 0.6}, large: members.length > 2000,
            data: members.map(trial => ({name: trial.trial, value: [beside(trial, parameter, few ? index - (groups.length - 1) / 2 : 0, ends), trial.value!], at: value(trial.parameters[name])})),
            tooltip: {formatter: ({data}: {data: {name: string; value: [number, number]; at: string}}) => `${data.name}\n${name} ${data.at}: ${number(data.value[1])}`}},
          ...means(group, members, parameter, color),
        ];
      }),
    };
  },
};

/** A share of the axis by which groups stand side by side, where they have the same few values. */
const STEP = 0.006;

/** The place of a trial, some steps aside. */
function beside(trial: Trial, parameter: ParameterEffect, steps: number, [low, high]: [number, number]): number | string {
  const at = trial.parameters[parameter.name];
  if (parameter.scale === 'category') return value(at);
  return parameter.scale === 'log' ? (at as number) * (high / low) ** (STEP * steps) : (at as number) + (high - low) * STEP * steps;
}

/** Smallest and largest value. */
function range(report: Report, parameter: ParameterEffect): [number, number] {
  const all = levels(report.sweep.trials, parameter.name);
  return [all[0] as number, all[all.length - 1] as number];
}

function xAxis(report: Report, parameter: ParameterEffect, color: string) {
  const all = levels(report.sweep.trials, parameter.name);
  if (parameter.scale === 'category') return {type: 'category', data: all.map(value)};
  const few = all.length <= 12 ? {customValues: all} : {};
  const [low, high] = range(report, parameter);
  const ends = parameter.scale === 'log' ? {min: low / 1.2, max: high * 1.2} : {min: low - 0.04 * (high - low), max: high + 0.04 * (high - low)};
  return {type: parameter.scale === 'log' ? 'log' : 'value', ...ends, axisTick: few, axisLabel: {color, ...few, formatter: (one: number) => value(Number(one.toPrecision(4)))}};
}

/** The mean at each value; none of many. */
function means(group: string, members: Trial[], parameter: ParameterEffect, color: string) {
  const all = levels(members, parameter.name);
  if (all.length > LEVELS) return [];
  const byValue = groupBy(members, trial => key(trial.parameters[parameter.name]));
  return [{
    name: group, type: 'line', symbol: 'diamond', symbolSize: 10, itemStyle: {color}, lineStyle: {color, width: 2}, silent: true,
    data: all.map(one => [parameter.scale === 'category' ? value(one) : one, mean(byValue.get(key(one))!.map(trial => trial.value!))]),
  }];
}
