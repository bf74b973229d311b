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

/** Safari has no idle callbacks. */
const whenIdle = (task: () => void): unknown =>
  'requestIdleCallback' in window ? requestIdleCallback(task, {timeout: IDLE}) : setTimeout(task, IDLE / 10);

export class ChartElement extends HTMLElement {
  private drawing?: EChartsType;
  private drawn?: Figure;
  private figure_?: Figure;
  /** Brushed ranges by axis. */
  private intervals: unknown[][] = [];
  /** Undefined until the browser has looked. */
  private inSight?: boolean;
  private scheduled: 'not' | 'now' | 'when idle' = 'not';
  private readonly sight = new IntersectionObserver(entries => {
    this.inSight = entries[entries.length - 1].isIntersecting;
    this.schedule();
  }, {rootMargin: '200px'});
  private readonly resized = new ResizeObserver(() => this.drawing !== undefined && this.draw(true));

  set figure(figure: Figure) {
    this.figure_ = figure;
    if (this.isConnected) this.reserve();
    this.schedule();
  }

  connectedCallback(): void {
    this.reserve();
    this.resized.observe(this);
    this.sight.observe(this);
  }

  disconnectedCallback(): void {
    this.resized.disconnect();
    this.sight.disconnect();
    this.drawing?.dispose();
    this.drawing = undefined;
    this.drawn = undefined;
    this.inSight = undefined;
  }

  /** The place of a chart that is not drawn yet. */
  private reserve(): void {
    const figure = this.figure_;
    if (figure !== undefined && this.drawing === undefined) this.style.height = `${figure.chart.height(figure.report, {...figure.view, width: this.clientWidth})}px`;
  }

  /** Draws visible figures first, and the others when the browser is idle. */
  private schedule(): void {
    if (this.inSight === undefined || this.scheduled === 'now') return;
    if (this.inSight) {
      this.scheduled = 'now';
      requestAnimationFrame(() => this.drawScheduled('now'));
    } else if (this.scheduled === 'not') {
      this.scheduled = 'when idle';
      whenIdle(() => this.drawScheduled('when idle'));
    }
  }

  private drawScheduled(when: 'now' | 'when idle'): void {
    if (this.scheduled !== when) return;
    this.scheduled = 'not';
    this.draw(false);
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

  /** Keeps the selection when trials are added. */
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
