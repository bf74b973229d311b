/** The definition of a chart, which the page, the report and the pictures draw. */
import type {EChartsCoreOption} from 'echarts/core';
import type {Report, Trial} from '../model';
import type {Theme} from './theme';

export interface View {
  theme: Theme;
  width: number;
  /** The trials that are looked at; all of them where nothing is selected. */
  selected: Trial[];
  /** The part that a chart with several parts shows, e.g. the heat map of a group. */
  part?: string;
  now: number;
}

export interface Chart {
  id: string;
  title: (report: Report) => string;
  /** One sentence for those who do not see it, and for those who wonder what it is. */
  description: (report: Report, view: View) => string;
  /** The parts that it can show; empty if there is only one. */
  parts?: (report: Report) => string[];
  /** Whether there is anything to show. */
  applies: (report: Report) => boolean;
  height: (report: Report, view: View) => number;
  option: (report: Report, view: View) => EChartsCoreOption;
}

/** Options that all charts share. */
export const frame = (theme: Theme): EChartsCoreOption => ({
  animation: false,
  backgroundColor: 'transparent',
  textStyle: {color: theme.text, fontFamily: 'DejaVu Sans, system-ui, sans-serif', fontSize: 12},
  color: theme.series,
  // Drawn on the canvas: a strict Content-Security-Policy allows no style attributes.
  tooltip: {
    renderMode: 'richText', confine: true,
    backgroundColor: theme.background, borderColor: theme.line, textStyle: {color: theme.text, fontSize: 12},
  },
});

export const axis = (theme: Theme) => ({
  axisLine: {show: true, lineStyle: {color: theme.line}},
  axisTick: {lineStyle: {color: theme.line}},
  axisLabel: {color: theme.muted, hideOverlap: true},
  nameTextStyle: {color: theme.text},
  splitLine: {lineStyle: {color: theme.line, opacity: 0.5}},
});
