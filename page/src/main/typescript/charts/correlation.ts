import type {ParameterEffect, Report} from '../model';
import {axis, frame, type Chart} from './chart';

const significant = (p: number | undefined): string => p !== undefined && p < 0.05 ? '' : ' (could be chance)';

/** Pearson and Spearman of the numbers, correlation ratio of the categories. */
export const correlationBars: Chart = {
  id: 'correlation',
  title: report => `Correlation with ${report.sweep.metric}`,
  description: () => 'Pearson and Spearman of numbers (on a log scale where they span decades), correlation ratio of categories, which has no sign. '
    + 'Over all trials that have a value.',
  applies: report => shown(report).length > 0,
  height: report => 70 + 40 * shown(report).length,
  option: (report, {theme, width}) => {
    const all = shown(report);
    const bar = (name: string, of: (parameter: ParameterEffect) => number | undefined, p: (parameter: ParameterEffect) => number | undefined) => ({
      name, type: 'bar', barWidth: 10, data: all.map(parameter => of(parameter) ?? null),
      label: {show: true, position: 'right', color: theme.text, fontSize: 11,
        formatter: ({dataIndex}: {dataIndex: number}) => of(all[dataIndex])!.toFixed(2) + significant(p(all[dataIndex]))},
    });
    return {
      ...frame(theme),
      legend: {bottom: 0, textStyle: {color: theme.muted}},
      grid: {left: 12, right: 120, top: 8, bottom: 36, containLabel: true},
      xAxis: {...axis(theme), type: 'value', min: -1, max: 1},
      yAxis: {...axis(theme), type: 'category', inverse: true, data: all.map(parameter => parameter.name + (parameter.scale === 'log' ? ' (log)' : '')), axisLabel: {color: theme.text, width: Math.min(210, 0.4 * width), overflow: 'truncate'}},
      series: [
        bar('Pearson', parameter => parameter.correlation.pearson, parameter => parameter.correlation.pearson_p),
        bar('Spearman', parameter => parameter.correlation.spearman, parameter => parameter.correlation.spearman_p),
        bar('correlation ratio', parameter => parameter.correlation.ratio, parameter => parameter.correlation.ratio_p),
      ],
    };
  },
};

const shown = (report: Report): ParameterEffect[] =>
  report.analysis.parameters.filter(({correlation}) => correlation.pearson !== undefined || correlation.ratio !== undefined);
