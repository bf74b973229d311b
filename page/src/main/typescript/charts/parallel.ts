import {number, value} from '../format';
import {isRanked, type ParameterEffect, type Report, type Trial} from '../model';
import {remembered} from '../remembered';
import {levels} from '../stats';
import {axis, frame, type Chart, type View} from './chart';
import type {Theme} from './theme';

/** More values than these have no label each. */
const LABELLED = 12;

/** More lines than these are a surface, and slow: of more trials the best are drawn, and an even part of the others. */
const LINES = 1000;
const BEST = 250;

/** Pixels beside the outer axes, for their names and the metric's labels. */
const LEFT = 60;
const RIGHT = 90;

/** Names of the axes, the metric last. */
export const dimensions = (report: Report): string[] =>
  [...report.analysis.parameters.map(parameter => parameter.name), report.sweep.metric];

/** A line for each trial through its parameters to its metric. */
export const parallel: Chart = {
  id: 'parallel-coordinates',
  title: () => 'Parallel coordinates',
  description: report =>
    `Each line is a trial, from its hyperparameters on the left to its ${report.sweep.metric} on the right, by which it is coloured. `
    + 'Drag along an axis to select trials, or type into the filter of the table; everything else on the page follows.'
    + (report.sweep.trials.filter(isRanked).length > LINES ? ` Drawn are the ${BEST} best and an even part of the others, ${LINES} in all; a selection takes in every trial.` : ''),
  applies: report => report.analysis.parameters.length > 0 && report.sweep.trials.some(isRanked),
  height: () => 380,
  option: (report, view) => {
    const {theme} = view;
    const ranked = report.sweep.trials.filter(isRanked);
    const lines = drawn(report);
    const names = dimensions(report);
    const metric = ranked.map(trial => trial.value!);
    return {
      ...frame(theme),
      parallel: {left: LEFT, right: RIGHT, top: 40, bottom: 30, parallelAxisDefault: {...axis(theme), axisLabel: {...halo(theme), hideOverlap: true}, nameLocation: 'end', nameGap: 14, areaSelectStyle: {width: 24}}},
      parallelAxis: names.map((name, dim) => {
        const parameter = report.analysis.parameters[dim];
        return {dim, name, ...(parameter ? parameterAxis(parameter, report, theme, labelWidth(view, names.length)) : {type: 'value', scale: true, min: range(metric)[0], max: range(metric)[1], axisLabel: {...halo(theme), hideOverlap: true, formatter: (one: number) => number(one)}})};
      }),
      visualMap: {
        type: 'continuous', dimension: names.length - 1, min: range(metric)[0], max: range(metric)[1],
        inRange: {color: report.sweep.goal === 'maximize' ? theme.scale : [...theme.scale].reverse()},
        right: 0, top: 'middle', itemHeight: 120, textStyle: {color: theme.muted}, calculable: false, precision: 4,
      },
      series: [{
        type: 'parallel', progressive: 0, inactiveOpacity: 0.03, activeOpacity: lines.length > 500 ? 0.5 : 0.9,
        lineStyle: {width: lines.length > 500 ? 1 : 2, opacity: lines.length > 500 ? 0.25 : 0.8},
        emphasis: {disabled: true},
        data: lines.map(trial => ({name: trial.trial, value: row(trial, report)})),
      }],
    };
  },
};

/** The trials that have a line, the best last and so on top. */
const drawn = remembered((report: Report): Trial[] => {
  const ranked = report.sweep.trials.filter(isRanked);
  if (ranked.length <= LINES) return ranked;
  const sign = report.sweep.goal === 'maximize' ? 1 : -1;
  const worstFirst = [...ranked].sort((a, b) => sign * (a.value! - b.value!));
  const others = worstFirst.slice(0, -BEST);
  const kept = LINES - BEST;
  return [...Array.from({length: kept}, (_, index) => others[Math.floor(index * others.length / kept)]), ...worstFirst.slice(-BEST)];
});

/** State of a value on an axis of ECharts: normal if nothing is brushed on the axis. */
export interface BrushedAxis { activeIntervals: unknown[]; getActiveState: (value: number) => 'normal' | 'active' | 'inactive'; }

/** The trials within what is brushed on every axis, whether they are drawn or not; undefined where nothing is brushed. */
export function brushed(report: Report, axes: BrushedAxis[]): Set<string> | undefined {
  const held = axes.map((axis, dim) => ({axis, dim})).filter(({axis}) => axis.activeIntervals.length > 0);
  if (held.length === 0) return undefined;
  const positions = held.map(({dim}) => position(report, dim));
  const ranked = report.sweep.trials.filter(isRanked);
  return new Set(ranked.filter(trial => held.every(({axis}, index) => axis.getActiveState(positions[index](trial)) === 'active')).map(trial => trial.trial));
}

/** Where a trial lies on an axis: a number, or the place of its category. */
function position(report: Report, dim: number): (trial: Trial) => number {
  const parameter = report.analysis.parameters[dim];
  if (parameter === undefined) return trial => trial.value!;
  if (parameter.scale !== 'category') return trial => trial.parameters[parameter.name] as number;
  const places = new Map(levels(report.sweep.trials, parameter.name).map((level, place) => [value(level), place]));
  return trial => places.get(value(trial.parameters[parameter.name]))!;
}

const row = (trial: Trial, report: Report) =>
  [...report.analysis.parameters.map(parameter =>
    parameter.scale === 'category' ? value(trial.parameters[parameter.name]) : trial.parameters[parameter.name]), trial.value!];

function parameterAxis(parameter: ParameterEffect, report: Report, theme: Theme, width: number) {
  const all = levels(report.sweep.trials, parameter.name);
  if (parameter.scale === 'category') {
    return {type: 'category', data: all.map(value), axisLabel: {...halo(theme), width, overflow: 'truncate'}};
  }
  const few = all.length <= LABELLED ? {customValues: all} : {};
  return {
    type: parameter.scale === 'log' ? 'log' : 'value', scale: true,
    min: all[0], max: all[all.length - 1],
    axisTick: few, axisLabel: {...halo(theme), ...few, formatter: (one: number) => value(Number(one.toPrecision(4)))},
  };
}

/** A label stands right of its axis, and ends before the next one. */
const labelWidth = (view: View, axes: number): number => Math.max(60, 0.9 * (view.width - LEFT - RIGHT) / (axes - 1));

/** Labels stand on the lines. */
const halo = (theme: Theme) => ({color: theme.text, textBorderColor: theme.background, textBorderWidth: 3});

/** Smallest and largest, however many there are. */
function range(numbers: number[]): [number, number] {
  return numbers.reduce(([low, high], one) => [Math.min(low, one), Math.max(high, one)], [Infinity, -Infinity] as [number, number]);
}
