import {value} from '../format';
import {isRanked, type ParameterEffect, type Report, type Trial} from '../model';
import {levels} from '../stats';
import {axis, frame, type Chart} from './chart';
import type {Theme} from './theme';

/** More values than these have no label each. */
const LABELLED = 12;

/** Names of the axes, the metric last. */
export const dimensions = (report: Report): string[] =>
  [...report.analysis.parameters.map(parameter => parameter.name), report.sweep.metric];

/** A line for each trial through its parameters to its metric. Lines follow the order of the ranked trials. */
export const parallel: Chart = {
  id: 'parallel-coordinates',
  title: () => 'Parallel coordinates',
  description: report =>
    `Each line is a trial, from its hyperparameters on the left to its ${report.sweep.metric} on the right, by which it is coloured. `
    + 'Drag along an axis to select trials; everything else on the page follows.',
  applies: report => report.analysis.parameters.length > 0 && report.sweep.trials.some(isRanked),
  height: () => 380,
  option: (report, view) => {
    const {theme} = view;
    const ranked = report.sweep.trials.filter(isRanked);
    const names = dimensions(report);
    const metric = ranked.map(trial => trial.value!);
    return {
      ...frame(theme),
      parallel: {left: 60, right: 90, top: 40, bottom: 30, parallelAxisDefault: {...axis(theme), axisLabel: {...halo(theme), hideOverlap: true}, nameLocation: 'end', nameGap: 14, areaSelectStyle: {width: 24}}},
      parallelAxis: names.map((name, dim) => {
        const parameter = report.analysis.parameters[dim];
        return {dim, name, ...(parameter ? parameterAxis(parameter, ranked, theme) : {type: 'value', scale: true})};
      }),
      visualMap: {
        type: 'continuous', dimension: names.length - 1, min: range(metric)[0], max: range(metric)[1],
        inRange: {color: report.sweep.goal === 'maximize' ? theme.scale : [...theme.scale].reverse()},
        right: 0, top: 'middle', itemHeight: 120, textStyle: {color: theme.muted}, calculable: false, precision: 4,
      },
      series: [{
        type: 'parallel', progressive: 500, inactiveOpacity: 0.03, activeOpacity: ranked.length > 500 ? 0.5 : 0.9,
        lineStyle: {width: ranked.length > 500 ? 1 : 2, opacity: ranked.length > 500 ? 0.25 : 0.8},
        emphasis: {disabled: true},
        data: ranked.map(trial => ({name: trial.trial, value: row(trial, report)})),
      }],
    };
  },
};

const row = (trial: Trial, report: Report) =>
  [...report.analysis.parameters.map(parameter =>
    parameter.scale === 'category' ? value(trial.parameters[parameter.name]) : trial.parameters[parameter.name]), trial.value!];

function parameterAxis(parameter: ParameterEffect, ranked: Trial[], theme: Theme) {
  const all = levels(ranked, parameter.name);
  if (parameter.scale === 'category') {
    return {type: 'category', data: all.map(value), axisLabel: {...halo(theme), formatter: (text: string) => text.length > 18 ? `${text.slice(0, 17)}…` : text}};
  }
  const few = all.length <= LABELLED ? {customValues: all} : {};
  return {
    type: parameter.scale === 'log' ? 'log' : 'value', scale: true,
    min: all[0], max: all[all.length - 1],
    axisTick: few, axisLabel: {...halo(theme), ...few, formatter: (number: number) => value(Number(number.toPrecision(4)))},
  };
}

/** Labels stand on the lines. */
const halo = (theme: Theme) => ({color: theme.text, textBorderColor: theme.background, textBorderWidth: 3});

/** Smallest and largest, however many there are. */
function range(numbers: number[]): [number, number] {
  return numbers.reduce(([low, high], one) => [Math.min(low, one), Math.max(high, one)], [Infinity, -Infinity] as [number, number]);
}
