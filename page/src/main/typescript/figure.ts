/** <sweep-chart>: one chart with its heading, its parts to choose from and its description. */
import type {EChartsType} from 'echarts/core';
import type {Chart, View} from './charts/chart';
import {init} from './charts/echarts';
import {brushed, parallel, type BrushedAxis} from './charts/parallel';
import type {Report} from './model';

/** `brushed`: whether the reader has selected trials in this chart. */
export interface Figure { chart: Chart; report: Report; view: Omit<View, 'width'>; brushed?: boolean; onBrush?: (trials: Set<string> | undefined) => void; }

/** Milliseconds after which a chart is drawn even if the page is busy. */
const IDLE = 1000;

export class ChartElement extends HTMLElement {
  private drawing?: EChartsType;
  private drawn?: Figure;
  private scheduled = false;
  private figure_?: Figure;
  private inSight = true;
  /** What is brushed, by axis. */
  private intervals: unknown[][] = [];
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
    const sameLines = this.drawn !== undefined && figure.chart === parallel && figure.report === this.drawn.report && figure.view.theme === this.drawn.view.theme;
    const released = this.drawn?.brushed === true && !figure.brushed;
    // The lines of a selection are marked by the chart itself, and a new option takes the brush away.
    if (!sameLines || released || resize) {
      this.drawing.setOption(figure.chart.option(figure.report, view), {notMerge: true});
      if (released) this.intervals = [];
      this.brushAgain(this.drawing);
    }
    this.drawn = figure;
  }

  private listenToBrush(drawing: EChartsType): void {
    let waiting = false;
    drawing.on('axisareaselected', () => {
      // A mouse moves more often than a page is drawn.
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        const axes: BrushedAxis[] = [];
        // Not in its declarations, and documented for this event: https://echarts.apache.org/en/api.html#events.axisareaselected
        (drawing as any).getModel()?.eachComponent('parallelAxis', (axis: BrushedAxis) => axes.push(axis));
        this.intervals = axes.map(axis => [...axis.activeIntervals]);
        this.figure_!.onBrush?.(brushed(this.figure_!.report, axes));
      });
    });
  }

  /** What the reader has selected stays selected when trials are added. */
  private brushAgain(drawing: EChartsType): void {
    this.intervals.forEach((intervals, parallelAxisIndex) => {
      if (intervals.length > 0) drawing.dispatchAction({type: 'axisAreaSelect', parallelAxisIndex, intervals});
    });
  }
}

const same = (a: Figure, b: Figure | undefined): boolean =>
  b !== undefined && a.chart === b.chart && a.report === b.report && a.view.selected === b.view.selected
  && a.view.part === b.view.part && a.view.theme === b.view.theme && a.brushed === b.brushed;

customElements.define('sweep-chart', ChartElement);
