/** <sweep-chart>: one chart with its heading, its parts to choose from and its description. */
import type {EChartsType} from 'echarts/core';
import type {Chart, View} from './charts/chart';
import {init} from './charts/echarts';
import {parallel} from './charts/parallel';
import {isRanked, type Report} from './model';

export interface Figure { chart: Chart; report: Report; view: Omit<View, 'width'>; onBrush?: (trials: Set<string> | undefined) => void; }

/** Milliseconds after which a chart is drawn even if the page is busy. */
const IDLE = 1000;

export class ChartElement extends HTMLElement {
  private drawing?: EChartsType;
  private drawn?: Figure;
  private scheduled = false;
  private figure_?: Figure;
  private inSight = true;
  private readonly sight = new IntersectionObserver(entries => { this.inSight = entries[entries.length - 1].isIntersecting; });
  private readonly resized = new ResizeObserver(() => this.draw(true));

  set figure(figure: Figure) {
    this.figure_ = figure;
    if (this.scheduled) return;
    this.scheduled = true;
    const draw = () => { this.scheduled = false; this.draw(false); };
    // While the reader brushes, what is in sight comes first; each of the others is drawn when there is time.
    if (this.inSight || this.drawing === undefined) requestAnimationFrame(draw); else requestIdleCallback(draw, {timeout: IDLE});
  }

  connectedCallback(): void {
    this.resized.observe(this);
    this.sight.observe(this);
  }

  disconnectedCallback(): void {
    this.resized.disconnect();
    this.sight.disconnect();
    this.drawing?.dispose();
    this.drawing = undefined;
    this.drawn = undefined;
  }

  private draw(resize: boolean): void {
    const figure = this.figure_;
    if (!figure || !this.isConnected || this.clientWidth === 0 || (!resize && same(figure, this.drawn))) return;
    const view: View = {...figure.view, width: this.clientWidth};
    const height = figure.chart.height(figure.report, view);
    this.style.height = `${height}px`;
    if (!this.drawing) {
      this.drawing = init(this, null, {renderer: 'canvas', width: view.width, height});
      if (figure.chart === parallel) this.listenToBrush(this.drawing);
    } else if (resize || this.drawing.getHeight() !== height) {
      this.drawing.resize({width: view.width, height});
    }
    // A new option would take the brush away that is being drawn; the lines of a selection are marked by the chart itself.
    const onlySelection = this.drawn !== undefined && figure.chart === parallel && figure.report === this.drawn.report && figure.view.theme === this.drawn.view.theme;
    if (!onlySelection || resize) this.drawing.setOption(figure.chart.option(figure.report, view), {notMerge: true});
    this.drawn = figure;
  }

  private listenToBrush(drawing: EChartsType): void {
    drawing.on('axisareaselected', () => {
      // Not in its declarations, and documented for this event: https://echarts.apache.org/en/api.html#events.axisareaselected
      const series = (drawing as any).getModel().getSeries()[0];
      const ranked = this.figure_!.report.sweep.trials.filter(isRanked);
      const active: number[] = series.getRawIndicesByActiveState('active');
      const nothingBrushed = active.length === 0 && series.getRawIndicesByActiveState('normal').length === ranked.length;
      this.figure_!.onBrush?.(nothingBrushed || active.length === ranked.length ? undefined : new Set(active.map(index => ranked[index].trial)));
    });
  }
}

const same = (a: Figure, b: Figure | undefined): boolean =>
  b !== undefined && a.chart === b.chart && a.report === b.report && a.view.selected === b.view.selected
  && a.view.part === b.view.part && a.view.theme === b.view.theme;

customElements.define('sweep-chart', ChartElement);
