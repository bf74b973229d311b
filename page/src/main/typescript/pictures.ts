/** The charts as SVG, for a JavaScript engine without a browser; the functions are called from Java (dev.sweeps.cli.Pictures). */
import {CHARTS} from './charts';
import type {View} from './charts/chart';
import {init} from './charts/echarts';
import {LIGHT} from './charts/theme';
import type {Report} from './model';

/** Characters that XML has no place for, and a name may have. */
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export interface Picture { id: string; title: string; description: string; svg: string; }

/** Every chart that applies, those with parts once for each part. */
export function draw(json: string, width: number): Picture[] {
  const report = JSON.parse(json) as Report;
  return CHARTS.filter(chart => chart.applies(report)).flatMap(chart => {
    const parts = chart.parts?.(report) ?? [];
    return (parts.length === 0 ? [undefined] : parts).map((part, index) => {
      const view: View = {theme: LIGHT, width, selected: report.sweep.trials, part, now: Date.parse(report.sweep.ended ?? '') || Date.now()};
      const drawing = init(null, null, {renderer: 'svg', ssr: true, width, height: chart.height(report, view)});
      drawing.setOption({...chart.option(report, view), backgroundColor: LIGHT.background});
      // Its style sheet is for a mouse only, and not always one that others can read.
      const svg = drawing.renderToSVGString().replace(/<style[\s\S]*?<\/style>/g, '').replace(NOT_XML, '');
      drawing.dispose();
      return {
        id: index === 0 ? chart.id : `${chart.id}-${index + 1}`,
        title: chart.title(report) + (part === undefined ? '' : `: ${part}`),
        description: chart.description(report, view),
        svg,
      };
    });
  });
}
